// What was typed and is not yet on the server: kept on the phone until it is, and no longer.
const acting = require("./acting");
const drafts = require("./drafts");
const { Problem } = require("./refusals");
const store = require("./store");

const PLACE = "unsent";
// Milliseconds between two tries while the line is bad.
const WAITS = [2000, 4000, 8000, 15000, 30000, 60000];
let held = null;
let sending = Promise.resolve();
let tries = 0;
let timer = null;
let number = 0;

// {fact: value} of a draft that is not on the server yet.
async function list(draft) {
  const kept = (await all())[draft] || {};
  return Object.fromEntries(Object.entries(kept).map(([fact, { value }]) => [fact, value]));
}

// Keep one value until the server has it, with the draft's version on the screen; null takes it back.
async function put(draft, fact, value, version) {
  const kept = await all();
  const { mandate = null } = (await acting.find()) || {};
  number += 1;
  kept[draft] = { ...kept[draft], [fact]: { value, version, number, mandate } };
  await save();
}

// Send what is unsent of a draft, one request after the other. Answers {draft, faults, unsent}: the server's
// draft or null, the fields it could not take, and whether something still waits for the line.
function flush(draft) {
  sending = sending.then(() => once(draft));
  return sending;
}

async function once(draft) {
  const sent = { ...(await all())[draft] };
  if (!Object.keys(sent).length) return { draft: null, faults: [], unsent: false };
  try {
    const view = await drafts.fill(draft, await list(draft), oldest(sent), mandateOf(sent));
    return { draft: view, faults: [], unsent: await settle(draft, sent) };
  } catch (error) {
    return failed(draft, sent, error);
  }
}

// The least that the screens had seen: what they had not is asked about, never overwritten unseen.
function oldest(sent) {
  const versions = Object.values(sent).map(({ version }) => version);
  return versions.includes(undefined) ? undefined : Math.min(...versions);
}

// A draft is one person's: who typed into it last for another did so all the time.
function mandateOf(sent) {
  return Object.values(sent).sort((one, other) => other.number - one.number)[0].mandate;
}

async function failed(draft, sent, error) {
  const refused = error instanceof Problem && !error.passing;
  // Signed out: it is sent when the same person is back.
  if (!refused || error.status === 401) {
    again(draft);
    if (refused) throw error;
    return { draft: null, faults: [], unsent: true };
  }
  // The server has answered: what it cannot take stays on the screen, not on the phone.
  const unsent = await settle(draft, sent);
  if (error.status !== 422 || !error.fields.length) throw error;
  return { draft: await drafts.view(draft, mandateOf(sent)), faults: error.fields, unsent };
}

// Forget what was answered, unless it has been typed over since; whether anything is left.
async function settle(draft, sent) {
  const kept = await all();
  const left = Object.entries(kept[draft] || {}).filter(
    ([fact, { number: at }]) => sent[fact]?.number !== at,
  );
  if (left.length) kept[draft] = Object.fromEntries(left);
  else delete kept[draft];
  await save();
  tries = 0;
  return left.length > 0;
}

let listener = null;

// Who is told of each try that was made by itself: told(draft, {draft, faults, unsent}); null for nobody.
function tell(told) {
  listener = told;
}

function again(draft) {
  clearTimeout(timer);
  const wait = WAITS[Math.min(tries, WAITS.length - 1)];
  tries += 1;
  timer = setTimeout(() => retry(draft), wait);
}

// Try once more, now: the line is back, or its time has come.
async function retry(draft) {
  try {
    const came = await flush(draft);
    if (listener) listener(draft, came);
  } catch (error) {
    // Refused: the form says so when it is next opened.
  }
}

// Try everything that is unsent: the line is back.
async function retryAll() {
  clearTimeout(timer);
  for (const draft of Object.keys(await all())) await retry(draft);
}

// Let go of everything: somebody signs out.
async function forget() {
  clearTimeout(timer);
  held = {};
  tries = 0;
  await store.drop(PLACE);
}

async function all() {
  if (!held) held = (await store.find(PLACE)) || {};
  return held;
}

async function save() {
  if (Object.keys(held).length) await store.keep(PLACE, held);
  else await store.drop(PLACE);
}

// For an app that starts again.
function rest() {
  clearTimeout(timer);
  held = null;
  sending = Promise.resolve();
  tries = 0;
}

module.exports = { flush, forget, list, put, rest, retryAll, tell };
