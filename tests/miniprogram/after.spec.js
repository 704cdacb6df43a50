// After an application was handed in: results and parcels, a register's value called wrong, withdrawing, and
// how one is told.
const path = require("node:path");
const { hasClass, reads, settled } = require("./app");
const { come, newPhone, recorded, start } = require("./county");
const { draw } = require("./drawing");

const { open, ready, sent } = recorded("finished");
const ADDRESS = { name: "王某某", mobile: "19900000009", address: "河南省新县某路1号" };

let machine;
let app;
let page;

const main = () => page.touch((dom) => hasClass(dom, "main-button"), true);
const last = () => machine.gone[machine.gone.length - 1];

beforeAll(async () => {
  machine = newPhone(`somebody.${Math.random().toString(36).slice(2)}`);
  app = start(machine);
  await come(app, "tong.mother");
});

describe("results", () => {
  test("are led to from the application, each with what can be done with it", async () => {
    page = await app.open(`/pages/case/case?case=${ready}`);
    await page.touch(reads("领取、寄送、查物流"));
    expect(last().url).toBe(`/pages/results/results?case=${ready}`);
    page = await app.follow();
    expect(page.text).toContain("居民户口簿");
    expect(page.data.results).toHaveLength(2);
    expect(page.data.sendable).toBe(2);
    draw(page, "results");
  });

  test("are read as the e-licence service has them", async () => {
    await page.touch(reads("查看文件"), true);
    await settled(() => machine.opened);
    expect(machine.opened.subarray(0, 5).toString()).toBe("%PDF-");
  });

  test("are taken as an e-licence once, though the answer was lost", async () => {
    const [licence] = page.data.results.filter(({ byLicence }) => byLicence);
    machine.line.cut(/POST .*issue$/, "answer");
    const dom = (each) => each.__wxElement.dataset.id === licence.id && each.textContent === "领取电子证照";
    await page.touch(dom, true);
    await settled(() => page.data.problem);
    expect(page.text).toContain("网络不通");
    await page.touch(dom, true);
    await settled(() => page.data.results.find(({ id }) => id === licence.id).state === "issued");
    const { licences } = await app.require("door/mine").licences();
    expect(licences.filter((each) => each.case === ready)).toHaveLength(1);
  });

  test("are sent home: what was typed survives a lost line and a phone switched off", async () => {
    await main();
    page = await app.follow();
    expect(page.data.results).toHaveLength(1);
    draw(page, "delivery");
    const type = (fact, value) => page.instance.filled({ detail: { fact, value } });
    Object.entries({ ...ADDRESS, mobile: "1" }).forEach(([fact, value]) => type(fact, value));
    await main();
    expect(page.text).toContain("请填写收件人、手机号码和地址");
    type("mobile", ADDRESS.mobile);
    machine.line.cut(/POST .*shipments/, "answer");
    await main();
    expect(page.text).toContain("网络不通");
    expect(machine.atRest()).toContain(ADDRESS.address);
    app = start(machine);
    page = await app.open(`/pages/delivery/delivery?case=${ready}`);
    // The answer was lost, not the parcel: nothing is left to be sent.
    expect(page.text).toContain("现在没有可以寄的结果");
    page = await app.open(`/pages/results/results?case=${ready}`);
    expect(page.data.parcels).toHaveLength(1);
    expect(page.text).toContain("等待揽收");
    expect(page.text).not.toContain(ADDRESS.name);
  });

  test("are followed to the door", async () => {
    page = await app.open(`/pages/results/results?case=${sent}`);
    const [parcel] = page.data.parcels;
    expect(parcel.state).toBe("delivered");
    expect(parcel.inside).toHaveLength(2);
    expect(page.list("wx-view", "moment")).toHaveLength(parcel.trace.length);
    expect(parcel.trace.length).toBeGreaterThan(1);
    const times = parcel.trace.map(({ at }) => Date.parse(at));
    expect(times).toEqual([...times].sort((one, other) => other - one));
    draw(page, "parcel");
  });

  test("of nothing say so", async () => {
    page = await app.open(`/pages/results/results?case=${open}`);
    expect(page.text).toContain("还没有结果");
    expect(page.list("wx-button")).toEqual([]);
  });

  test("of anybody else's are not there", async () => {
    const stranger = newPhone(`somebody.${Math.random().toString(36).slice(2)}`);
    const its = start(stranger);
    await come(its, "stranger.woman");
    for (const name of ["results", "delivery", "values", "withdrawal"]) {
      const foreign = await its.open(`/pages/${name}/${name}?case=${ready}`);
      expect([name, foreign.data.loaded, Boolean(foreign.data.problem)]).toEqual([name, false, true]);
      expect(foreign.text).not.toMatch(/出生|旧址/);
    }
  });
});

