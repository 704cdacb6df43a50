/* The technician's pages: a keypad for codes, and a sentence to hear. Everything else is plain forms. */
"use strict";

document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-letter]");
  if (key) {
    const box = key.closest("form").querySelector("[name=code]");
    box.value = key.dataset.letter ? (box.value + key.dataset.letter).slice(0, box.maxLength) : box.value.slice(0, -1);
  }
  if (event.target.closest("[data-speak]")) new Audio("/technician/speaker.wav").play();
});
if (document.querySelector("[data-check-words]")) setTimeout(() => location.replace("/"), 20000);
document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll("button[type=submit]")) button.disabled = true;
});
document.addEventListener("contextmenu", (event) => event.preventDefault());
