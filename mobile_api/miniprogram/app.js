// One thing, done once, on a phone: what begins with the app and goes on under every page.
const unsent = require("./door/unsent");

App({
  onLaunch() {
    // What could not be sent the last time is tried again, now and whenever the line is back.
    unsent.retryAll();
    wx.onNetworkStatusChange(({ isConnected }) => {
      if (isConnected) unsent.retryAll();
    });
  },
});
