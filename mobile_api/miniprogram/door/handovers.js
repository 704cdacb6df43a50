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

module.exports = {
  scan,
  offered: (code) => api.post("/hand-overs/offers", { code }),
  take: (code) => api.post("/hand-overs", { code }),
  look: (handover) => api.get(`/hand-overs/${handover}`),
  giveBack: (handover) => api.post(`/hand-overs/${handover}/ending`),
};
