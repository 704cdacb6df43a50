// What is kept on the phone, encrypted by WeChat: tokens, and what is typed until the server has it.
const { ask } = require("./asking");

// What lies under a name, or null.
async function find(name) {
  try {
    return (await ask(wx.getStorage, { key: name, encrypt: true })).data;
  } catch (error) {
    return null;
  }
}

async function keep(name, data) {
  await ask(wx.setStorage, { key: name, data, encrypt: true });
}

async function drop(name) {
  try {
    await ask(wx.removeStorage, { key: name });
  } catch (error) {
    // It was not there.
  }
}

module.exports = { drop, find, keep };
