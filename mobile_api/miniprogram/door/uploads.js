// A picture in pieces (tus 1.0.0): gone on with where the line was cut, a page once it is whole.
const api = require("./api");
const { Problem } = require("./refusals");

const VERSION = { "tus-resumable": "1.0.0" };
const PIECE_TYPE = "application/offset+octet-stream";
// Bytes: some seconds on 64 kbit/s, so that a cut costs little.
const PIECE = 64 * 1024;
const ELSEWHERE = 409;
const GONE = 404;

// The pages that bytes have become. begun(id) hears the upload's id, to be kept for the next try; a picture
// that has one is gone on with.
async function send(picture, bytes, { told, begun }) {
  const { mandate } = picture;
  const upload = (await find(picture)) || (await begin(picture, bytes.byteLength));
  await begun(upload.id);
  let { offset } = upload;
  while (offset < bytes.byteLength) {
    offset = await append(upload.id, offset, bytes.slice(offset, offset + PIECE), mandate);
    if (told) told(Math.round((100 * offset) / bytes.byteLength));
  }
  return (await api.post(`/uploads/${upload.id}/pages`, undefined, { mandate })).pages;
}

// Where an earlier try stands, or null when it is given up.
async function find({ upload, mandate }) {
  if (!upload) return null;
  try {
    return await stand(upload, mandate);
  } catch (error) {
    if (error instanceof Problem && error.status === GONE) return null;
    throw error;
  }
}

const stand = (upload, mandate) => api.send("GET", `/uploads/${upload}`, { headers: VERSION, mandate });

function begin({ at, key, upload, mandate }, length) {
  // After an upload that was given up the old key would only find it again.
  const headers = { ...VERSION, "upload-length": String(length) };
  return api.send("POST", at, { key: upload ? `${key}-${upload}` : key, headers, mandate });
}

// One piece; where the upload stands then. Sent twice, the second only learns that.
async function append(upload, offset, bytes, mandate) {
  try {
    const headers = { ...VERSION, "content-type": PIECE_TYPE, "upload-offset": String(offset) };
    await api.send("POST", `/uploads/${upload}`, { bytes, headers, mandate });
    return offset + bytes.byteLength;
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== ELSEWHERE) throw error;
    return (await stand(upload, mandate)).offset;
  }
}

module.exports = { send };
