/* What the page does by itself: it shows what the stream sends, keeps the present field in sight,
   takes the signature, and drops everything when a sitting ends. */
"use strict";

const kiosk = {
  sitting: null,
  screen: null,
  keyboard: null,
  pad: null,
  lastTyped: 0,

  act(name, values = {}) {
    return fetch(`/acts/${name}`, { method: "POST", body: new URLSearchParams(values) });
  },

  typing() {
    const now = performance.now();
    if (now - this.lastTyped < 3000) return;
    this.lastTyped = now;
    this.act("typing");
  },

  settle() {
    const mode = document.querySelector("#mode > i");
    if (!mode) return;
    this.dress(mode.dataset);
    if (this.sitting !== null && this.sitting !== mode.dataset.sitting) return this.wipe();
    this.sitting = mode.dataset.sitting;
    if (this.screen !== mode.dataset.screen) this.enter(mode.dataset.screen);
    this.openKeyboard();
    this.openPad();
    this.showHere(document.querySelector("[data-here]"));
    const dialog = document.querySelector("#over [role=alertdialog]");
    if (dialog && !dialog.contains(document.activeElement)) dialog.querySelector("button.first, button")?.focus();
  },

  dress(data) {
    const page = document.documentElement;
    page.lang = data.language === "zh" ? "zh-CN" : "en";
    page.classList.toggle("elder", data.elder === "yes");
    page.classList.toggle("lowered", data.lowered === "yes");
  },

  enter(screen) {
    this.screen = screen;
    const main = document.querySelector("#screen");
    main.scrollTo({ top: 0, behavior: "instant" });
    main.querySelector("h1")?.focus({ preventScroll: true });
  },

  showHere(field) {
    const fact = field?.dataset.fact;
    if (field && this.here !== fact) field.scrollIntoView({ block: "center" });
    this.here = fact;
  },

  openKeyboard() {
    const box = document.querySelector("#keyboard .typing");
    const keys = box?.querySelector(".keys");
    if (!keys) { this.keyboard = null; return; }
    if (this.keyboard?.words.fact === box.dataset.fact && keys.childElementCount) return;
    keys.replaceChildren();
    this.keyboard = new Keyboard(box);
  },

  openPad() {
    const canvas = document.querySelector("#signature");
    if (!canvas) { this.pad = null; return; }
    if (this.pad?.canvas === canvas) return;
    this.pad = new SignaturePad(canvas, { minWidth: 2.5, maxWidth: 6, penColor: "#10203a" });
    this.pad.addEventListener("endStroke", () => this.typing());
  },

  takeSignature(form) {
    const canvas = this.pad.canvas;
    form.image.value = this.pad.isEmpty() ? "" : this.pad.toDataURL("image/png");
    form.width.value = canvas.width;
    form.height.value = canvas.height;
  },

  async wipe() {
    document.body.replaceChildren();
    try { await fetch("/wiped", { method: "POST" }); } finally { location.replace("/"); }
  },
};

/* The program that made this page may have ended, and with it the sitting: nothing of it stays on the screen,
   and the page is taken anew as soon as there is a program again. */
const program = {
  run: null,
  isLooking: false,

  async ask() {
    try { return (await (await fetch("/program", { cache: "no-store" })).json()).run; } catch { return null; }
  },

  async lookAgain() {
    if (this.isLooking) return;
    this.isLooking = true;
    for (let run = await this.ask(); run !== this.run; run = await this.ask()) {
      document.body.replaceChildren();
      if (run !== null) return location.replace("/");
      await new Promise((done) => setTimeout(done, 500));
    }
    this.isLooking = false;
  },
};
program.ask().then((run) => { program.run = run; });
document.addEventListener("htmx:sse:before:connection", (event) => { if (event.detail.connection.attempt > 0) program.lookAgain(); });
document.addEventListener("htmx:sse:error", () => program.lookAgain());

document.addEventListener("htmx:sse:after:message", () => kiosk.settle());
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-clear-signature]")) { kiosk.pad?.clear(); kiosk.typing(); }
  const take = event.target.closest("[data-take-signature]");
  if (take && kiosk.pad) kiosk.takeSignature(take.form);
}, true);
for (const touch of ["pointerdown", "touchmove", "wheel"]) {
  document.addEventListener(touch, (event) => { if (!event.target.closest("#over")) kiosk.typing(); }, { capture: true, passive: true });
}
// the technician's way in: the seal, touched five times within four seconds while nobody is being served
document.addEventListener("click", (event) => {
  if (!event.target.closest("#bar .seal") || !["idle", "offline", "closed"].includes(kiosk.screen)) return;
  const now = performance.now();
  kiosk.knocks = [...(kiosk.knocks ?? []), now].filter((at) => now - at < 4000);
  if (kiosk.knocks.length >= 5) location.assign("/technician/");
});
document.addEventListener("contextmenu", (event) => event.preventDefault());
