// How a person wants the screens: language and care mode; nothing about the person.
const PLACE = "settings";
const FIRST = { lang: "zh", care: false };
let settings;

function all() {
  if (!settings) settings = { ...FIRST, ...(wx.getStorageSync(PLACE) || {}) };
  return settings;
}

const setting = (name) => all()[name];

function choose(changed) {
  settings = { ...all(), ...changed };
  wx.setStorageSync(PLACE, settings);
}

module.exports = { all, choose, setting };
