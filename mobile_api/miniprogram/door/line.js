// One request over the line, with nothing known of who asks.
const config = require("../config");
const { ask } = require("./asking");
const { Away, Problem } = require("./refusals");

const PREFIX = "/mobile/v1";
// Milliseconds; asking the registers takes as long as the slowest of them.
const PATIENCE = 20000;
const SLOW_PATIENCE = 60000;

const address = (path) => config.server + PREFIX + path;

function read(status, body) {
  if (status >= 200 && status < 300) return body;
  throw new Problem(status, body);
}

// The body of the answer; body is sent as JSON, bytes as they are. Throws Problem or Away.
async function send(method, path, { body, bytes, headers = {}, slow = false } = {}) {
  let answer;
  try {
    answer = await ask(wx.request, {
      url: address(path),
      method,
      data: bytes || (body === undefined ? undefined : JSON.stringify(body)),
      header: { "content-type": "application/json", ...headers },
      dataType: "json",
      timeout: slow ? SLOW_PATIENCE : PATIENCE,
    });
  } catch (failure) {
    throw new Away();
  }
  return read(answer.statusCode, answer.data || null);
}

// Send a file of the phone's as a form does; the body of the answer. Throws Problem or Away.
async function upload(path, filePath, { headers = {} } = {}) {
  let answer;
  try {
    const file = { url: address(path), filePath, name: "file", header: headers, timeout: SLOW_PATIENCE };
    answer = await ask(wx.uploadFile, file);
  } catch (failure) {
    throw new Away();
  }
  return read(answer.statusCode, parsed(answer.data));
}

// wx.uploadFile gives text, whatever it is.
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return null;
  }
}

// Fetch a file to a place of the phone's that goes by itself; its path.
async function download(path, { headers = {} } = {}) {
  let answer;
  try {
    answer = await ask(wx.downloadFile, { url: address(path), header: headers, timeout: SLOW_PATIENCE });
  } catch (failure) {
    throw new Away();
  }
  if (answer.statusCode !== 200) throw new Problem(answer.statusCode, null);
  return answer.tempFilePath;
}

module.exports = { PREFIX, download, send, upload };
