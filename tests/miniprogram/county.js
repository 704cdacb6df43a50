// The county that runs outside: its server, and who stands in front of the phone.
const path = require("node:path");
const { App } = require("./app");
const { Machine } = require("./machine");

const SERVER = process.env.ONETHING_TEST_SERVER;
const PROVIDERS = process.env.ONETHING_TEST_PROVIDERS;
const RECORDED = process.env.ONETHING_TEST_RECORDED;

const recorded = (name) => require(path.join(RECORDED, `${name}.json`));
const machines = [];

// A phone with the app on it, in the hands of a user of WeChat's.
function newPhone(user) {
  const machine = new Machine();
  machine.onCode = () => drawCode(user);
  machines.push(machine);
  return machine;
}

const start = (machine) => new App(machine, SERVER);

afterAll(() => machines.forEach((machine) => machine.remove()));

async function ask(method, url, body, type = "application/json") {
  const http = require("node:http");
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      { method, headers: { "content-type": type }, agent: false },
      (answer) => {
        let text = "";
        answer.on("data", (piece) => {
          text += piece;
        });
        answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

async function drawCode(user) {
  const { text } = await ask(
    "POST",
    `${PROVIDERS}/admin/codes`,
    JSON.stringify({ provider: "wechat", user }),
  );
  return JSON.parse(text).code;
}

// At the county's desk: what a clerk or the worker does while the phone waits.
async function atDesk(act, said) {
  const { text } = await ask("POST", `${process.env.ONETHING_TEST_DESK}${act}`, JSON.stringify(said));
  return JSON.parse(text);
}

// At the province's page: type a login; the address that the phone is sent back to.
async function logIn(address, login, mood = "good") {
  const form = new URLSearchParams(new URL(address).search);
  form.set("login", login);
  form.set("mood", mood);
  const page = address.split("?")[0];
  const { headers } = await ask("POST", page, form.toString(), "application/x-www-form-urlencoded");
  return headers.location;
}

// Signed in and proven, without touching a page.
async function come(app, login) {
  const entering = app.require("door/entering");
  await entering.signIn();
  const { step, address } = await entering.beginProof();
  await entering.prove(step, entering.readReturn(await logIn(address, login)));
}

module.exports = { SERVER, atDesk, come, logIn, newPhone, recorded, start };
