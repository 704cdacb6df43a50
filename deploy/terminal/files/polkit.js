// The terminal's program may begin its screen anew and restart the machine, on the server's signed command; nothing else.
polkit.addRule(function (action, subject) {
  if (subject.user !== "onething-terminal") return polkit.Result.NOT_HANDLED;
  if (action.id === "org.freedesktop.systemd1.manage-units") {
    var isOurs = action.lookup("unit") === "onething-screen.service" && action.lookup("verb") === "restart";
    return isOurs ? polkit.Result.YES : polkit.Result.NO;
  }
  var reboots = ["org.freedesktop.login1.reboot", "org.freedesktop.login1.reboot-multiple-sessions"];
  return reboots.indexOf(action.id) >= 0 ? polkit.Result.YES : polkit.Result.NO;
});
