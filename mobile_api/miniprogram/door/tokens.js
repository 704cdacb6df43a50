// Who is signed in on this phone: a short token for every request, and one that gets the next pair, used
// once.
const { newKey } = require("./keys");
const line = require("./line");
const { Problem } = require("./refusals");
const store = require("./store");

const PLACE = "sign-in";
let held;
let renewing = null;

// What is known of the sign-in, or null: {access_token, refresh_token, known_by_name, masked_name, ...}.
async function find() {
  if (held === undefined) held = await store.find(PLACE);
  return held;
}

// Keep a sign-in, or what has become known of it.
async function keep(said) {
  held = { ...(await find()), ...said };
  await store.keep(PLACE, held);
}

async function forget() {
  held = null;
  await store.drop(PLACE);
}

// Get the next pair, once for however many requests wait for it; false when the sign-in has ended.
function renew() {
  if (!renewing)
    renewing = exchange().finally(() => {
      renewing = null;
    });
  return renewing;
}

async function exchange() {
  const signed = await find();
  if (!signed) return false;
  // The key is kept before it is used: when the answer is lost, the same key gets the same pair.
  if (!signed.renewal_key) await keep({ renewal_key: await newKey() });
  const { refresh_token, renewal_key } = held;
  try {
    const headers = { "idempotency-key": renewal_key };
    const pair = await line.send("POST", "/sign-ins/refreshed", { body: { refresh_token }, headers });
    await keep({ ...pair, renewal_key: null });
    return true;
  } catch (error) {
    if (!(error instanceof Problem) || error.passing) throw error;
    await forget();
    return false;
  }
}

// For tests, and for an app that starts again: what is held is read anew.
function rest() {
  held = undefined;
  renewing = null;
}

module.exports = { find, forget, keep, renew, rest };
