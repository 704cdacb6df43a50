// Signing in by WeChat, proving one's name at the province, and signing out.
const acting = require("./acting");
const acts = require("./acts");
const api = require("./api");
const { ask } = require("./asking");
const line = require("./line");
const pictures = require("./pictures");
const tokens = require("./tokens");
const unsent = require("./unsent");

const RETURN = "/mobile/v1/real-name/return";

// Sign in by a code of WeChat's, good once; what the server knows of who it is.
async function signIn() {
  const { code } = await ask(wx.login);
  const body = { provider: "wechat", code, device: await device() };
  const said = await line.send("POST", "/sign-ins", { body });
  await tokens.forget();
  // It may be somebody else: nothing of whom the phone belonged to before is shown to them.
  await acting.forget();
  await acts.forget();
  await tokens.keep(said);
  return said;
}

async function device() {
  const { brand, model } = wx.getDeviceInfo();
  return `${brand} ${model}`.trim().slice(0, 60) || "微信";
}

// Where to send the phone so that the province proves whose it is: {step, address, expires_at}.
const beginProof = () => api.post("/real-name/steps", {});

// What the province said, out of the address it sent the phone back to; null while it is still elsewhere.
function readReturn(address) {
  const [place, query = ""] = address.split("#")[0].split("?");
  if (!place.endsWith(RETURN)) return null;
  const plain = (text) => decodeURIComponent(text.replace(/\+/g, " "));
  return Object.fromEntries(query.split("&").map((pair) => pair.split("=").map(plain)));
}

// Hand in what the province said: from here on the server knows the person by name.
async function prove(step, { code, state, iss }) {
  const body = { step, code, state, ...(iss ? { iss } : {}) };
  const said = await api.post("/real-name/proofs", body);
  await tokens.keep(said);
  return said;
}

// Sign out here, or everywhere; nothing of the person stays on the phone.
async function signOut(everywhere) {
  try {
    await api.post("/sign-ins/current/ending", { everywhere });
  } finally {
    await tokens.forget();
    await acting.forget();
    await acts.forget();
    await unsent.forget();
    await pictures.forget();
  }
}

module.exports = { beginProof, prove, readReturn, signIn, signOut };
