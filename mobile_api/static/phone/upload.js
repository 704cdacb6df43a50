// Sends pictures in pieces and goes on where a bad line cut them off. Until the server has a picture, this browser
// keeps it; afterwards nothing of it stays here.
"use strict";
(() => {
  const form = document.querySelector("form[data-begin]");
  const box = document.getElementById("sending");
  if (!form || !box || !window.fetch) return;
  const words = JSON.parse(form.dataset.words);
  const line = box.querySelector("p"), bar = box.querySelector("progress");
  const LEAST = 8 * 1024, MOST = 256 * 1024, QUICK = 2500, PATIENCE = 30000, SLOWEST = 12000;
  const KEPT_FOR = 12 * 3600 * 1000;
  // The line is never given up; a server that says five times that it fails on this picture is.
  const MOST_FAULTS = 5;
  let size = 32 * 1024, isBusy = false, isOver = false, faults = 0;

  // --- what waits: in IndexedDB, or in this page where a browser has none
  const here = new Map();
  const opened = new Promise((resolve) => {
    if (!window.indexedDB) return resolve(null);
    const asked = indexedDB.open("pictures", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("waiting", { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(null);
  });

  async function store(mode, act, instead) {
    const db = await opened;
    if (!db) return instead();
    return new Promise((resolve, reject) => {
      const deal = db.transaction("waiting", mode);
      const asked = act(deal.objectStore("waiting"));
      deal.oncomplete = () => resolve(asked.result);
      deal.onerror = deal.onabort = () => reject(deal.error);
    });
  }

  const list = async () => [...(await store("readonly", (all) => all.getAll(), () => [])), ...here.values()];
  const forget = (key) => { here.delete(key); return store("readwrite", (all) => all.delete(key), () => {}); };
  // A full disk is no reason to lose the picture: the page itself still holds it.
  const keep = (one) => store("readwrite", (all) => all.put(one), () => here.set(one.key, one)).catch(() => { here.set(one.key, one); });
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(18)), (each) => each.toString(16).padStart(2, "0")).join("");

  // --- what is said
  function say(text, kind = "note") {
    box.hidden = false;
    box.className = `said sending ${kind === "refused" ? "problem refused" : kind}`;
    line.textContent = text;
  }

  function offer(text, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small-button";
    button.textContent = text;
    button.addEventListener("click", act);
    line.append(" ", button);
  }

  function show(one, at) {
    const share = at / one.bytes.byteLength;
    bar.value = share;
    say(`${words.sending} ${Math.round(share * 100)}%`);
  }

  // --- asking the server; whatever is no answer is a cut
  class Cut extends Error {}
  class Ended extends Error {}
  class Held extends Error {}
  // What another try may mend; every other 409 is said.
  const PASSES = new Set(["upload_unfinished", "upload_elsewhere", "conflict", "too_busy"]);

  async function ask(method, path, headers = {}, body = undefined) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    let answer;
    try {
      answer = await fetch(path, { method, body, signal: patience.signal, cache: "no-store", credentials: "same-origin", headers: { "Tus-Resumable": "1.0.0", Accept: "application/json", ...headers } });
    } catch { throw new Cut(); } finally { clearTimeout(timer); }
    if (answer.status === 401 || answer.status === 403) throw new Ended();
    faults = answer.status === 500 ? faults + 1 : 0;
    if (faults < MOST_FAULTS && (answer.status >= 500 || answer.status === 429)) throw new Cut();
    return answer;
  }

  async function checksum(piece) {
    if (!window.crypto || !crypto.subtle) return {};
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", piece));
    return { "Upload-Checksum": `sha256 ${btoa(String.fromCharCode(...digest))}` };
  }

  // --- one picture, from wherever it stands to the end: {pages} or {refused: text}
  async function send(one) {
    if (!one.place) {
      const begun = await ask("POST", one.begin, { "Upload-Length": String(one.bytes.byteLength), "Idempotency-Key": one.key });
      // Of a form that is gone, or of somebody else who used this phone: nothing to be said here.
      if (begun.status === 404 && one.begin !== form.dataset.begin) return { pages: [] };
      if (!begun.ok) return refusal(begun);
      one.place = begun.headers.get("Location");
      await keep(one);
    }
    const stands = await ask("HEAD", one.place);
    if (stands.status === 404) return again(one);
    let at = Number(stands.headers.get("Upload-Offset"));
    show(one, at);
    while (at < one.bytes.byteLength) {
      const piece = one.bytes.slice(at, at + size), begun = Date.now();
      const answer = await ask("PATCH", one.place, { "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream", ...(await checksum(piece)) }, piece);
      if (answer.status === 404) return again(one);
      if (answer.status !== 204) return refusal(answer);
      at = Number(answer.headers.get("Upload-Offset"));
      one.moved = true;
      if (Date.now() - begun < QUICK) size = Math.min(MOST, size * 2);
      show(one, at);
    }
    say(words.checking);
    const made = await ask("POST", `${one.place}/pages`);
    return made.ok ? { pages: (await made.json()).pages } : refusal(made);
  }

  // The server has forgotten it: it begins anew, under a key of its own.
  async function again(one) {
    const fresh = { ...one, key: newKey(), place: null };
    await keep(fresh);
    await forget(one.key);
    return { fresh };
  }

  // Why not; a piece that came damaged or to the wrong place is sent again, and what another device holds waits.
  async function refusal(answer) {
    const said = await answer.json().catch(() => ({}));
    if (PASSES.has(said.reason) || said.reason === "piece_damaged") throw new Cut();
    const text = said[`title_${words.in}`] || said.title || words.failed;
    if (said.reason === "handed_over") throw new Held(text);
    return { refused: text };
  }

  const pause = (wait) => new Promise((resolve) => {
    const timer = setTimeout(done, wait);
    function done() { clearTimeout(timer); removeEventListener("online", done); resolve(); }
    addEventListener("online", done);
  });

  async function carry(one) {
    for (let wait = 1000; ;) {
      try {
        const outcome = await send(one);
        if (!outcome.fresh) return outcome;
        one = outcome.fresh;
      } catch (error) {
        if (!(error instanceof Cut)) throw error;
        if (one.moved) wait = 1000;
        one.moved = false;
        size = Math.max(LEAST, size / 2);
        say(words.cut);
        await pause(wait);
        wait = Math.min(wait * 2, SLOWEST);
      }
    }
  }

  async function run() {
    if (isBusy || isOver) return;
    isBusy = true;
    let sent = 0;
    try {
      for (let one; (one = await nextOne()); ) {
        const outcome = await carry(one);
        await drop(one);
        if (outcome.refused) {
          say(outcome.refused, "refused");
          offer(words.retry, () => document.dispatchEvent(new CustomEvent("take-again")));
          return;
        }
        sent += outcome.pages.length;
      }
      if (sent) location.replace(location.pathname + location.search);
      else box.hidden = true;
    } catch (error) {
      if (!(error instanceof Ended || error instanceof Held)) throw error;
      isOver = true;
      say(error.message || words.ended);
      if (error instanceof Ended) offer(words.sign_in, () => location.assign(form.dataset.signIn));
    } finally { isBusy = false; }
  }

  // Null when nothing waits, and the camera is shut: a page that is shown anew would shut it.
  async function nextOne() {
    for (;;) {
      const [one] = await waiting();
      if (one || !document.querySelector("dialog.camera")) return one;
      await pause(300);
    }
  }

  // Oldest first; what nobody came back for within half a day is forgotten.
  async function waiting() {
    const all = (await list()).sort((one, other) => one.taken - other.taken);
    for (const one of all.filter((each) => Date.now() - each.taken > KEPT_FOR)) await forget(one.key);
    return all.filter((each) => Date.now() - each.taken <= KEPT_FOR);
  }

  // Whatever key it has by now: a picture that began anew keeps its moment.
  async function drop(one) {
    for (const each of await list()) if (each.taken === one.taken) await forget(each.key);
  }

  // One page of this site at a time sends; another waits for it.
  const alone = () => (navigator.locks ? navigator.locks.request("pictures", run) : run());

  document.addEventListener("picture", async (event) => {
    say(`${words.sending} 0%`);
    bar.value = 0;
    const bytes = await event.detail.arrayBuffer();
    await keep({ key: newKey(), begin: form.dataset.begin, bytes, taken: Date.now(), place: null });
    alone();
  });
  form.dataset.sends = "";
  alone();
})();
