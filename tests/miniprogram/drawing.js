// A rendered page as a web page, so that a browser can show and judge it: WeChat's elements as their like
// in HTML.
const fs = require("node:fs");
const path = require("node:path");
const { ROOT } = require("./app");

const TAGS = {
  "wx-text": "span",
  "wx-button": "button",
  "wx-input": "input",
  "wx-textarea": "textarea",
  "wx-image": "img",
  "wx-canvas": "div",
};
const FOLDER = path.join(process.env.ONETHING_TEST_RECORDED, "screens");
const NOTHING = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
// What WeChat itself says of its elements before any sheet of ours.
const OWN =
  "body{margin:0;font-family:'Noto Sans CJK SC',sans-serif}h1{margin:0;padding:10px;font-size:17px;" +
  "text-align:center}button{border:0;font:inherit}input,textarea{font:inherit}";

let drawnOnce = false;

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

function attributesOf(dom) {
  const element = dom.__wxElement;
  const said = Object.fromEntries(
    ((element && element._vt && element._vt.attrs) || []).map(({ name, value }) => [name, value]),
  );
  const kept = { class: [...dom.classList].map((name) => name.replace(/^.*--/, "")).join(" "), id: said.id };
  Object.entries(said).forEach(([name, value]) => {
    if (name === "ariaRole") kept.role = value;
    else if (name.startsWith("aria")) kept[`aria-${name.slice(4).toLowerCase()}`] = value;
  });
  [...dom.attributes]
    .filter(({ name }) => name.startsWith("data-weui"))
    .forEach(({ name, value }) => {
      kept[name] = value;
    });
  if (said.placeholder) kept.placeholder = said.placeholder;
  if (dom.localName === "wx-input") kept.value = said.value;
  if (dom.localName === "wx-image")
    Object.assign(kept, { src: /^data:/.test(said.src) ? said.src : NOTHING, alt: said.alt });
  if (said.disabled === true) kept.disabled = "";
  const there = Object.entries(kept).filter(([, value]) => value !== undefined && value !== null);
  return there.map(([name, value]) => ` ${name}="${escaped(String(value))}"`).join("");
}

const typedIn = (dom) =>
  String(((dom.__wxElement._vt && dom.__wxElement._vt.attrs) || []).find(({ name }) => name === "value")?.value ?? "");

function drawn(node) {
  if (node.nodeType === 3) return escaped(node.textContent);
  const inner = [...node.childNodes].map(drawn).join("");
  // A component's own element has no box of its own.
  if (!node.localName.startsWith("wx-")) return inner;
  const tag = TAGS[node.localName] || "div";
  const open = `<${tag}${attributesOf(node)}>`;
  if (tag === "textarea") return `${open}${escaped(typedIn(node))}</${tag}>`;
  return tag === "input" || tag === "img" ? open : `${open}${inner}</${tag}>`;
}

const inBrowser = (sheet) =>
  sheet
    .replace(/([\d.]+)rpx/g, (_, number) => `${(number * 390) / 750}px`)
    .replace(/(^|[,}\s])page(?=[,{\s])/g, "$1body");

// Keep a page under a name, with its sheets beside it.
function draw(page, name) {
  const broken = /NaN|undefined|\[object|null/.exec(page.text);
  if (broken) throw new Error(`${name} says ${broken[0]}: ${page.text}`);
  fs.mkdirSync(FOLDER, { recursive: true });
  const sheet = path.join(FOLDER, "sheet.css");
  if (!drawnOnce) {
    drawnOnce = true;
    const [own, weui] = ["app.wxss", "vendor/weui.wxss"].map((file) =>
      fs.readFileSync(path.join(ROOT, file), "utf8"),
    );
    fs.writeFileSync(sheet, OWN + inBrowser(weui) + inBrowser(own.replace(/@import[^;]+;/, "")));
  }
  const title = escaped(page.data.t[page.data.title] || "");
  const head =
    `<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>` +
    '<link rel="stylesheet" href="sheet.css">';
  // WeChat's own bar over each page says its title.
  const body = `<header><h1>${title}</h1></header><main>${drawn(page.container)}</main>`;
  fs.writeFileSync(
    path.join(FOLDER, `${name}.html`),
    `<!doctype html><html lang="zh-CN"><head>${head}</head><body>${body}</body></html>`,
  );
}

module.exports = { draw };
