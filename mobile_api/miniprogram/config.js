// What a county sets before it uploads; docs/miniprogram.md says where each comes from. No secret belongs
// here.
module.exports = {
  // Where the server is: registered as a request, upload and download domain at the platform.
  server: "https://onething.invalid",
};
