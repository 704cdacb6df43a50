// Everything that the mini-program can ask is in the door's published document, and every function of door/
// asks.
const fs = require("node:fs");
const path = require("node:path");
const { newPhone, start } = require("./county");

const { paths } = JSON.parse(
  fs.readFileSync(path.resolve(__dirname, "../../docs/openapi/mobile.json"), "utf8"),
);
const OPERATIONS = Object.entries(paths).flatMap(([address, methods]) => {
  const pattern = new RegExp(`^${address.replace(/\{\w+\}/g, "[^/]+")}$`);
  return Object.keys(methods).map((method) => ({ method: method.toUpperCase(), pattern }));
});
const isDocumented = (target) => {
  const [method, address] = target.split(" ");
  return OPERATIONS.some((each) => each.method === method && each.pattern.test(address));
};
const KEY = "0123456789abcdef";
const CALLS = {
  "door/drafts": {
    open: ["P-NEWBORN", true],
    settle: ["d", "f", 0],
    list: [],
    view: ["d"],
    choose: ["d", []],
    answer: ["d", {}],
    count: ["d", "r", 1],
    consent: ["d", {}],
    fetch: ["d"],
    fill: ["d", {}, 3],
    decline: ["d", "r"],
    sign: ["d", {}],
    dispute: ["d", {}, KEY],
    sendCode: ["d"],
    giveCode: ["d", "1"],
    submit: ["d", KEY],
    removePage: ["d", "m", "f"],
  },
  "door/cases": {
    list: ["c"],
    view: ["n"],
    receipt: ["n"],
    openForm: ["n"],
    withdraw: ["n", "m", KEY],
    askPartial: ["n"],
    issue: ["n", "print", [], KEY],
    results: ["n"],
    openResult: ["n", "r"],
    settlePrint: ["n", "p", true, KEY],
    ship: ["n", {}, KEY],
    sharedValues: ["n"],
    dispute: ["n", {}, KEY],
    supplement: ["n", {}, KEY],
    follow: ["n", "m", KEY],
    removePage: ["n", "m", "f"],
    rate: ["n", {}, KEY],
    ratingOptions: [],
  },
  "door/messages": {
    list: ["a"],
    read: ["m"],
    readAll: [],
    settings: [],
    choose: [[], "zh"],
    offered: [],
    allow: [["t"]],
    firstOf: [[]],
    pageOf: [""],
  },
  "door/mandates": { list: [], things: [], grant: [{}, KEY], grantHelp: [{}, KEY], revoke: ["m"] },
  "door/invitations": {
    make: ["d", "r", KEY],
    list: ["d"],
    callBack: ["d", "i"],
    confirm: ["d", "i"],
    mine: [],
    open: ["s"],
    view: ["i"],
    authorise: ["i", {}],
    takeBack: ["i"],
    refuse: ["i", "r"],
  },
  "door/handovers": {
    kindOf: ["c"],
    offeredPaper: ["c"],
    takePaper: ["c"],
    lookAtPaper: ["s"],
    sendPage: ["s", __filename, KEY],
    endPaper: ["s"],
    offered: ["c"], take: ["c"], look: ["h"], giveBack: ["h"],
    scan: [],
  },
  "door/mine": { licences: [], show: ["licence", "l"], askable: [], held: [[]], bindings: [], unbind: ["b"], uses: ["1"] },
  "door/entering": { signIn: [], beginProof: [], prove: ["s", {}], signOut: [true], readReturn: [""] },
};
// What asks nobody.
const SILENT = ["firstOf", "pageOf", "readReturn", "scan"];

describe.each(Object.entries(CALLS))("%s", (name, calls) => {
  const machine = newPhone("somebody.contract");
  const module = () => start(machine).require(name);

  test("has no function that is not tried here", () => {
    expect(Object.keys(module()).sort()).toEqual(Object.keys(calls).sort());
  });

  test.each(Object.entries(calls))("%s asks for something that is documented", async (call, given) => {
    const before = machine.line.asked.length;
    try {
      await module()[call](...given);
    } catch (error) {
      expect(["Problem", "Away"]).toContain(error.name);
    }
    const asked = machine.line.asked.slice(before).map(({ target }) => target);
    expect(asked.length > 0).toBe(!SILENT.includes(call));
    expect(asked.filter((target) => !isDocumented(target))).toEqual([]);
  });
});

test.each(["material", "evidence", "supplement"])("photographs of a %s have a documented place", (kind) => {
  const { places } = start(newPhone("nobody")).require("door/pictures");
  expect(isDocumented(`POST /mobile/v1${places[kind]("a", "b")}`)).toBe(true);
});

test.each([
  "POST /mobile/v1/uploads/u",
  "POST /mobile/v1/cases/n/disputes/f/pages",
  "GET /mobile/v1/uploads/u",
  "POST /mobile/v1/uploads/u/pages",
  "GET /mobile/v1/files/f/preview",
  "GET /mobile/v1/cases/c/supplement-pages/m/f",
])("%s is documented", (target) => {
  expect(isDocumented(target)).toBe(true);
  expect(isDocumented(target.replace("mobile", "nowhere"))).toBe(false);
});
