// Keys under which an act may be sent again without being done twice.
const { ask } = require("./asking");

// 128 bits by chance, in hexadecimal.
async function newKey() {
  const { randomValues } = await ask(wx.getRandomValues, { length: 16 });
  return Array.from(new Uint8Array(randomValues), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

module.exports = { newKey };
