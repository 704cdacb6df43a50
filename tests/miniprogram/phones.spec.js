// Several phones and one application: the father's, two of the mother's, and one that goes on from a kiosk.
const fs = require("node:fs");
const path = require("node:path");
const { hasClass, reads, settled } = require("./app");
const { atDesk, come, logIn, newPhone, start } = require("./county");
const { draw } = require("./drawing");

const chance = () => Math.random().toString(36).slice(2);

async function phoneOf(login) {
  const machine = newPhone(`somebody.${chance()}`);
  const app = start(machine);
  await come(app, login);
  return { machine, app };
}

async function agreeToAll(app, draft) {
  const drafts = app.require("door/drafts");
  let view = await drafts.view(draft);
  for (let time = 0; time < 4 && view.consent.needed; time += 1) {
    await drafts.consent(draft, Object.fromEntries(view.consent.sources.map(({ id }) => [id, true])));
    view = await drafts.fetch(draft);
  }
  return view;
}

const main = (page) => page.touch((dom) => hasClass(dom, "main-button"), true);
const signature = () =>
  fs.readFileSync(path.join(process.env.ONETHING_TEST_RECORDED, "signature.png")).toString("base64");

describe("the father authorises on his own phone", () => {
  let mother;
  let draft;
  let secret;
  let father;

  beforeAll(async () => {
    mother = await phoneOf("chen.mother");
    draft = (await mother.app.require("door/drafts").open("P-NEWBORN")).id;
    await agreeToAll(mother.app, draft);
  });

  test("the mother makes an invitation and shares it, with nothing of anybody in it", async () => {
    const consent = await mother.app.open(`/pages/consent/consent?draft=${draft}`);
    await consent.touch(reads("邀请本人授权"));
    const page = await mother.app.follow();
    await main(page);
    draw(page, "invite");
    expect(page.text).toContain("邀请已生成");
    const shared = page.instance.onShareAppMessage();
    expect(shared.path).toMatch(/^\/pages\/invited\/invited\?secret=[\w-]{20,}$/);
    expect(shared.title).not.toMatch(/陈|李|\d/);
    secret = shared.path.split("=")[1];
  });

  test("somebody else who has the link sees nothing", async () => {
    const stranger = await phoneOf("stranger.woman");
    const page = await stranger.app.open(`/pages/invited/invited?secret=${secret}`);
    expect(page.data.item).toBe(null);
    expect(page.data.problem.zh).toBeTruthy();
    expect(page.text).not.toContain("新生儿");
  });

  test("he signs in first, sees what concerns him, and agrees", async () => {
    const machine = newPhone(`somebody.${chance()}`);
    const app = start(machine);
    await app.open(`/pages/invited/invited?secret=${secret}`);
    const { url } = machine.gone[machine.gone.length - 1];
    expect(decodeURIComponent(url)).toBe(`/pages/enter/enter?next=/pages/invited/invited?secret=${secret}`);
    await come(app, "chen.father");
    father = app;
    const page = await app.open(`/pages/invited/invited?secret=${secret}`);
    draw(page, "invited");
    expect(page.data.item.can_answer).toBe(true);
    expect(page.data.sources.length).toBeGreaterThan(0);
    if (page.data.item.signs) page.instance.pen = { isSignature: true, drawn: { image: signature() } };
    await main(page);
    expect(page.data.problem).toBe(null);
    expect(["authorised", "given"]).toContain(page.data.item.state);
    const list = await app.open("/pages/invited/invited");
    expect(list.data.mine.map(({ id }) => id)).toEqual([page.data.item.id]);
  });

  test("the mother sees it, and his registers can be asked", async () => {
    const invite = await mother.app.open(`/pages/invite/invite?draft=${draft}&role=father`);
    expect(invite.data.sent).toHaveLength(1);
    if (invite.data.sent[0].can_confirm) await invite.touch(reads("是这个人"), true);
    const page = await mother.app.open(`/pages/consent/consent?draft=${draft}`);
    expect(page.data.draft.authorisations.map(({ role, state }) => [role, state])).toEqual([
      ["father", "proven"],
    ]);
  });

  test("he takes it back while it is not handed in, and the mother sees that too", async () => {
    const [{ id }] = (await father.require("door/invitations").mine()).invitations;
    const page = await father.open(`/pages/invited/invited?invitation=${id}`);
    await page.touch(reads("收回同意"));
    await settled(() => page.data.item.can_take_back === false);
    const { authorisations } = await mother.app.require("door/drafts").view(draft);
    expect(authorisations.map(({ state }) => state)).toEqual(["open"]);
  });
});

