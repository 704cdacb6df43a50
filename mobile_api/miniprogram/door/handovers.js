// A form that was begun at a kiosk, gone on with here, and given back.
const api = require("./api");
const { ask } = require("./asking");

const CODE = /\/m\/handed\?t=([\w-]+)/;

// The secret in a kiosk's QR: null when it is another QR, undefined when nobody wanted to scan.
async function scan() {
  try {
    const { result } = await ask(wx.scanCode, { onlyFromCamera: true, scanType: ["qrCode"] });
    const [, code] = CODE.exec(result) || [];
    return code || null;
  } catch (error) {
    return undefined;
  }
}

// Photographing one paper for a kiosk asks nobody to be signed in: the secret says whose phone it is.
const PAPER = "/handed-papers/current";
const kept = (secret) => ({ "handed-paper": secret });

module.exports = {
  scan,
  // "form" or "photographs".
  kindOf: async (code) => (await api.post("/handed-papers/kinds", { code })).kind,
  offeredPaper: (code) => api.post("/handed-papers/offers", { code }),
  takePaper: (code) => api.post("/handed-papers", { code }),
  lookAtPaper: (secret) => api.send("GET", PAPER, { headers: kept(secret) }),
  sendPage: (secret, filePath, key) =>
    api.upload(`${PAPER}/pages`, filePath, { key, headers: kept(secret) }),
  endPaper: (secret) => api.send("POST", `${PAPER}/ending`, { headers: kept(secret) }),
  offered: (code) => api.post("/hand-overs/offers", { code }),
  take: (code) => api.post("/hand-overs", { code }),
  look: (handover) => api.get(`/hand-overs/${handover}`),
  giveBack: (handover) => api.post(`/hand-overs/${handover}/ending`),
};
