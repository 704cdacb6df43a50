// Acts that were typed and may have been lost on the way: each is kept on the phone with its key until the
// server has answered, so that it is sent again as the same act, even after the phone was switched off.
const { newKey } = require("./keys");
const { Problem } = require("./refusals");
const store = require("./store");

const PLACE = "acts";

// What was typed under a name and never answered, or null.
async function find(name) {
  const kept = (await all())[name];
  return kept ? kept.body : null;
}

// Do it: sent(body, key) under the key that this very body was sent with before. Its answer.
async function send(name, body, sent) {
  const kept = await keep(name, body);
  try {
    const answer = await sent(body, kept.key);
    await drop(name);
    return answer;
  } catch (error) {
    // Refused for good: what is wrong stays on the screen, not on the phone.
    if (error instanceof Problem && !error.passing && error.status !== 401) await drop(name);
    throw error;
  }
}

async function keep(name, body) {
  const acts = await all();
  const said = JSON.stringify(body);
  if (!acts[name] || JSON.stringify(acts[name].body) !== said) acts[name] = { body, key: await newKey() };
  await store.keep(PLACE, acts);
  return acts[name];
}

async function drop(name) {
  const { [name]: _, ...left } = await all();
  if (Object.keys(left).length) await store.keep(PLACE, left);
  else await store.drop(PLACE);
}

async function forget() {
  await store.drop(PLACE);
}

async function all() {
  return (await store.find(PLACE)) || {};
}

module.exports = { find, forget, send };
