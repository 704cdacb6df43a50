// The mini-program on a machine: its own modules, its pages rendered by miniprogram-simulate from what the
// official compiler made of them. An app that starts again has forgotten all that was not stored.
const fs = require("node:fs");
const path = require("node:path");
const exparser = require("miniprogram-exparser");
const simulate = require("miniprogram-simulate");
const inside = require("miniprogram-simulate/src/utils");

const ROOT = path.resolve(__dirname, "../../mobile_api/miniprogram");

class App {
  constructor(machine, server) {
    this.machine = machine;
    this.modules = new Map();
    this.pages = [];
    this.loaded = new Map();
    this.require("config").server = server;
  }

  require(name) {
    const file = path.join(ROOT, name.endsWith(".js") ? name : `${name}.js`);
    if (!this.modules.has(file)) this.modules.set(file, this.run(file));
    return this.modules.get(file);
  }

  run(file) {
    const module = { exports: {} };
    const near = (name) => this.require(path.relative(ROOT, path.resolve(path.dirname(file), name)));
    const code = `${fs.readFileSync(file, "utf8")}\n//# sourceURL=${file}`;
    new Function("require", "module", "exports", "wx", code)(near, module, module.exports, this.machine.wx);
    return module.exports;
  }

  // The id of a page or component, to be rendered. A component's script runs each time one is loaded; what it
  // requires runs once for each start of the app.
  load(name) {
    if (!this.loaded.has(name)) {
      inside.runJs = (file) => this.run(`${file}.js`);
      this.loaded.set(name, simulate.load(path.join(ROOT, name), path.basename(name), { rootPath: ROOT }));
    }
    return this.loaded.get(name);
  }

  // Open a page as WeChat does, at the address that a page before it went to.
  async open(url) {
    const [name, query = ""] = url.replace(/^\//, "").split("?");
    const page = new Screen(simulate.render(this.load(name)), name);
    this.pages.push(page);
    const pairs = query
      .split("&")
      .filter(Boolean)
      .map((pair) => pair.split("="));
    await page.begin(Object.fromEntries(pairs));
    return page;
  }

  // Where the last page has gone: opened.
  follow() {
    const { url } = this.machine.gone[this.machine.gone.length - 1];
    return this.open(url);
  }
}

class Screen {
  constructor(component, name) {
    this.component = component;
    this.name = name;
    this.container = document.createElement("div");
    component.attach(this.container);
  }

  get instance() {
    return this.component.instance;
  }

  get data() {
    return this.component.instance.data;
  }

  async begin(query) {
    for (const [moment, said] of [["onLoad", query], ["onShow"], ["onReady"]]) {
      if (this.instance[moment]) await this.instance[moment](said);
    }
  }

  get text() {
    return this.container.textContent;
  }

  // Elements of a tag, in order; with a class when one is named.
  list(tag, name) {
    return [...this.container.querySelectorAll(tag)].filter((dom) => !name || hasClass(dom, name));
  }

  // Touch what reads like this, or what carries this in its data.
  async touch(wanted, method) {
    const dom = [...this.container.querySelectorAll("wx-view, wx-button, wx-text")].reverse().find(wanted);
    if (!dom) throw new Error(`nothing to touch on ${this.name}: ${wanted}\n${this.text}`);
    trigger(dom, "tap", {});
    if (method) await settled(() => !this.data.busy);
    return dom;
  }

  // Type into the input of a field, letter by letter for the last two, and leave it.
  type(dom, value) {
    trigger(dom, "input", { value: value.slice(0, -1) });
    trigger(dom, "input", { value });
    trigger(dom, "blur", { value });
  }
}

const hasClass = (dom, name) =>
  [...dom.classList].some((each) => each === name || each.endsWith(`--${name}`));
const reads = (text) => (dom) => dom.textContent.trim() === text;
const trigger = (dom, name, detail) =>
  exparser.triggerEvent(dom.__wxElement, name, detail, { bubbles: name === "tap" });

async function settled(good, patience = 30000) {
  const until = Date.now() + patience;
  while (!good()) {
    if (Date.now() > until) throw new Error(`still not so: ${good}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

module.exports = { App, ROOT, Screen, hasClass, reads, settled, trigger };
