// Signing with a finger; the drawing leaves this page only with its form.
"use strict";
(() => {
  const form = document.getElementById("sign"), box = form && form.querySelector(".pad");
  if (!box || !window.SignaturePad) return;
  const canvas = box.querySelector("canvas"), said = box.querySelector("[data-said]");
  box.hidden = false;
  form.querySelector("[data-paper]").open = false;
  const pad = new SignaturePad(canvas, { minWidth: 1.4, maxWidth: 3.6, penColor: "#10203a" });

  // As many dots as the screen has; a phone that is turned keeps what was written.
  function fit() {
    const kept = pad.toData(), dots = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = canvas.offsetWidth * dots;
    canvas.height = canvas.offsetHeight * dots;
    canvas.getContext("2d").scale(dots, dots);
    pad.clear();
    pad.fromData(kept);
  }

  addEventListener("resize", fit);
  fit();
  box.querySelector("[data-clear]").addEventListener("click", () => pad.clear());
  pad.addEventListener("beginStroke", () => { said.textContent = ""; });
  form.addEventListener("submit", (event) => {
    if (form.photograph.value) return;
    if (!pad.isEmpty()) form.drawn.value = pad.toDataURL("image/png");
    else {
      event.preventDefault();
      said.textContent = form.dataset.empty;
    }
  });
})();
