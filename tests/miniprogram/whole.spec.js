// The mini-program as a whole: nothing is named that is not there, nothing is there that is not named.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const compiler = require("miniprogram-compiler");
const { ROOT } = require("./app");
const { all, exists, list, read, readJson } = require("./files");
const { Machine } = require("./machine");
const versions = require("./wx_versions.json");

const TOP = path.resolve(__dirname, "../..");
const BUILT_IN = ["web-view"];
const TYPINGS = path.join(TOP, "node_modules/miniprogram-api-typings/types/wx/lib.wx.api.d.ts");
const pages = readJson("app.json").pages;
const components = fs.readdirSync(path.join(ROOT, "components")).map((name) => `components/${name}/${name}`);
const scripts = list(".js");

describe("pages and components", () => {
  test("of app.json are all there, and no page lies about that is not in it", () => {
    pages.forEach((page) =>
      [".js", ".json", ".wxml"].forEach((ending) =>
        expect([page, exists(page + ending)]).toEqual([page, true]),
      ),
    );
    const lying = fs.readdirSync(path.join(ROOT, "pages")).map((name) => `pages/${name}/${name}`);
    expect(lying.sort()).toEqual([...pages].sort());
    readJson("app.json").tabBar.list.forEach(({ pagePath }) => expect(pages).toContain(pagePath));
  });

  test.each([...pages, ...components])("%s declares exactly the components it uses", (name) => {
    const used = new Set(
      all(read(`${name}.wxml`), /<([a-z]+-[a-z-]+)/g).filter((tag) => !BUILT_IN.includes(tag)),
    );
    const declared = readJson(`${name}.json`).usingComponents || {};
    expect(Object.keys(declared).sort()).toEqual([...used].sort());
    Object.values(declared).forEach((place) =>
      expect([place, exists(`${place.slice(1)}.js`)]).toEqual([place, true]),
    );
  });

  test.each([...pages, ...components])("%s has every method that is bound", (name) => {
    const own = read(`${name}.js`) + read("screens/screen.js") + read("screens/field.js");
    const methods = own + (own.includes("screens/papers") ? read("screens/papers.js") : "");
    const parts = read(`${name}.wxml`).includes('is="pages"') ? read("screens/parts.wxml") : "";
    const bound = all(read(`${name}.wxml`) + parts, /\bbind:?[a-z]+="(\w+)"/g);
    const missing = bound.filter((method) => !new RegExp(`^ {4}(async )?${method}\\(`, "m").test(methods));
    expect(missing).toEqual([]);
  });

  test("go only to pages that there are", () => {
    const named = [...scripts, ...list(".wxml")].flatMap((name) => all(read(name), /\/(pages\/\w+\/\w+)/g));
    expect([...new Set(named)].filter((page) => !pages.includes(page))).toEqual([]);
    // Tabs are switched to, never stacked.
    const tabs = readJson("app.json").tabBar.list.map(({ pagePath }) => pagePath);
    const stacked = scripts.flatMap((name) =>
      all(read(name), /(?:navigateTo|redirectTo)\(\{ url: [`"]\/(pages\/\w+\/\w+)/g),
    );
    expect(stacked.filter((page) => tabs.includes(page))).toEqual([]);
  });

  test("say only words that there are, and every word is said", () => {
    const { zh, en } = require(path.join(ROOT, "words/words.js"));
    const said = new Set(list(".wxml").flatMap((name) => all(read(name), /\bt\.(\w+)/g)));
    expect([...said].filter((word) => zh[word] === undefined)).toEqual([]);
    const named = scripts
      .flatMap((name) => all(read(name), /["`](\w+)["`]/g))
      .concat(scripts.flatMap((name) => all(read(name), /\bt\.(\w+)/g)));
    const known = new Set([...said, ...named]);
    expect(Object.keys(zh).filter((word) => !known.has(word))).toEqual([]);
    Object.keys(zh)
      .filter((word) => word !== "items")
      .forEach((word) => expect([word, Boolean(zh[word] && en[word])]).toEqual([word, true]));
  });
});

describe("the compiler", () => {
  const compile = (folder) => ({
    wxml: compiler.wxmlToJs(folder, { maxBuffer: 1 << 24 }),
    wxss: compiler.wxssToJs(folder, { maxBuffer: 1 << 24 }),
  });

  test("takes every file", () => {
    const { wxml, wxss } = compile(ROOT);
    list(".wxml").forEach((name) => expect([name, wxml.includes(name)]).toEqual([name, true]));
    expect(wxss).toContain("app.wxss");
  });

  test.each([
    ["pages/home/home.wxml", '<view wx:if="{{a"><text></view>'],
    ["app.wxss", ".a { color: red"],
  ])("refuses %s when it is broken", (name, text) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "broken-"));
    try {
      fs.cpSync(ROOT, folder, { recursive: true });
      fs.writeFileSync(path.join(folder, name), text);
      expect(() => compile(folder)).toThrow();
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});

describe("what is asked of the phone", () => {
  const used = new Set(scripts.flatMap((name) => all(read(name), /\bwx\.(\w+)/g)));
  const typings = fs.readFileSync(TYPINGS, "utf8");

  // The first library with a function, as its maker documents it; 1.0.0 where nothing is said.
  function documented(name) {
    const at = typings.search(new RegExp(`^ {8}${name}[<(]`, "m"));
    if (at < 0) return null;
    const comment = typings.slice(typings.lastIndexOf("/**", at), at);
    const [, first] = /\n\s*\*\s*需要基础库： `([\d.]+)`/.exec(comment) || [];
    return first || "1.0.0";
  }

  const number = (version) => version.split(".").reduce((sum, part) => sum * 1000 + Number(part), 0);

  test("is on the list with the library it came with, no more and no less", () => {
    expect(Object.keys(versions).sort()).toEqual([...used].sort());
    Object.entries(versions).forEach(([name, version]) =>
      expect([name, documented(name)]).toEqual([name, version]),
    );
  });

  test("is all in the oldest library that may open it", () => {
    const oldest = number(readJson("project.config.json").libVersion);
    expect(Object.entries(versions).filter(([, version]) => number(version) > oldest)).toEqual([]);
  });

  test("is all there in the tests' own phone", () => {
    const machine = new Machine();
    expect([...used].filter((name) => !machine.wx[name])).toEqual([]);
    machine.remove();
  });
});

describe("what is uploaded for all to read", () => {
  const texts = [...list(".js", ".json", ".wxml", ".wxs", ".wxss")].map((name) => [name, read(name)]);

  test("names no secret, no key and no address but the county's own", () => {
    const bad = /-----BEGIN|app_?secret|session_key|["'`][A-Za-z0-9+_-]{32,}["'`]|http:\/\//i;
    expect(texts.filter(([, text]) => bad.test(text)).map(([name]) => name)).toEqual([]);
    const addresses = texts.flatMap(([, text]) => all(text, /(https:\/\/[^"'`\s]+)/g));
    expect(addresses).toEqual([require(path.join(ROOT, "config.js")).server]);
  });

  test("writes nothing to a log, and keeps things in two places only", () => {
    expect(texts.filter(([, text]) => /console\./.test(text)).map(([name]) => name)).toEqual([]);
    const storing = texts.filter(([, text]) => /wx\.(set|get)Storage/.test(text)).map(([name]) => name);
    expect(storing).toEqual(["door/settings.js", "door/store.js"]);
  });

  test("is well below what one package may weigh", () => {
    const weight = fs
      .readdirSync(ROOT, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .reduce((sum, each) => sum + fs.statSync(path.join(each.parentPath || each.path, each.name)).size, 0);
    expect(weight).toBeLessThan(1024 * 1024);
  });
});

test("every type of field that the door knows has its component", () => {
  const { KINDS } = require(path.join(ROOT, "screens/kinds.js"));
  const { schemas } = JSON.parse(
    fs.readFileSync(path.join(TOP, "docs/openapi/mobile.json"), "utf8"),
  ).components;
  expect(schemas.Field.properties.type.enum.filter((type) => !KINDS[type])).toEqual([]);
});
