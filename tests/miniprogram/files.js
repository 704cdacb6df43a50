// The mini-program's files, read as text.
const fs = require("node:fs");
const path = require("node:path");
const { ROOT } = require("./app");

// Paths below the mini-program's folder with one of these endings; what set-up copied in is not ours.
function list(...endings) {
  const found = fs.readdirSync(ROOT, { recursive: true }).map(String).sort();
  return found.filter(
    (name) => !name.startsWith("vendor") && endings.some((ending) => name.endsWith(ending)),
  );
}

const read = (name) => fs.readFileSync(path.join(ROOT, name), "utf8");
const readJson = (name) => JSON.parse(read(name));
const exists = (name) => fs.existsSync(path.join(ROOT, name));
// Every match of a pattern's first group in a text.
const all = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);

module.exports = { all, exists, list, read, readJson };