describe("a register's value", () => {
  test("is shown with its source, and called wrong after handing in", async () => {
    page = await app.open(`/pages/values/values?case=${open}`);
    expect(page.text).toContain("旧址1号");
    draw(page, "values");
    await page.touch((dom) => hasClass(dom, "wrong"));
    await settled(() => page.data.field);
    expect(page.text).toContain("正确的应该是");
    await main();
    expect(page.text).toContain("请填写正确的内容");
    page.type(page.list("wx-textarea")[0], "河南省信阳市新县新址2号");
    machine.line.cut(/POST .*disputes/, "request");
    await main();
    expect(page.text).toContain("网络不通");
    draw(page, "value-wrong");
  });

  test("that was not sent is offered again as it was typed, and is sent once", async () => {
    app = start(machine);
    page = await app.open(`/pages/values/values?case=${open}`);
    await page.instance.callWrong({ detail: { fact: "mother.address" } });
    expect(page.text).toContain("上次没有发送成功");
    expect(page.data.typed).toEqual({ value: "河南省信阳市新县新址2号" });
    await main();
    await settled(() => page.data.field === null);
    expect(machine.atRest()).not.toContain("新址2号");
    expect(page.list("wx-view", "wrong")).toEqual([]);
    expect(page.text).toContain("核实中");
    const { disputes } = await app.require("door/cases").view(open);
    expect(disputes).toHaveLength(1);
  });

  test("is shown to be wrong by a photograph, sent once more when the line broke", async () => {
    machine.photographs = [path.join(process.env.ONETHING_TEST_RECORDED, "page.jpg")];
    machine.line.cut(/POST .*disputes.*pages/, "answer");
    await page.touch(reads("拍能证明的材料"));
    await settled(() => (page.data.waiting["mother.address"] || []).some(({ sending }) => sending === false));
    draw(page, "value-evidence");
    app = start(machine);
    page = await app.open(`/pages/values/values?case=${open}`);
    await page.touch(reads("再发送"));
    await settled(() => page.data.shown["mother.address"]);
    expect(page.text).toContain("照片已交");
    expect(page.data.waiting["mother.address"]).toEqual([]);
    machine.photographs = [path.join(process.env.ONETHING_TEST_RECORDED, "no-picture.jpg")];
    await page.touch(reads("拍能证明的材料"));
    await settled(() => (page.data.waiting["mother.address"] || []).some(({ problem }) => problem));
  });
});

describe("withdrawing", () => {
  test("says what goes along before it is done, and one matter leaves the others", async () => {
    page = await app.open(`/pages/case/case?case=${open}`);
    await page.touch((dom) => hasClass(dom, "quiet-button") && reads("撤回")(dom));
    expect(last().url).toMatch(new RegExp(`^/pages/withdrawal/withdrawal[?]case=${open}&matter=[A-Z-]+$`));
    page = await app.open(`/pages/withdrawal/withdrawal?case=${open}`);
    expect(page.data.matter).toBe("");
    draw(page, "withdrawal");
    await page.touch((dom) => hasClass(dom, "choice") && dom.textContent.includes("预防接种证"));
    machine.answersYes = false;
    await main();
    expect(machine.line.count(/POST .*withdrawal/)).toBe(0);
    machine.answersYes = true;
    machine.line.cut(/POST .*withdrawal/, "answer");
    await main();
    await settled(() => page.data.problem);
    expect(page.text).toContain("网络不通");
    await main();
    await settled(() => last().how === "navigateBack");
    const { parts } = await app.require("door/cases").view(open);
    expect(parts.map(({ matter, state }) => [matter, state === "withdrawn"])).toEqual(
      expect.arrayContaining([
        ["VACCINE", true],
        ["BIRTH-CERT", false],
      ]),
    );
  });

  test("is too late for what is done", async () => {
    page = await app.open(`/pages/withdrawal/withdrawal?case=${sent}`);
    expect(page.text).toContain("不能撤回了");
    expect(page.list("wx-button")).toEqual([]);
  });
});