describe("the province's page in the web-view", () => {
  let machine;
  let page;

  beforeAll(async () => {
    machine = newPhone(`somebody.${chance()}`);
    const app = start(machine);
    await app.require("door/entering").signIn();
    page = await app.open("/pages/province/province?next=%2Fpages%2Fcases%2Fcases");
  });

  const arrive = (src) => page.instance.arrived({ detail: { src } });
  const proofs = () => machine.line.count(/POST .*proofs/);

  test("is left open while it leads over pages of its own", async () => {
    await main(page);
    const { address } = page.data;
    await arrive("https://elsewhere.invalid/mobile/v1/real-name/other?code=1&state=2");
    expect([page.data.address, proofs()]).toEqual([address, 0]);
  });

  test("that was turned down says so, and can be tried again", async () => {
    await arrive("https://county.invalid/mobile/v1/real-name/return?error=access_denied&state=x");
    expect(page.text).toContain("没有完成实名认证");
    expect([page.data.address, proofs()]).toEqual(["", 0]);
  });

  test("whose answer is another way's is refused, and a step is good once", async () => {
    await main(page);
    const back = new URL(await logIn(page.data.address, "rare.mother"));
    const other = new URL(back);
    other.searchParams.set("state", "another");
    await arrive(other.href);
    await settled(() => page.data.problem);
    expect(page.text).toContain("登录没有成功");
    await arrive(back.href);
    expect(proofs()).toBe(1);
    await main(page);
    await arrive(await logIn(page.data.address, "rare.mother"));
    expect(machine.gone[machine.gone.length - 1]).toEqual({ how: "redirectTo", url: "/pages/cases/cases" });
  });
});

describe("two phones of one person", () => {
  test("type into the same field: neither is lost, and the form asks which stays", async () => {
    const [first, second] = [await phoneOf("sun.mother"), await phoneOf("sun.mother")];
    const draft = (await first.app.require("door/drafts").open("P-MARRIAGE")).id;
    const pages = [];
    for (const { app } of [first, second]) pages.push(await app.open(`/pages/form/form?draft=${draft}`));
    for (const [at, value] of ["19900005551", "19900005552"].entries()) {
      await pages[at].instance.filled({ detail: { fact: "application.mobile", value, finished: true } });
    }
    const [asked] = pages[1].data.draft.replaced;
    expect(asked.values.map(({ zh }) => zh).sort()).toEqual(["19900005551", "19900005552"]);
    expect(pages[1].text).toContain(asked.question_zh);
    await pages[1].touch((dom) => hasClass(dom, "plain-button") && dom.textContent === "19900005551", true);
    expect(pages[1].data.draft.replaced).toEqual([]);
    const value = pages[1].data.draft.form.sections
      .flatMap(({ fields }) => fields)
      .find(({ fact }) => fact === "application.mobile");
    expect(value.value).toBe("19900005551");
  });
});

describe("a kiosk's code", () => {
  test("of something else is said to be none", async () => {
    const { machine, app } = await phoneOf("rare.mother");
    const home = await app.open("/pages/home/home");
    machine.scanned = "https://elsewhere.invalid/?t=x";
    await home.touch(reads("扫自助机上的码，接着办"));
    await settled(() => home.data.problem);
    expect(home.text).toContain("这不是自助机上的二维码");
  });

  test("brings the form to its person's phone, and it goes back", async () => {
    const { draft, text } = await atDesk("/forms", {});
    const stranger = await phoneOf("stranger.man");
    const code = text.split("t=")[1];
    expect((await stranger.app.open(`/pages/handed/handed?code=${code}`)).data.offered).toBe(null);
    const { machine, app } = await phoneOf("rare.mother");
    machine.scanned = text;
    const home = await app.open("/pages/home/home");
    await home.touch(reads("扫自助机上的码，接着办"));
    await settled(() => machine.gone.length);
    const page = await app.follow();
    expect(page.text).toContain("新生儿出生");
    await main(page);
    await settled(() => machine.gone.some(({ url }) => url === `/pages/choosing/choosing?draft=${draft}`));
    draw(page, "handed");
    await page.touch(reads("还给自助机"), true);
    expect(page.data.taken.cause).toBe("given_back");
    expect(page.text).toContain("已交还自助机");
  });

  test("that asks for a paper has it photographed by whoever reads it, signed in or not", async () => {
    const { text } = await atDesk("/papers", {});
    const machine = newPhone("nobody");
    const app = start(machine);
    machine.scanned = text;
    const home = await app.open("/pages/home/home");
    await home.touch(reads("扫自助机上的码，接着办"));
    await settled(() => machine.gone.length);
    expect(machine.gone[0].url).toMatch(/^\/pages\/paper\/paper[?]code=/);
    const page = await app.follow();
    expect(page.text).toContain("新生儿出生");
    await main(page);
    await settled(() => page.data.taken);
    const page1 = path.join(process.env.ONETHING_TEST_RECORDED, "page.jpg");
    machine.photographs = [page1];
    machine.line.cut(/POST .*current.pages/, "answer");
    await page.instance.photograph();
    expect(page.text).toContain("网络不通");
    expect(page.data.waiting).toHaveLength(1);
    await page.touch(reads("再发送"));
    await settled(() => page.data.waiting.length === 0 && !page.data.busy);
    expect(page.data.paper.pages).toBe(1);
    machine.photographs = [path.join(process.env.ONETHING_TEST_RECORDED, "no-picture.jpg")];
    await page.instance.photograph();
    expect([page.data.waiting.length, page.data.paper.pages]).toEqual([0, 1]);
    expect(page.data.problem.zh).toBeTruthy();
    draw(page, "paper");
    expect(machine.atRest()).toBe("[]");
    const other = await start(newPhone("nobody")).open(`/pages/paper/paper?code=${text.split("t=")[1]}`);
    expect(other.data.paper).toBe(null);
    await main(page);
    await settled(() => page.data.over);
    draw(page, "paper-done");
    const again = page.instance.secret;
    await expect(app.require("door/handovers").lookAtPaper(again)).rejects.toMatchObject({ status: 404 });
  });
});
