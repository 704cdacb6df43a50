// Jest over the mini-program; the addresses of what runs outside come from tests/miniprogram/conftest.py.
module.exports = {
  rootDir: __dirname,
  testEnvironment: "jsdom",
  testMatch: ["<rootDir>/*.spec.js"],
  testTimeout: 60000,
};