describe("how messages come", () => {
  test("is chosen, and stays chosen over a bad line", async () => {
    page = await app.open("/pages/messages/messages");
    await page.touch(reads("怎么通知我"));
    page = await app.follow();
    draw(page, "notices");
    const on = () => page.data.ways.filter((each) => each.on && each.offered).map(({ code }) => code);
    const [first] = on();
    const { zh } = page.data.ways.find(({ code }) => code === first);
    await page.touch((dom) => hasClass(dom, "choice") && dom.textContent.endsWith(zh));
    await page.touch((dom) => hasClass(dom, "choice") && dom.textContent.endsWith("English"));
    machine.line.cut(/PUT .*message-settings/, "request");
    await main();
    expect(page.text).toContain("网络不通");
    expect(on()).not.toContain(first);
    await main();
    expect(machine.shown).toContain("已保存");
    page = await app.open("/pages/notices/notices");
    expect(on()).not.toContain(first);
    expect(page.data.language).toBe("en");
    expect(page.data.always.length).toBeGreaterThan(0);
  });

  test("through WeChat is allowed message by message", async () => {
    const before = page.data.templates.reduce((sum, { left }) => sum + left, 0);
    machine.subscribed = "reject";
    await page.instance.allow();
    expect(page.data.templates.reduce((sum, { left }) => sum + left, 0)).toBe(before);
    machine.subscribed = "accept";
    await page.instance.allow();
    expect(page.data.templates.reduce((sum, { left }) => sum + left, 0)).toBeGreaterThan(before);
  });
});

test("what government holds is asked for by what was ticked, and leaves no trace on the phone", async () => {
  page = await app.open("/pages/held/held");
  const all = page.data.documents.map(({ document }) => document);
  expect(all.length).toBeGreaterThan(1);
  draw(page, "held-ask");
  for (const code of all) page.instance.toggle({ currentTarget: { dataset: { code } } });
  await main();
  expect(page.text).toContain("请勾选要查询的");
  page.instance.toggle({ currentTarget: { dataset: { code: "hukou_book" } } });
  await main();
  await settled(() => page.data.answer);
  expect(page.data.answer.held.map(({ document }) => document)).toEqual(["hukou_book"]);
  expect([page.data.answer.not_held, page.data.answer.unavailable]).toEqual([[], []]);
  draw(page, "held");
  expect(machine.atRest()).not.toContain(page.data.answer.held[0].identifier);
  page.instance.onHide();
  expect(page.text).not.toContain("有电子证照");
});

test("a licence's file is opened from the list of mine", async () => {
  machine.opened = null;
  page = await app.open("/pages/licences/licences");
  const own = page.data.licences.find((each) => each.case === ready);
  await page.instance.openFile({ currentTarget: { dataset: own } });
  expect(machine.opened.subarray(0, 5).toString()).toBe("%PDF-");
});

test.each([
  ["held", ""],
  ["results", `case=${sent}`],
  ["delivery", `case=${sent}`],
  ["withdrawal", `case=${open}`],
  ["notices", ""],
  ["mandates", ""],
  ["mandate", ""],
  ["mandate", "kind=help"],
])("%s %s is wholly in English where that is wanted", async (name, query) => {
  app.require("door/settings").choose({ lang: "en" });
  page = await app.open(`/pages/${name}/${name}?${query}`);
  expect(page.data.loaded).toBe(true);
  expect(page.text.replace(/中文|王\*某/g, "")).not.toMatch(/[\u4e00-\u9fff]/);
  app.require("door/settings").choose({ lang: "zh" });
});

test("accounts bound to a person are listed, and letting go of this one signs it out", async () => {
  page = await app.open("/pages/me/me");
  expect(page.text).toContain("绑定到我的账号");
  const own = page.data.bindings.find(({ here }) => here);
  expect(own.zh).toBe("微信");
  machine.answersYes = false;
  await page.instance.letGo({ currentTarget: { dataset: { id: own.id } } });
  expect(page.data.who).not.toBe(null);
  machine.answersYes = true;
  await page.instance.letGo({ currentTarget: { dataset: { id: own.id } } });
  expect(machine.gone.some(({ how, url }) => how === "reLaunch" && url === "/pages/enter/enter")).toBe(true);
});
