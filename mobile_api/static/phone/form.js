// Saves each field as it is typed. What the server has not confirmed stays in this browser, and nowhere longer.
"use strict";
(() => {
  const form = document.getElementById("form");
  const line = document.getElementById("kept");
  if (!form || !line || !window.fetch) return;
  const words = JSON.parse(form.dataset.words);
  const KEY = `unsaved ${form.dataset.draft}`;
  const SOON = 900, LATE = 30000, PATIENCE = 25000;
  // Fact to {v: what was typed, w: what the draft held when it was}.
  let unsaved = read();
  // Values that the server has refused: not sent again until they change.
  const refused = {};
  let timer = 0, wait = 2000, sending = null, composing = false, isStale = false, goesOn = false;

  function read() {
    try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch { return {}; }
  }

  function keep() {
    try {
      if (Object.keys(unsaved).length) localStorage.setItem(KEY, JSON.stringify(unsaved));
      else localStorage.removeItem(KEY);
    } catch { /* a browser without storage: the page itself still holds it */ }
  }

  const named = (name) => form.elements.namedItem(name);
  const held = (fact) => named(`w:${fact}`);
  const blockOf = (fact) => form.querySelector(`[data-fact="${CSS.escape(fact)}"]`);

  function put(fact, value) {
    const input = named(`v:${fact}`);
    if (input && input.value !== value) input.value = value;
  }

  function tell(kind, text, address) {
    line.className = `kept ${kind}`;
    line.textContent = text;
    if (!address) return;
    const link = document.createElement("a");
    link.href = address;
    link.textContent = words.sign_in;
    line.append(" ", link);
  }

  function mark(fact, text) {
    const block = blockOf(fact), said = document.getElementById(`${fact}-error`), input = named(`v:${fact}`);
    if (!block || !said) return;
    block.classList.toggle("wrong", Boolean(text));
    said.textContent = text || "";
    const control = input instanceof RadioNodeList ? document.getElementById(fact) : input;
    if (!control) return;
    if (text) { control.setAttribute("aria-invalid", "true"); } else { control.removeAttribute("aria-invalid"); }
  }

  function noted(target) {
    if (!target.name || !target.name.startsWith("v:")) return;
    const fact = target.name.slice(2), was = held(fact) ? held(fact).value : "";
    const value = named(target.name).value;
    if (value === was) delete unsaved[fact];
    else unsaved[fact] = { v: value, w: unsaved[fact] ? unsaved[fact].w : was };
    keep();
    const block = blockOf(fact);
    if (block) block.classList.toggle("unsaved", fact in unsaved);
  }

  const due = () => Object.keys(unsaved).filter((fact) => refused[fact] !== unsaved[fact].v);

  function later(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  }

  // One request at a time: an older value never comes after a newer one. Resolves to whether all is saved.
  function send() {
    clearTimeout(timer);
    if (sending) return sending.then(send);
    if (!due().length) return Promise.resolve(!Object.keys(unsaved).length);
    sending = exchange().finally(() => { sending = null; });
    return sending.then((good) => good && due().length ? send() : good && !Object.keys(unsaved).length);
  }

  async function exchange() {
    const sent = {}, body = new URLSearchParams({ version: named("version").value });
    for (const fact of due()) {
      sent[fact] = unsaved[fact].v;
      body.set(`v:${fact}`, unsaved[fact].v);
      body.set(`w:${fact}`, unsaved[fact].w);
    }
    tell("", words.saving);
    const ended = new AbortController();
    const clock = setTimeout(() => ended.abort(), PATIENCE);
    try {
      const answer = await fetch(form.action, {
        method: "POST", body, signal: ended.signal, credentials: "same-origin", redirect: "error",
        headers: { Accept: "application/json" },
      });
      const said = await answer.json();
      if (answer.ok) return taken(sent, said);
      if (answer.status === 401) { tell("unsaved", words.ended, form.dataset.signIn); return false; }
      if (answer.status < 500 && answer.status !== 429 && answer.status !== 408) {
        tell("unsaved", words.in === "en" ? said.title_en : said.title_zh);
        return false;
      }
      throw new Error(String(answer.status));
    } catch {
      tell("unsaved", words.unsaved);
      later(wait);
      wait = Math.min(wait * 2, LATE);
      return false;
    } finally {
      clearTimeout(clock);
    }
  }

  function taken(sent, said) {
    wait = 2000;
    named("version").value = said.version;
    for (const [fact, value] of Object.entries(sent)) {
      const error = said.errors[fact];
      if (held(fact)) held(fact).value = said.held[fact];
      mark(fact, error && error[words.in]);
      if (error) refused[fact] = value;
      if (!error && unsaved[fact] && unsaved[fact].v === value) delete unsaved[fact];
      else if (!error && unsaved[fact]) unsaved[fact].w = said.held[fact];
      const block = blockOf(fact);
      if (block) block.classList.toggle("unsaved", fact in unsaved);
    }
    keep();
    if (Object.keys(said.errors).length) tell("unsaved", words.wrong);
    else if (!Object.keys(unsaved).length) tell("saved", words.saved);
    isStale = said.shape !== form.dataset.shape;
    if (isStale && !composing) renew();
    return true;
  }

  // Other fields are asked now: the sections come anew, and whoever is typing goes on typing.
  async function renew() {
    try {
      const answer = await fetch(location.pathname, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok || composing) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const sections = fresh.getElementById("sections");
      if (!sections || composing) return;
      const active = document.activeElement, id = active && form.contains(active) ? active.id : "";
      const at = id && "selectionStart" in active ? active.selectionStart : null;
      const open = [...form.querySelectorAll("section > details[open]")].map((each) => each.parentNode.id);
      document.getElementById("sections").replaceChildren(...sections.childNodes);
      for (const each of open) {
        const details = form.querySelector(`#${CSS.escape(each)} > details`);
        if (details) details.open = true;
      }
      form.dataset.shape = fresh.getElementById("form").dataset.shape;
      named("version").value = fresh.querySelector("#form [name=version]").value;
      isStale = false;
      for (const fact of Object.keys(unsaved)) put(fact, unsaved[fact].v);
      const again = id && document.getElementById(id);
      if (again) {
        again.focus({ preventScroll: true });
        if (at !== null && again.setSelectionRange && again.type !== "date") again.setSelectionRange(at, at);
      }
    } catch { /* the next save tries again */ }
  }

  form.addEventListener("compositionstart", () => { composing = true; });
  form.addEventListener("compositionend", (event) => {
    composing = false;
    noted(event.target);
    if (isStale) renew();
  });
  form.addEventListener("input", (event) => { noted(event.target); later(SOON); });
  form.addEventListener("change", (event) => { noted(event.target); send(); });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });

  // On a bad line the page is left only once everything typed is safe.
  form.addEventListener("submit", async (event) => {
    if (goesOn || (event.submitter && event.submitter.name === "settled")) return;
    event.preventDefault();
    for (const fact of Object.keys(refused)) delete refused[fact];
    if (!(await send())) {
      const wrong = form.querySelector(".field.wrong input, .field.wrong select, .field.wrong textarea");
      if (wrong) wrong.focus();
      return;
    }
    // A form submits nothing while it is still telling its listeners of the first attempt.
    await new Promise((resolve) => { setTimeout(resolve); });
    goesOn = true;
    if (form.requestSubmit) form.requestSubmit(event.submitter);
    else form.submit();
    goesOn = false;
  });

  const back = Object.keys(unsaved).filter((fact) => named(`v:${fact}`));
  for (const fact of Object.keys(unsaved)) {
    const there = held(fact);
    if (!there || there.value === unsaved[fact].v) delete unsaved[fact];
    else { put(fact, unsaved[fact].v); if (blockOf(fact)) blockOf(fact).classList.add("unsaved"); }
  }
  keep();
  if (Object.keys(unsaved).length) {
    if (back.length) tell("unsaved", words.restored);
    later(300);
  }
  const wrong = document.getElementById("wrong");
  if (wrong) wrong.focus();
})();
