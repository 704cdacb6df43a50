// Acting for another: given on one phone, done on the other, in the principal's name and no longer than they
// want.
const { hasClass, reads, settled } = require("./app");
const { come, newPhone, recorded, start } = require("./county");
const { draw } = require("./drawing");

const { people } = recorded("finished");
const AGENT = people["stranger.man"];

let worker;
let agent;
let draft;

async function phoneOf(login) {
  const machine = newPhone(`somebody.${Math.random().toString(36).slice(2)}`);
  const app = start(machine);
  await come(app, login);
  return { machine, app };
}

const main = (page) => page.touch((dom) => hasClass(dom, "main-button"), true);
const gone = ({ machine }) => machine.gone[machine.gone.length - 1];
const mandatesOf = ({ app }) => app.require("door/mandates").list();

beforeAll(async () => {
  worker = await phoneOf("fang.worker");
  agent = await phoneOf("stranger.man");
});

describe("a mandate", () => {
  test("is not given to nobody or for nothing, and a wrong number is named beside its field", async () => {
    const page = await worker.app.open("/pages/mandate/mandate");
    await main(page);
    expect(page.text).toContain("请填写对方的姓名和身份证号码");
    page.instance.filled({ detail: { fact: "name", value: AGENT.name } });
    page.instance.filled({ detail: { fact: "id_number", value: `${AGENT.id_number.slice(0, 17)}?` } });
    await main(page);
    expect(page.text).toContain("请勾选委托办什么");
    await page.touch((dom) => hasClass(dom, "choice") && dom.textContent.includes("退休"));
    await main(page);
    expect(page.list("wx-view", "fault")).toHaveLength(1);
    draw(page, "mandate");
  });

  test("is given once, though the answer was lost and the phone switched off", async () => {
    let page = await worker.app.open("/pages/mandate/mandate");
    page.instance.filled({ detail: { fact: "name", value: AGENT.name } });
    page.instance.filled({ detail: { fact: "id_number", value: AGENT.id_number } });
    await page.touch((dom) => hasClass(dom, "choice") && dom.textContent.includes("退休"));
    worker.machine.line.cut(/POST .*mandates$/, "answer");
    await main(page);
    expect(page.text).toContain("网络不通");
    worker.app = start(worker.machine);
    page = await worker.app.open("/pages/mandate/mandate");
    expect(page.text).toContain("上次没有发送成功");
    await main(page);
    expect(gone(worker).how).toBe("navigateBack");
    expect(worker.machine.atRest()).not.toContain(AGENT.id_number);
    expect((await mandatesOf(worker)).given).toHaveLength(1);
    page = await worker.app.open("/pages/mandates/mandates");
    draw(page, "mandates");
    expect(page.text).not.toContain(AGENT.id_number);
  });

  test("lets the other begin the principal's form, with the name on every page of it", async () => {
    const page = await agent.app.open("/pages/mandates/mandates");
    draw(page, "mandates-held");
    await page.touch((dom) => hasClass(dom, "line") && dom.textContent.startsWith("代办："), true);
    await settled(() => agent.machine.gone.length);
    const choosing = await agent.app.follow();
    draft = choosing.data.id;
    await settled(() => choosing.data.acting);
    expect(choosing.text).toContain(`正在代办：${page.data.held[0].principal_masked}`);
    draw(choosing, "choosing-for-another");
    expect(choosing.data.draft.holder.masked_name).toBe(page.data.held[0].principal_masked);
    expect((await worker.app.require("door/drafts").view(draft)).id).toBe(draft);
    const home = await agent.app.open("/pages/home/home");
    expect(home.data.begun.map(({ id }) => id)).toContain(draft);
  });

  test("brings what was typed for the principal to the principal, also after acting has ended", async () => {
    const form = await agent.app.open(`/pages/form/form?draft=${draft}`);
    agent.machine.line.cut(/PUT .*values/, "request");
    const typed = { fact: "application.mobile", value: "19900007777", finished: true };
    await form.instance.filled({ detail: typed });
    expect(await agent.app.require("door/unsent").list(draft)).toEqual({ [typed.fact]: typed.value });
    await form.touch(reads("结束代办"));
    await settled(() => gone(agent).how === "reLaunch");
    expect(await agent.app.require("door/acting").find()).toBe(null);
    await expect(agent.app.require("door/drafts").view(draft)).rejects.toMatchObject({ status: 404 });
    await agent.app.require("door/unsent").retryAll();
    const view = await worker.app.require("door/drafts").view(draft);
    const field = view.form.sections.flatMap(({ fields }) => fields).find(({ fact }) => fact === typed.fact);
    expect(field.value).toBe(typed.value);
  });

  test("is named in no request that is the agent's own", async () => {
    const [{ id, principal_masked: name }] = (await mandatesOf(agent)).held;
    await agent.app.require("door/acting").begin(id, name);
    const before = agent.machine.line.asked.length;
    await agent.app.require("door/messages").list();
    await agent.app.require("door/mine").licences();
    await agent.app.require("door/drafts").list();
    const named = agent.machine.line.asked.slice(before).map(({ header }) => header["acting-for"] || "");
    expect(named).toEqual(["", "", id]);
  });

  test("taken back does nothing more, and the phone is its own person's again", async () => {
    let page = await worker.app.open("/pages/mandates/mandates");
    await page.touch(reads("马上撤销"), true);
    await settled(() => page.data.given[0].state === "revoked");
    page = await agent.app.open(`/pages/form/form?draft=${draft}`);
    await settled(() => page.data.problem);
    expect(page.text).toContain("委托已撤销或已到期");
    await settled(() => page.data.acting === null);
    expect(await agent.app.require("door/acting").find()).toBe(null);
    page = await agent.app.open("/pages/mandates/mandates");
    expect(page.data.held).toEqual([]);
  });
});

