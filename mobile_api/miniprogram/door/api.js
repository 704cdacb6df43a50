// Requests of whoever is signed in: the token is renewed when it has run out, an act carries its key.
const { ask } = require("./asking");
const line = require("./line");
const { Problem } = require("./refusals");
const { setting } = require("./settings");
const tokens = require("./tokens");

const ENDED = "phone_token_refused";

// The answer's body. body is sent as JSON, bytes as they are; key is the key of an act; slow waits for
// registers.
function send(method, path, { body, bytes, key, slow, headers = {} } = {}) {
  return signed(
    (own) => line.send(method, path, { body, bytes, headers: { ...own, ...headers }, slow }),
    key,
  );
}

const get = (path) => send("GET", path);
const put = (path, body) => send("PUT", path, { body });
const post = (path, body, more = {}) => send("POST", path, { body, ...more });
const remove = (path) => send("DELETE", path);

// Fetch a file; its path on the phone.
function download(path) {
  return signed((headers) => line.download(path, { headers }));
}

// Fetch a document and open it.
async function open(path) {
  const filePath = await download(path);
  await ask(wx.openDocument, { filePath, fileType: "pdf", showMenu: true });
}

async function signed(sent, key) {
  try {
    return await sent(await headersWith(key));
  } catch (error) {
    if (!hasRunOut(error) || !(await tokens.renew())) throw error;
  }
  return sent(await headersWith(key));
}

// A file that did not come has no reason to read: it is taken for a token that has run out too.
function hasRunOut(error) {
  return error instanceof Problem && error.status === 401 && (error.reason === ENDED || !error.reason);
}

async function headersWith(key) {
  const headers = { "accept-language": setting("lang") === "en" ? "en" : "zh-CN" };
  const said = await tokens.find();
  if (said) headers.authorization = `Bearer ${said.access_token}`;
  if (key) headers["idempotency-key"] = key;
  return headers;
}

module.exports = { download, get, open, post, put, remove, send };
