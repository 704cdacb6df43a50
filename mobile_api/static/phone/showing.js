// A code that is shown: counts down, and takes a new one before the old one is too old. Without this the
// page's own button takes a new one.
(() => {
  "use strict";
  const box = document.getElementById("showing"), code = document.getElementById("code"), left = document.getElementById("left");
  const lasts = Number(box.dataset.seconds), early = 10;
  let until = Date.now() + lasts * 1000, asking = false;

  const renew = async () => {
    asking = true;
    try {
      const answer = await fetch(box.dataset.again, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(8000) });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("code");
      if (answer.ok && fresh) {
        code.replaceChildren(...fresh.childNodes);
        until = Date.now() + lasts * 1000;
      }
    } catch { /* the line is bad: the next second tries again */ } finally { asking = false; }
  };
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000) - early);
    const over = Date.now() >= until;
    box.classList.toggle("over", over);
    left.textContent = over ? left.dataset.over : left.dataset.left.replace("#", seconds);
    if (seconds === 0 && !asking && document.visibilityState === "visible") renew();
  };
  left.setAttribute("aria-live", "off");
  tick();
  setInterval(tick, 1000);
})();
