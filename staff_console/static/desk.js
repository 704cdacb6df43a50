// The reader, scanner and printer on the clerk's own table, lent by `onething-terminal desk` on this machine.
const bar = document.querySelector("[data-desk]");
const CODE = "desk-code";
const inChinese = document.documentElement.lang.startsWith("zh");

class DeskFault extends Error {}

async function ask(path, body) {
  const options = { headers: { "Desk-Token": localStorage.getItem(CODE) || "" }, cache: "no-store" };
  if (body !== undefined) {
    options.method = "POST";
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(`${bar.dataset.desk}/desk/${path}`, options);
  } catch {
    throw new DeskFault(bar.dataset.away);
  }
  const told = await answer.json();
  if (answer.ok) return told;
  if (answer.status === 401) showPairing();
  throw new DeskFault((inChinese ? told.zh : told.en) || bar.dataset.away);
}

function showPairing() {
  bar.hidden = false;
  const form = bar.querySelector(".desk-pairing");
  form.hidden = false;
  form.querySelector(".error").textContent = localStorage.getItem(CODE) ? bar.dataset.wrong : "";
}

function copyOf(selector) {
  return bar.querySelector(selector).content.cloneNode(true);
}

async function lookAtDevices() {
  const list = bar.querySelector(".desk-devices");
  try {
    const devices = await ask("devices");
    bar.hidden = false;
    bar.querySelector(".desk-pairing").hidden = true;
    list.replaceChildren(...Object.entries(devices).map(([kind, health]) => {
      const line = document.createElement("li");
      const ready = health.state === "ready" || health.state === "degraded";
      line.append(copyOf(`[data-name=${kind}]`), " ", copyOf(ready ? "[data-ready]" : "[data-not-ready]"));
      if (!ready) line.title = (inChinese ? health.zh : health.en) || "";
      return line;
    }));
  } catch (fault) {
    const line = document.createElement("li");
    line.textContent = fault.message;
    list.replaceChildren(line);
  }
}

// One use at a time, said beside the button that asked for it.
async function use(form, work) {
  const said = form.querySelector(".desk-said");
  const buttons = [...form.querySelectorAll("button")].filter((button) => !button.disabled);
  for (const button of buttons) button.disabled = true;
  said.textContent = bar.dataset.busy;
  try {
    said.textContent = (await work()) || "";
  } catch (fault) {
    if (!(fault instanceof DeskFault)) throw fault;
    said.textContent = fault.message;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

function fileOf(page) {
  const bytes = Uint8Array.from(atob(page.data), (letter) => letter.charCodeAt(0));
  return new File([bytes], `scan-${page.number}.${page.media_type.split("/")[1]}`, { type: page.media_type });
}

async function scanInto(form, source) {
  const { pages } = await ask("scan", { source });
  if (!pages.length) throw new DeskFault(bar.dataset.empty);
  const files = new DataTransfer();
  for (const page of pages) files.items.add(fileOf(page));
  form.querySelector("[type=file]").files = files.files;
  HTMLFormElement.prototype.submit.call(form);
}

function wire() {
  bar.querySelector(".desk-pairing").addEventListener("submit", (event) => {
    event.preventDefault();
    localStorage.setItem(CODE, event.target.code.value.trim());
    lookAtDevices();
  });
  for (const form of document.querySelectorAll("[data-read-card]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      use(form, async () => {
        form.card.value = JSON.stringify((await ask("card")).card);
        form.submit();
      });
    });
  }
  for (const form of document.querySelectorAll("[data-scan]")) {
    for (const button of form.querySelectorAll("[data-scan-from]")) {
      button.addEventListener("click", () => use(form, () => scanInto(form, button.dataset.scanFrom)));
    }
  }
  for (const form of document.querySelectorAll("[data-print-slip]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      use(form, async () => {
        const told = await ask("print-notice", JSON.parse(form.dataset.printSlip));
        return told.outcome === "printed" ? bar.dataset.printed : bar.dataset.unknown;
      });
    });
  }
  for (const field of document.querySelectorAll("[data-card-number]")) {
    field.addEventListener("click", () => use(field.form, async () => {
      field.form.elements[field.dataset.cardNumber].value = (await ask("card")).card.id_number;
    }));
  }
}

if (bar) {
  wire();
  if (!("later" in bar.dataset)) lookAtDevices();
}
