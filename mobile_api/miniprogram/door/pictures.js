// Photographs on their way: each is kept with its key until the server has it, and no longer.
const acting = require("./acting");
const api = require("./api");
const { ask } = require("./asking");
const { newKey } = require("./keys");
const store = require("./store");
const uploads = require("./uploads");

const PLACE = "pictures";
// Pixels of the longer side: an A4 page stays readable, and half a megabyte is enough.
const LONGEST = 2000;
const QUALITY = 80;

const places = {
  material: (draft, material) => `/drafts/${draft}/materials/${material}/uploads`,
  evidence: (draft, fact) => `/drafts/${draft}/evidence/${fact}/uploads`,
  supplement: (number, material) => `/cases/${number}/supplement-pages/${material}/uploads`,
  // Taken whole: what shows that a value of an application is wrong.
  objection: (number, fact) => `/cases/${number}/disputes/${fact}/pages`,
};
const IN_PIECES = "/uploads";

// Let the person take photographs or choose them; kept for the place, each {path, key, at}. None when they
// do not.
async function take(at, count = 9) {
  let files;
  try {
    const chosen = { count, mediaType: ["image"], sizeType: ["compressed"], sourceType: ["camera", "album"] };
    files = (await ask(wx.chooseMedia, { ...chosen, camera: "back" })).tempFiles;
  } catch (error) {
    return [];
  }
  const taken = [];
  for (const { tempFilePath } of files) taken.push(await keep(at, await small(tempFilePath)));
  return taken;
}

async function small(src) {
  const { width, height } = await ask(wx.getImageInfo, { src });
  if (Math.max(width, height) <= LONGEST) return src;
  const side = width > height ? { compressedWidth: LONGEST } : { compressedHeight: LONGEST };
  return (await ask(wx.compressImage, { src, quality: QUALITY, ...side })).tempFilePath;
}

async function keep(at, tempFilePath) {
  const { savedFilePath } = await ask(files().saveFile, { tempFilePath });
  const { mandate = null } = (await acting.find()) || {};
  const picture = { path: savedFilePath, key: await newKey(), at, mandate };
  await store.keep(PLACE, [...(await list()), picture]);
  return picture;
}

// Every photograph that is not on the server, or those of one place.
async function list(at) {
  const kept = (await store.find(PLACE)) || [];
  return at ? kept.filter((picture) => picture.at === at) : kept;
}

// Send one, from where the last try was cut off; the pages it has become. told(percent) hears how far it is.
async function send(picture, told) {
  const pages = picture.at.endsWith(IN_PIECES) ? await sendPieces(picture, told) : await sendWhole(picture);
  await drop(picture);
  return pages;
}

async function sendWhole(picture) {
  await api.upload(picture.at, picture.path, picture);
  return [];
}

async function sendPieces(picture, told) {
  const bytes = (await ask(files().readFile, { filePath: picture.path })).data;
  return uploads.send(picture, bytes, { told, begun: (upload) => note(picture, { upload }) });
}

async function note(picture, changed) {
  Object.assign(picture, changed);
  await store.keep(
    PLACE,
    (await list()).map((each) => (each.key === picture.key ? { ...each, ...changed } : each)),
  );
}

// Let go of one: the server has it, cannot take it, or it is taken again.
async function drop(picture) {
  const left = (await list()).filter(({ key }) => key !== picture.key);
  if (left.length) await store.keep(PLACE, left);
  else await store.drop(PLACE);
  try {
    await ask(files().removeSavedFile, { filePath: picture.path });
  } catch (error) {
    // The phone has cleared it away itself.
  }
}

async function forget() {
  for (const picture of await list()) await drop(picture);
}

function files() {
  const manager = wx.getFileSystemManager();
  return {
    readFile: (options) => manager.readFile(options),
    saveFile: (options) => manager.saveFile(options),
    removeSavedFile: (options) => manager.removeSavedFile(options),
  };
}

module.exports = { drop, forget, list, places, send, take };
