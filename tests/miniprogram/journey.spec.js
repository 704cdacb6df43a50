// A birth on the mini-program alone: every page rendered, every touch over a real line to the real server,
// with the line cut where it hurts.
const fs = require("node:fs");
const path = require("node:path");
const { hasClass, reads, settled } = require("./app");
const { atDesk, logIn, newPhone, start } = require("./county");
const { draw } = require("./drawing");

const TYPED = {
  "child.name": "孙小满",
  "child.ethnicity": "01",
  "application.mobile": "19900001234",
  "mother.address": "河南省信阳市新县测试路1号",
  "mother.ethnicity": "01",
  "father.ethnicity": "01",
};
const RECORDED = process.env.ONETHING_TEST_RECORDED;

describe("a birth, from the first page to the rating", () => {
  let machine;
  let app;
  let page;
  let draft;
  let number;

  const user = `somebody.${Math.random().toString(36).slice(2)}`;
  const main = () => page.touch((dom) => hasClass(dom, "main-button"), true);
  const went = (url) => settled(() => machine.gone.some((each) => (each.url || "").startsWith(url)));

  beforeAll(() => {
    machine = newPhone(user);
    app = start(machine);
  });

  test("shows what can be done before anybody signs in", async () => {
    page = await app.open("/pages/home/home");
    expect(page.data.things).toHaveLength(13);
    expect(page.text).toContain("新生儿出生");
    draw(page, "home");
    page = await app.open("/pages/guide/guide?thing=P-NEWBORN");
    expect(page.text).toContain("出生医学证明");
    draw(page, "guide");
    await main();
    await went("/pages/enter/enter?next=");
  });

  test("signs in by WeChat once the notice is agreed to, and goes on to the province", async () => {
    page = await app.follow();
    await main();
    expect(machine.shown).toContain("请先勾选同意");
    draw(page, "enter");
    await page.touch((dom) => hasClass(dom, "choice"));
    await main();
    await went("/pages/province/province");
  });

  test("proves the name at the province's own page and comes back by itself", async () => {
    page = await app.follow();
    draw(page, "province");
    await main();
    const { address } = page.data;
    await page.instance.arrived({ detail: { src: address } });
    expect(page.data.address).toBe(address);
    const back = await logIn(address, "sun.mother");
    await page.instance.arrived({ detail: { src: back } });
    await went("/pages/guide/guide?thing=P-NEWBORN");
    expect((await app.require("door/tokens").find()).known_by_name).toBe(true);
  });

  test("chooses the matters and says how the child is registered", async () => {
    page = await app.open("/pages/guide/guide?thing=P-NEWBORN");
    await main();
    await went("/pages/choosing/choosing?draft=");
    page = await app.follow();
    draft = page.data.id;
    const chosen = () => page.data.draft.matters.filter((each) => each.chosen).map(({ code }) => code);
    const before = chosen();
    draw(page, "choosing");
    await page.touch((dom) => hasClass(dom, "choice") && dom.textContent.includes("预防接种证"), true);
    expect(before.filter((code) => !chosen().includes(code))).toEqual(["VACCINE"]);
    await page.touch((dom) => hasClass(dom, "choice") && dom.textContent.includes("预防接种证"), true);
    expect(chosen()).toEqual(before);
    await page.touch((dom) => hasClass(dom, "choice") && dom.textContent.includes("随父亲"), true);
    await settled(() => page.data.draft.questions[0].value === "father");
    await page.touch((dom) => hasClass(dom, "choice") && dom.textContent.includes("随母亲"), true);
    await settled(() => page.data.draft.questions[0].value === "mother");
    await main();
    await went("/pages/consent/consent");
  });

  test("agrees source by source, goes on without the father, and has the form filled in", async () => {
    page = await app.follow();
    draw(page, "consent");
    for (let time = 0; time < 4 && page.data.draft.consent.needed; time += 1) await main();
    await page.touch((dom) => dom.dataset.role === "father" || reads("不授权，我自己填")(dom), true);
    await settled(() => page.data.draft.authorisations.every(({ state }) => state !== "open"));
    for (let time = 0; time < 4 && page.data.draft.consent.needed; time += 1) await main();
    if (!machine.gone.some(({ url }) => url.startsWith("/pages/form/form"))) await main();
    await went("/pages/form/form");
  });

  const fieldsOf = () => page.data.draft.form.sections.flatMap(({ fields }) => fields);
  const missing = () => page.data.draft.missing.filter(({ kind }) => kind === "fact").map(({ id }) => id);

  test("types what is missing over a line that is cut, and loses nothing", async () => {
    page = await app.open(`/pages/form/form?draft=${draft}`);
    expect(page.text).toContain("有误");
    const name = page.list("wx-input").find((dom) => dom.__wxElement && !dom.textContent);
    expect(name).toBeTruthy();
    machine.line.cut(/PUT .*values/, "request");
    await page.instance.filled({
      detail: { fact: "child.name", value: TYPED["child.name"], finished: true },
    });
    expect(page.text).toContain("未保存，网络恢复后自动保存");
    draw(page, "form-unsent");
    expect(await app.require("door/unsent").list(draft)).toEqual({ "child.name": TYPED["child.name"] });
    machine.networkListeners.forEach((listener) => listener({ isConnected: true }));
    await app.require("door/unsent").retryAll();
    await settled(() => fieldsOf().find(({ fact }) => fact === "child.name").value === TYPED["child.name"]);
    expect(page.text).toContain("已保存");
  });

  test("names a fault beside its field and on top, and keeps what was typed there", async () => {
    await page.instance.filled({ detail: { fact: "application.mobile", value: "12", finished: true } });
    expect(page.data.wrongs).toHaveLength(1);
    expect(page.data.typed["application.mobile"].value).toBe("12");
    expect(page.list("wx-view", "fault")).toHaveLength(1);
    draw(page, "form");
    await page.touch((dom) => hasClass(dom, "problem__link"));
    expect(machine.scrolled.selector).toMatch(/^#block-\d+$/);
    for (let time = 0; time < 3; time += 1) {
      for (const fact of missing()) {
        await page.instance.filled({ detail: { fact, value: TYPED[fact], finished: true } });
      }
    }
    expect(missing()).toEqual([]);
    expect(page.data.wrongs).toEqual([]);
    await main();
    await went("/pages/materials/materials");
  });

  test("calls a register's value wrong, with a photograph that shows it", async () => {
    page = await app.open(`/pages/form/form?draft=${draft}`);
    const wrong = fieldsOf().find((each) => each.fact === "mother.address" && each.state === "found");
    await page.instance.callWrong({ detail: { fact: wrong.fact } });
    await went("/pages/wrong/wrong");
    page = await app.follow();
    expect(page.text).toContain(wrong.display_zh);
    await main();
    expect(page.text).toContain("请填写正确的内容");
    page.type(page.list("wx-textarea")[0], TYPED["mother.address"]);
    machine.photographs = [path.join(RECORDED, "page.jpg")];
    await page.instance.take();
    await settled(() => page.data.evidence.length === 1);
    draw(page, "wrong");
    machine.line.cut(/POST .*disputes/, "answer");
    await main();
    await main();
    expect(machine.gone[machine.gone.length - 1].how).toBe("navigateBack");
    page = await app.open(`/pages/form/form?draft=${draft}`);
    const now = fieldsOf().find((each) => each.fact === wrong.fact);
    expect([now.state, now.value]).toEqual(["disputed", TYPED["mother.address"]]);
  });

  test("photographs a paper; the phone loses power, and the upload goes on where it was cut", async () => {
    page = await app.open(`/pages/materials/materials?draft=${draft}`);
    const wanted = page.data.asked.filter((each) => each.required);
    expect(wanted.length).toBeGreaterThan(0);
    for (const material of wanted) {
      machine.photographs = [path.join(RECORDED, "page.jpg")];
      machine.line.cut(/POST .*\/uploads\/\w+$/, "answer");
      await page.instance.take({ currentTarget: { dataset: { material: material.id } } });
      const [picture] = page.data.waiting[material.id];
      expect(picture.sending).toBe(false);
      draw(page, "materials");
      expect(fs.readdirSync(machine.saved)).toHaveLength(1);
      // What is known after the phone was switched on again is what was stored.
      app = start(machine);
      page = await app.open(`/pages/materials/materials?draft=${draft}`);
      expect(page.data.waiting[material.id]).toHaveLength(1);
      const pieces = machine.line.count(/POST .*\/uploads\/\w+$/);
      await page.touch(reads("再发送"));
      await settled(() => page.data.asked.find(({ id }) => id === material.id).pages.length === 1);
      const size = fs.statSync(path.join(RECORDED, "page.jpg")).size;
      expect(machine.line.count(/POST .*\/uploads\/\w+$/) - pieces).toBe(Math.ceil(size / 65536) - 1);
      expect(fs.readdirSync(machine.saved)).toEqual([]);
      await settled(() => page.data.seen[page.data.asked.find(({ id }) => id === material.id).pages[0].file]);
    }
  });

  test("says why a picture is no page, and lets it be taken again", async () => {
    const [material] = page.data.asked;
    machine.photographs = [path.join(RECORDED, "no-picture.jpg")];
    await page.instance.take({ currentTarget: { dataset: { material: material.id } } });
    expect(page.data.waiting[material.id][0].problem.zh).toBeTruthy();
    await page.touch(reads("重拍"));
    await settled(() => page.data.waiting[material.id].length === 0);
    expect(fs.readdirSync(machine.saved)).toEqual([]);
  });

  test("says so when the phone has no room for a picture", async () => {
    const [material] = page.data.asked;
    machine.photographs = [path.join(RECORDED, "nowhere.jpg")];
    await page.instance.take({ currentTarget: { dataset: { material: material.id } } });
    expect(page.text).toContain("照片没有存下来");
    expect(page.data.waiting[material.id]).toEqual([]);
  });

  test("is signed by finger, and not without", async () => {
    page = await app.open(`/pages/signature/signature?draft=${draft}`);
    const image = fs.readFileSync(path.join(RECORDED, "signature.png")).toString("base64");
    const nothing = () => {};
    const context = {
      scale: nothing,
      beginPath: nothing,
      moveTo: nothing,
      quadraticCurveTo: nothing,
      stroke: nothing,
    };
    const node = { getContext: () => context, toDataURL: () => `data:image/png;base64,${image}` };
    page.instance.takePad({ node, width: 300, height: 100 });
    await main();
    expect(page.text).toContain("请在框内签名");
    draw(page, "signature");
    page.instance.start({ touches: [{ x: 5, y: 5 }] });
    for (let x = 5; x < 200; x += 10) page.instance.move({ touches: [{ x, y: (x * 7) % 90 }] });
    page.instance.end();
    await main();
    await went("/pages/review/review");
  });

  test("is handed in once, though the answer was lost", async () => {
    page = await app.open(`/pages/review/review?draft=${draft}`);
    expect(page.data.draft.missing).toEqual([]);
    expect(page.text).toContain(TYPED["child.name"]);
    draw(page, "review");
    const before = (await app.require("door/cases").list()).cases.length;
    machine.line.cut(/POST .*submission/, "answer");
    await main();
    expect(page.text).toContain("网络不通");
    await main();
    await went("/pages/receipt/receipt?case=");
    page = await app.follow();
    number = page.data.number;
    expect(page.text).toContain(number);
    draw(page, "receipt");
    const { cases } = await app.require("door/cases").list();
    expect(cases).toHaveLength(before + 1);
    expect(cases[0].number).toBe(number);
  });

  test("is followed department by department, and its form can be read", async () => {
    page = await app.open("/pages/cases/cases");
    expect(page.text).toContain(number);
    expect(page.text).toMatch(/20\d\d-\d\d-\d\d \d\d:\d\d/);
    draw(page, "cases");
    page = await app.open(`/pages/case/case?case=${number}`);
    expect(page.data.item.parts.length).toBeGreaterThan(2);
    expect(page.list("wx-view", "lamp").length).toBe(page.data.item.parts.length);
    expect(page.text).toContain("您提交了申请");
    draw(page, "case");
    await page.instance.openForm();
    expect(machine.opened.subarray(0, 5).toString()).toBe("%PDF-");
  });

  test("is supplemented once, with the page, the number and the picture of each", async () => {
    await atDesk("/supplements", { number });
    page = await app.open(`/pages/case/case?case=${number}`);
    expect(page.text).toContain("手机号打不通");
    await main();
    page = await app.follow();
    draw(page, "supplement");
    const [paper] = page.data.papers;
    expect([page.data.facts.length, page.data.notes.length]).toEqual([1, 1]);
    machine.photographs = [path.join(RECORDED, "page.jpg")];
    await page.instance.take({ currentTarget: { dataset: { material: paper.id } } });
    await settled(() => page.data.papers[0].pages.length === 1);
    page.type(page.list("wx-input")[0], "12");
    await main();
    expect(page.list("wx-view", "fault")).toHaveLength(1);
    page.type(page.list("wx-input")[0], "19900009999");
    machine.line.cut(/POST .*supplement$/, "answer");
    await main();
    await main();
    expect(machine.gone[machine.gone.length - 1].how).toBe("navigateBack");
    page = await app.open(`/pages/case/case?case=${number}`);
    expect(page.data.item.wanted).toBe(null);
  });

  test("is rated once", async () => {
    page = await app.open(`/pages/rating/rating?case=${number}&occasion=submission`);
    await main();
    expect(page.text).toContain("请先选择满意程度");
    await page.touch((dom) => hasClass(dom, "choice") && dom.textContent.includes("非常满意"));
    draw(page, "rating");
    machine.line.cut(/POST .*ratings/, "answer");
    await main();
    await main();
    expect(page.text).toContain("谢谢您的评价");
    page = await app.open(`/pages/rating/rating?case=${number}&occasion=submission`);
    await page.touch((dom) => hasClass(dom, "choice") && dom.textContent.includes("非常满意"));
    await main();
    expect(page.data.done).toBe(false);
    expect(page.data.problem.zh).toBeTruthy();
  });

  test("is told in the inbox, and a message leads to the case", async () => {
    page = await app.open("/pages/messages/messages");
    const message = page.data.messages.find(({ kind }) => kind === "supplement_wanted");
    draw(page, "messages");
    await page.instance.open({ currentTarget: { dataset: message } });
    expect(machine.gone[machine.gone.length - 1].url).toBe(`/pages/case/case?case=${number}`);
    expect(page.text).not.toContain("孙");
  });

  test("shows a code for a kiosk, and who has read what", async () => {
    page = await app.open("/pages/licences/licences");
    await page.touch(reads("亮码登录自助机"), true);
    await settled(() => page.data.picture);
    const [first] = [page.data.picture];
    draw(page, "licences");
    await page.instance.draw();
    expect(page.data.picture).not.toBe(first);
    page.instance.onUnload();
    expect(page.data.picture).toBe("");
    page = await app.open("/pages/uses/uses");
    draw(page, "uses");
    expect(page.data.uses.some(({ is_own: own }) => own)).toBe(true);
  });

  test("says who is signed in, in the other language and larger, and signs out", async () => {
    page = await app.open("/pages/me/me");
    expect(page.text).toContain("*");
    draw(page, "me");
    await page.touch(reads("English"));
    expect(page.text).toContain("Sign out");
    await page.touch((dom) => hasClass(dom, "choice") && dom.textContent.includes("Larger text"));
    expect(page.list("wx-view", "care")).toHaveLength(1);
    await page.touch(reads("Sign out"), true);
    await settled(() => page.data.who === null);
    expect([...machine.storage.keys()]).toEqual(["settings"]);
  });
});
