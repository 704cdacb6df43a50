// For whom somebody acts by a mandate: every request about a form or an application is then the principal's.
const store = require("./store");

const PLACE = "acting";
// Milliseconds after which a phone that was put away acts for its own person again.
const LASTS = 8 * 60 * 60 * 1000;
const COVERED = /^\/(drafts|uploads|files|cases)(\/|\?|$)/;
let held;

// {mandate, name} of whom this phone acts for, or null.
async function find() {
  if (held === undefined) held = await store.find(PLACE);
  if (held && held.until < Date.now()) await forget();
  return held;
}

async function begin(mandate, name) {
  held = { mandate, name, until: Date.now() + LASTS };
  await store.keep(PLACE, held);
}

async function forget() {
  held = null;
  await store.drop(PLACE);
}

// What names the mandate in a request; mandate says which, or null for none, whatever goes on now.
async function headerOf(path, mandate) {
  if (!COVERED.test(path)) return {};
  const named = mandate === undefined ? ((await find()) || {}).mandate : mandate;
  return named ? { "acting-for": named } : {};
}

module.exports = { begin, find, forget, headerOf };
