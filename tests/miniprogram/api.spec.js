// The line to the server, over a real one: tokens renewed once, acts done once, nothing typed lost.
const { come, newPhone, start } = require("./county");

const chance = () => Math.random().toString(36).slice(2);

describe("the line", () => {
  let machine;
  let app;
  let api;
  let tokens;

  beforeAll(async () => {
    machine = newPhone(`somebody.${chance()}`);
    app = start(machine);
    await come(app, "liu.mother");
    api = app.require("door/api");
    tokens = app.require("door/tokens");
  });

  test("renews a token that has run out once, for however many requests wait", async () => {
    await tokens.keep({ access_token: "run out" });
    const before = machine.line.count(/refreshed/);
    const answers = await Promise.all(["/drafts", "/cases", "/sign-ins"].map((path) => api.get(path)));
    expect(answers.every(Boolean)).toBe(true);
    expect(machine.line.count(/refreshed/) - before).toBe(1);
  });

  test("stays signed in when the answer of a renewal was lost", async () => {
    await tokens.keep({ access_token: "run out" });
    machine.line.cut(/refreshed/, "answer");
    await expect(api.get("/cases")).rejects.toMatchObject({ reason: "away" });
    // The app is closed and opened: what it knows is what was stored.
    const again = start(machine);
    expect((await again.require("door/api").get("/cases")).cases).toEqual([]);
  });

  test("says a refusal in both languages with its reason", async () => {
    await expect(api.get("/cases/XX-000000-000-0000")).rejects.toMatchObject({
      status: 404,
      reason: "not_found",
    });
    const error = await api.put("/drafts/none/values", { values: {} }).catch((each) => each);
    expect([error.zh, error.en].every((text) => text.length > 3)).toBe(true);
  });

  test("keeps tokens and what is typed encrypted, and nothing of who it is", () => {
    const names = [...machine.storage.keys()];
    expect(names.filter((name) => !name.startsWith("encrypted:") && name !== "settings")).toEqual([]);
    // Every invented person's number begins like this; a token may have as many digits in a row by chance.
    expect(machine.atRest()).not.toMatch(/411599\d{11}[\dX]/);
  });

  test("leaves nothing on the phone when somebody signs out", async () => {
    const other = newPhone(`somebody.${chance()}`);
    const its = start(other);
    await come(its, "stranger.man");
    const draft = await its.require("door/drafts").open("P-RETIRE");
    other.line.cut(/PUT .*values/, "request");
    await its.require("door/unsent").put(draft.id, "application.mobile", "19900000001");
    await its.require("door/unsent").flush(draft.id);
    expect(other.atRest()).toContain("19900000001");
    await its.require("door/entering").signOut(false);
    expect([...other.storage.keys()]).toEqual([]);
    await expect(its.require("door/api").get("/cases")).rejects.toMatchObject({ status: 401 });
  });
});

describe("what is typed", () => {
  let machine;
  let app;
  let draft;

  beforeAll(async () => {
    machine = newPhone(`somebody.${chance()}`);
    app = start(machine);
    await come(app, "sun.mother");
    draft = await app.require("door/drafts").open("P-RETIRE");
  });

  const valueOf = (view, fact) =>
    view.form.sections.flatMap(({ fields }) => fields).find((each) => each.fact === fact).value;

  test("survives a bad line and a killed app, and is gone from the phone once it is sent", async () => {
    machine.line.cut(/PUT .*values/, "request", 2);
    await app.require("door/unsent").put(draft.id, "application.mobile", "19900001111");
    expect(await app.require("door/unsent").flush(draft.id)).toMatchObject({ unsent: true });
    app.require("door/unsent").rest();
    app = start(machine);
    expect(await app.require("door/unsent").list(draft.id)).toEqual({ "application.mobile": "19900001111" });
    await app.require("door/unsent").retryAll();
    expect(await app.require("door/unsent").list(draft.id)).toEqual({ "application.mobile": "19900001111" });
    await app.require("door/unsent").retryAll();
    expect(await app.require("door/unsent").list(draft.id)).toEqual({});
    expect(machine.atRest()).not.toContain("19900001111");
    expect(valueOf(await app.require("door/drafts").view(draft.id), "application.mobile")).toBe(
      "19900001111",
    );
  });

  test("is typed over while an older value is on its way: the newer one stays and goes", async () => {
    const unsent = app.require("door/unsent");
    await unsent.put(draft.id, "application.mobile", "19900002222");
    const first = unsent.flush(draft.id);
    await unsent.put(draft.id, "application.mobile", "19900003333");
    await first;
    const { draft: view } = await unsent.flush(draft.id);
    const last = view || (await app.require("door/drafts").view(draft.id));
    expect(valueOf(last, "application.mobile")).toBe("19900003333");
    expect(await unsent.list(draft.id)).toEqual({});
  });

  test("is kept beside a value that cannot be taken, which is named", async () => {
    const unsent = app.require("door/unsent");
    await unsent.put(draft.id, "application.mobile", "123");
    const came = await unsent.flush(draft.id);
    expect(came.faults.map(({ field }) => field)).toEqual(["application.mobile"]);
    expect(came.faults[0].zh).toBeTruthy();
    expect(machine.atRest()).not.toContain('"123"');
  });
});
