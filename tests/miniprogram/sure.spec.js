// Making sure once more before money of the deceased is paid to somebody: a code by text message.
const { hasClass, reads, settled } = require("./app");
const { atDesk, come, newPhone, start } = require("./county");
const { draw } = require("./drawing");

const MOBILE = "19900000010";

let machine;
let app;
let page;
let draft;

const main = () => page.touch((dom) => hasClass(dom, "main-button"), true);

beforeAll(async () => {
  machine = newPhone(`somebody.${Math.random().toString(36).slice(2)}`);
  app = start(machine);
  await come(app, "huang.widow");
  const drafts = app.require("door/drafts");
  draft = (await drafts.open("P-AFTER-DEATH")).id;
  await drafts.choose(draft, ["DEATH-CERT", "HUKOU-CANCEL", "DEPOSIT"]);
});

test("is asked for because of what was chosen, and wants a number first", async () => {
  const view = await app.require("door/drafts").view(draft);
  expect(view.step_up.done).toBe(false);
  page = await app.open(`/pages/sure/sure?draft=${draft}`);
  expect(page.text).toContain(view.step_up.why_zh);
  expect(page.text).toContain("请先在表上填写手机号");
  expect(page.list("wx-button")).toEqual([]);
  await page.touch(reads("去填表"));
  expect(machine.gone[machine.gone.length - 1].url).toBe(`/pages/form/form?draft=${draft}`);
});

test("goes by a code that is sent to the number, and not by a wrong one", async () => {
  await app.require("door/drafts").fill(draft, { "application.mobile": MOBILE });
  page = await app.open(`/pages/sure/sure?draft=${draft}`);
  expect(page.text).not.toContain(MOBILE);
  await page.touch(reads("获取验证码"), true);
  await settled(() => page.data.asked.sent_at);
  draw(page, "sure");
  await main();
  expect(page.text).toContain("请先填写短信里的验证码");
  const { code } = await atDesk("/texts", { mobile: MOBILE });
  expect(code).toMatch(/^\d{6}$/);
  const wrong = code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
  page.instance.typeCode({ detail: { value: wrong } });
  await main();
  expect(page.text).toContain("验证码不对或已过期");
  page.instance.typeCode({ detail: { value: code } });
  machine.line.cut(/POST .*answers/, "answer");
  await main();
  expect(page.text).toContain("网络不通");
  await main();
  expect(machine.gone[machine.gone.length - 1].how).toBe("navigateBack");
  expect((await app.require("door/drafts").view(draft)).step_up.done).toBe(true);
});

test("is led to from the review, and no more once it is done", async () => {
  page = await app.open(`/pages/review/review?draft=${draft}`);
  expect(page.data.unsure).toBe(false);
  const drafts = app.require("door/drafts");
  const asked = { ...page.data.draft, ready: true, step_up: { ...page.data.draft.step_up, done: false } };
  page.component.setData({ draft: asked, unsure: true });
  expect(page.text).toContain(asked.step_up.why_zh);
  await main();
  expect(machine.gone[machine.gone.length - 1].url).toBe(`/pages/sure/sure?draft=${draft}`);
  expect((await drafts.view(draft)).ready).toBe(false);
});
