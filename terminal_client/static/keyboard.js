/* The on-screen keyboard: pinyin with candidates, letters, digits. What is typed lives only in this page
   until "done" sends it; nothing is stored. */
"use strict";

const LETTERS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
const PADS = {
  digits: ["1", "2", "3", "delete", "4", "5", "6", "clear", "7", "8", "9", "done", "", "0", ""],
  decimal: ["1", "2", "3", "delete", "4", "5", "6", "clear", "7", "8", "9", "done", "", "0", "."],
  id: ["1", "2", "3", "delete", "4", "5", "6", "clear", "7", "8", "9", "done", "", "0", "X"],
};
const DATE_SHAPES = { date: [4, 2, 2], month: [4, 2], datetime: [4, 2, 2, 2, 2] };
const BETWEEN = ["-", "-", " ", ":"];

class Keyboard {
  constructor(box) {
    this.box = box;
    this.words = box.dataset;
    this.kind = box.dataset.kind;
    this.value = box.dataset.value;
    this.letters = "";
    this.chinese = ["name", "pinyin", "place"].includes(this.kind);
    this.mode = this.chinese ? "letters" : this.kind;
    this.capitals = false;
    this.asked = 0;
    this.fresh = Boolean(this.value) && this.kind in DATE_SHAPES;
    this.keys = box.querySelector(".keys");
    this.typed = this.add(this.keys, "div", "typed");
    this.typed.setAttribute("role", "status");
    this.found = this.add(this.keys, "div", "found");
    this.board = this.add(this.keys, "div", "board");
    this.draw();
  }

  add(parent, tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    parent.append(made);
    return made;
  }

  key(parent, text, act, className = "", label = "") {
    const made = this.add(parent, "button", `key ${className}`, text);
    made.type = "button";
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", () => { act(); kiosk.typing(); });
    return made;
  }

  draw() {
    this.board.replaceChildren();
    if (this.mode === "letters") this.drawLetters();
    else this.drawPad();
    this.show();
  }

  drawLetters() {
    for (const [number, row] of LETTERS.entries()) {
      const line = this.add(this.board, "div", "key-row");
      if (number === 2) this.shiftKey(line);
      for (const letter of row) this.key(line, this.capitals ? letter.toUpperCase() : letter, () => this.letter(letter));
      if (number === 2) this.key(line, this.words.delete, () => this.erase(), "wide");
    }
    const last = this.add(this.board, "div", "key-row");
    this.key(last, "123", () => { this.mode = "digits"; this.draw(); }, "wide");
    if (this.kind !== "latin") this.key(last, this.chinese ? "中" : "EN", () => this.switchChinese(), "wide");
    this.key(last, this.words.space, () => this.space(), "space");
    this.key(last, this.words.done, () => this.done(), "done");
  }

  shiftKey(line) {
    if (this.chinese) this.key(line, "'", () => this.letter("'"), "wide");
    else this.key(line, this.capitals ? "aa" : "AA", () => { this.capitals = !this.capitals; this.draw(); }, "wide");
  }

  drawPad() {
    const pad = this.add(this.board, "div", "pad");
    const names = { delete: this.words.delete, clear: this.words.clear, done: this.words.done };
    const acts = { delete: () => this.erase(), clear: () => this.clear(), done: () => this.done() };
    const typesLetters = ["name", "pinyin", "place", "latin"].includes(this.kind);
    const layout = [...(PADS[this.mode] || PADS.digits)];
    if (typesLetters) layout[12] = "abc";
    for (const name of layout) {
      if (!name) this.add(pad, "span", "");
      else if (name === "abc") this.key(pad, "ABC", () => { this.mode = "letters"; this.draw(); });
      else if (name in acts) this.key(pad, names[name], acts[name], name === "done" ? "done" : "wide");
      else this.key(pad, name, () => this.put(name));
    }
  }

  switchChinese() {
    this.chinese = !this.chinese;
    this.letters = "";
    this.capitals = false;
    this.draw();
  }

  letter(letter) {
    if (!this.chinese) return this.put(this.capitals || this.kind === "latin" ? letter.toUpperCase() : letter);
    this.letters += letter;
    this.look();
    this.show();
  }

  put(text) {
    if (this.fresh) { this.value = ""; this.fresh = false; }
    const digits = this.kind in DATE_SHAPES ? this.shape(this.bare() + text) : this.value + text;
    if (digits.length <= Number(this.words.longest)) this.value = digits;
    this.show();
  }

  bare() { return this.value.replace(/\D/g, ""); }

  shape(digits) {
    const sizes = DATE_SHAPES[this.kind];
    let shaped = "";
    for (const [number, size] of sizes.entries()) {
      if (!digits) break;
      shaped += (number ? BETWEEN[number - 1] : "") + digits.slice(0, size);
      digits = digits.slice(size);
    }
    return shaped;
  }

  erase() {
    if (this.letters) { this.letters = this.letters.slice(0, -1); this.look(); }
    else if (this.kind in DATE_SHAPES) this.value = this.shape(this.bare().slice(0, -1));
    else this.value = [...this.value].slice(0, -1).join("");
    this.fresh = false;
    this.show();
  }

  clear() { this.value = ""; this.letters = ""; this.candidates = []; this.show(); }

  space() {
    if (this.letters && this.candidates.length) this.choose(this.candidates[0]);
    else if (!this.letters) this.put(" ");
  }

  async look() {
    const asked = ++this.asked;
    this.candidates = [];
    if (!this.letters) return this.show();
    const body = new URLSearchParams({ letters: this.letters, kind: this.kind });
    const answer = await fetch("/candidates", { method: "POST", body });
    if (asked !== this.asked || !answer.ok) return;
    this.candidates = await answer.json();
    this.show();
  }

  choose(candidate) {
    this.value = (this.value + candidate.text).slice(0, Number(this.words.longest));
    this.letters = this.letters.slice(candidate.used).replace(/^'+/, "");
    this.all = false;
    this.look();
    this.show();
  }

  show() {
    this.typed.replaceChildren();
    this.typed.append(this.value);
    if (this.letters) this.add(this.typed, "span", "letters", this.letters);
    this.add(this.typed, "span", "caret");
    if (!this.value && !this.letters && this.words.hint) this.add(this.typed, "span", "ghost", this.words.hint);
    this.found.hidden = !(this.mode === "letters" && this.chinese);
    this.showFound();
  }

  showFound() {
    this.found.replaceChildren();
    this.found.classList.toggle("all", Boolean(this.all));
    const candidates = this.letters ? this.candidates || [] : [];
    for (const candidate of this.all ? candidates : this.fitting(candidates)) {
      this.key(this.found, candidate.text, () => this.choose(candidate));
    }
    if (candidates.length > 6) this.key(this.found, this.all ? "▲" : "▼", () => { this.all = !this.all; this.show(); }, "more", this.words.more);
  }

  /* Only whole candidates stand in the row: a cut-off one cannot be read. */
  fitting(candidates) {
    const em = parseFloat(getComputedStyle(document.documentElement).fontSize) * 1.15;
    let room = this.found.clientWidth - 100;
    return candidates.filter((candidate) => (room -= Math.max(92, [...candidate.text].length * em + 44) + 8) >= 0);
  }

  done() {
    if (this.letters && this.candidates && this.candidates.length) { this.choose(this.candidates[0]); return; }
    kiosk.act("value", { fact: this.words.fact, value: this.value.trim() });
  }
}