test("single matters are picked, and one that needs another is said to", async () => {
  const page = await worker.app.open("/pages/mandate/mandate");
  page.instance.filled({ detail: { fact: "name", value: AGENT.name } });
  page.instance.filled({ detail: { fact: "id_number", value: AGENT.id_number } });
  const choice = (text) => (dom) => hasClass(dom, "choice") && dom.textContent.includes(text);
  await page.touch(choice("新生儿出生"));
  await page.touch(reads("只委托其中几项"));
  draw(page, "mandate-matters");
  await page.touch(choice("社会保障卡"));
  await main(page);
  expect(page.text).toContain("社会保障卡要用孩子的身份证号码");
  await page.touch(choice("社会保障卡"));
  await page.touch(choice("出生医学证明"));
  await main(page);
  expect(gone(worker).how).toBe("navigateBack");
  const [{ things, matters }] = (await mandatesOf(worker)).given;
  expect([things.map(({ code }) => code), matters.map(({ code }) => code)]).toEqual([
    ["P-NEWBORN"],
    ["BIRTH-CERT"],
  ]);
});

test("a clerk helps by a code that is shown once, and is no agent", async () => {
  const page = await worker.app.open("/pages/mandate/mandate?kind=help");
  expect(page.list("wx-input")).toEqual([]);
  await page.touch((dom) => hasClass(dom, "choice") && dom.textContent.includes("退休"));
  await main(page);
  await settled(() => page.data.made);
  expect(page.text).toContain(page.data.made.code);
  draw(page, "help-code");
  const [{ kind, state }] = (await mandatesOf(worker)).given;
  expect([kind, state]).toEqual(["helper", "waiting"]);
  expect(worker.machine.atRest()).not.toContain(page.data.made.code);
});

test("whoever signs in on this phone next acts for nobody and sees nothing typed before", async () => {
  const { machine, app } = await phoneOf("fang.worker");
  await app.require("door/acting").begin("m", "张*");
  const act = app.require("door/acts").send("mandate agent", { name: "某某" }, () => {
    throw new (app.require("door/refusals").Away)();
  });
  await expect(act).rejects.toMatchObject({ reason: "away" });
  expect(machine.atRest()).toContain("某某");
  await app.require("door/entering").signIn();
  expect(machine.atRest()).not.toContain("某某");
  expect(await app.require("door/acting").find()).toBe(null);
});
