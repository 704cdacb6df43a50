// Small comforts; every page works without them.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && button.dataset.sure && !window.confirm(button.dataset.sure)) {
    event.preventDefault();
    return;
  }
  // A second click on the way would only be told that the form was sent already.
  const form = event.target;
  if (form.method === "post") {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  }
});
// A page that comes back from the browser's memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
// One open panel at a time, closed by Escape.
document.addEventListener("toggle", (event) => {
  if (!event.target.open || !event.target.matches("details.dialog, details.menu")) return;
  for (const other of document.querySelectorAll("details.dialog[open], details.menu[open]")) {
    if (other !== event.target && !other.contains(event.target)) other.open = false;
  }
  const first = event.target.querySelector(".panel input:not([type=hidden]), .panel textarea, .panel select");
  if (first) first.focus();
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const open of document.querySelectorAll("details.dialog[open], details.menu[open]")) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
document.addEventListener("change", (event) => {
  const all = event.target;
  if (!all.matches("input[data-all]")) return;
  for (const one of document.querySelectorAll(`input[name="${all.dataset.all}"]`)) one.checked = all.checked;
});
const wrong = document.querySelector("[aria-invalid=true]") || document.querySelector("main .said.problem a");
if (wrong) wrong.focus();
