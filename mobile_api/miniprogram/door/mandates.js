// Acting for another: what I let others do, what others let me do.
const api = require("./api");

module.exports = {
  list: () => api.get("/mandates"),
  things: () => api.get("/mandates/things"),
  grant: (mandate, key) => api.post("/mandates", mandate, { key }),
  // A code for a clerk, said this once.
  grantHelp: (help, key) => api.post("/mandates/help", help, { key }),
  revoke: (mandate) => api.post(`/mandates/${mandate}/revocation`),
};
