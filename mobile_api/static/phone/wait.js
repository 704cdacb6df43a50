// A button whose act takes seconds says so, and is not pressed twice.
"use strict";
for (const button of document.querySelectorAll("[data-wait]")) {
  button.form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-busy")) { event.preventDefault(); return; }
    button.setAttribute("aria-busy", "true");
    button.textContent = button.dataset.wait;
  });
}
