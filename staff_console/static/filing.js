// The citizen's signature on the clerk's pad; it leaves the page only with its form.
const canvas = document.querySelector("#pad");
if (canvas && window.SignaturePad) {
  const pad = new SignaturePad(canvas, { minWidth: 1.5, maxWidth: 4, penColor: "#10203a" });
  const form = canvas.closest("form");
  form.querySelector("[data-clear]").addEventListener("click", () => pad.clear());
  form.addEventListener("submit", () => {
    form.drawn.value = pad.isEmpty() ? "" : pad.toDataURL("image/png");
  });
}
