// Requests of whoever is signed in: the token is renewed when it has run out, an act carries its key.
const acting = require("./acting");
const { ask } = require("./asking");
const line = require("./line");
const { Problem } = require("./refusals");
const { setting } = require("./settings");
const tokens = require("./tokens");

const ENDED = "phone_token_refused";

// The answer's body. body is sent as JSON, bytes as they are; key is the key of an act; slow waits for
// registers; mandate is that under which something was typed, when it is not the one that goes on now.
async function send(method, path, { body, bytes, key, slow, mandate, headers = {} } = {}) {
  const more = { ...(await acting.headerOf(path, mandate)), ...headers };
  return signed(
    (own) => line.send(method, path, { body, bytes, headers: { ...own, ...more }, slow }),
    key,
  );
}

const get = (path, more = {}) => send("GET", path, more);
const put = (path, body, more = {}) => send("PUT", path, { body, ...more });
const post = (path, body, more = {}) => send("POST", path, { body, ...more });
const remove = (path) => send("DELETE", path);

// Fetch a file; its path on the phone.
async function download(path) {
  const more = await acting.headerOf(path);
  return signed((headers) => line.download(path, { headers: { ...headers, ...more } }));
}

// Send a file whole, under its key.
async function upload(path, filePath, { key, mandate, headers: own = {} } = {}) {
  const more = { ...(await acting.headerOf(path, mandate)), ...own };
  return signed((headers) => line.upload(path, filePath, { headers: { ...headers, ...more } }), key);
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

module.exports = { download, get, open, post, put, remove, send, upload };
