// The five field components and what shows them, rendered from what the server really answers.
const exparser = require("miniprogram-exparser");
const simulate = require("miniprogram-simulate");
const { App, hasClass, trigger } = require("./app");
const { newPhone, recorded } = require("./county");

const THINGS = recorded("things").things.map(({ code }) => code);
let app;

beforeAll(() => {
  app = new App(newPhone("nobody"), "http://127.0.0.1:9");
});

// A component with its properties: {dom, told}, where told collects what it tells the form.
function show(name, properties) {
  const component = simulate.render(app.load(`components/${name}/${name}`), {
    lang: "zh",
    t: app.require("words/words").zh,
    ...properties,
  });
  const container = document.createElement("div");
  component.attach(container);
  const told = [];
  ["filled", "wrong", "counted"].forEach((event) => {
    exparser.addListenerToElement(component.dom.__wxElement, event, ({ detail }) => told.push(detail));
  });
  return {
    component,
    told,
    list: (tag) => [...container.querySelectorAll(tag)],
    text: () => container.textContent,
  };
}

const fieldsOf = (draft) => draft.form.sections.flatMap(({ fields }) => fields);
const drafts = () => THINGS.map((code) => recorded(`draft-${code}`)).concat(recorded("draft-fetched"));
const find = (fits) =>
  drafts()
    .flatMap((draft) => [...fieldsOf(draft), ...draft.questions])
    .find(fits);
const asked = (type) => find((each) => each.type === type && each.editable && each.state !== "found");

describe("every field of every one-thing", () => {
  test.each([...THINGS.map((code) => `draft-${code}`), "draft-fetched"])("%s", (name) => {
    const draft = recorded(name);
    [...fieldsOf(draft), ...draft.questions].forEach((field) => {
      const shown = show("form-field", { field });
      expect(shown.text()).toContain(field.zh);
      const controls = ["wx-input", "wx-textarea", "wx-picker"].flatMap((tag) => shown.list(tag));
      const choices = shown.list("wx-view").filter((dom) => hasClass(dom, "choices"));
      const known = ["found", "card", "computed"].includes(field.state);
      expect([field.fact, controls.length + choices.length]).toEqual([
        field.fact,
        known ? 0 : field.type === "datetime" ? 2 : 1,
      ]);
      if (known && field.display_zh) expect(shown.text()).toContain(field.display_zh);
      if (known && field.source) expect(shown.text()).toContain(field.source.zh);
    });
  });
});

describe("a value that is known", () => {
  const found = () =>
    fieldsOf(recorded("draft-fetched")).find((each) => each.state === "found" && each.editable);

  test("is never an input, and can be called wrong", () => {
    const shown = show("form-field", { field: found() });
    const wrong = shown.list("wx-view").find((dom) => hasClass(dom, "wrong"));
    trigger(wrong, "tap", {});
    expect(shown.told).toEqual([{ fact: found().fact }]);
  });

  test("that is the person's own name cannot", () => {
    const own = fieldsOf(recorded("draft-fetched")).find((each) => each.state === "found" && !each.editable);
    expect(
      show("form-field", { field: own })
        .list("wx-view")
        .some((dom) => hasClass(dom, "wrong")),
    ).toBe(false);
  });

  test("that must stay hidden is masked", () => {
    const hidden = fieldsOf(recorded("draft-fetched")).find(
      (each) => each.type === "citizen_id" && each.value,
    );
    const shown = show("form-field", { field: hidden });
    expect(shown.text()).toContain(hidden.display_zh);
    expect(shown.text()).not.toContain(hidden.value);
    // Typed by the person, it is asked for again, and still not shown.
    const typed = show("text-field", { field: { ...hidden, state: "typed" } });
    expect(typed.component.data.value).toBe("");
    expect(typed.component.data.shown).toBe(hidden.display_zh);
  });
});

describe("text", () => {
  test("is kept with every letter and sent when it is finished", () => {
    const field = asked("name");
    const shown = show("text-field", { field });
    const [input] = shown.list("wx-input");
    trigger(input, "input", { value: "陈" });
    trigger(input, "input", { value: "陈小𠮷 " });
    trigger(input, "blur", { value: "陈小𠮷 " });
    trigger(input, "blur", { value: "陈小𠮷 " });
    expect(shown.told).toEqual([
      { fact: field.fact, value: "陈", finished: false },
      { fact: field.fact, value: "陈小𠮷", finished: false },
      { fact: field.fact, value: "陈小𠮷", finished: true },
    ]);
  });

  test("that is being typed is not replaced by an answer that comes meanwhile", () => {
    const field = asked("text");
    const shown = show("text-field", { field });
    trigger(shown.list("wx-input")[0], "input", { value: "half" });
    shown.component.setData({ field: { ...field, value: "another" } });
    expect(shown.component.data.value).toBe("half");
  });

  test("taken away is told as nothing, and what is not sent comes first", () => {
    const field = { ...asked("text"), value: "old" };
    const shown = show("text-field", { field, typed: { value: "newer" } });
    expect(shown.component.data.value).toBe("newer");
    trigger(shown.list("wx-input")[0], "input", { value: "" });
    trigger(shown.list("wx-input")[0], "blur", { value: "" });
    expect(shown.told.pop()).toEqual({ fact: field.fact, value: null, finished: true });
  });

  test.each([
    ["citizen_id", "idcard", 18],
    ["mobile", "number", 11],
    ["bank_card", "number", 25],
    ["uscc", "text", 18],
  ])("of %s has its keyboard", (type, keyboard, longest) => {
    const { data } = show("text-field", { field: { ...asked(type), max_length: null } }).component;
    expect([data.keyboard, data.longest]).toEqual([keyboard, longest]);
  });
});

test("a number that is none is said at once and not sent", () => {
  const field = asked("decimal");
  const shown = show("number-field", { field });
  const [input] = shown.list("wx-input");
  ["3", "3.", "3.5"].forEach((value) => trigger(input, "input", { value }));
  trigger(input, "blur", { value: "3.5" });
  trigger(input, "input", { value: "3..5" });
  trigger(input, "blur", { value: "3..5" });
  expect(shown.told.filter(({ finished }) => finished)).toEqual([
    { fact: field.fact, value: "3.5", finished: true },
  ]);
  expect(shown.told.map(({ value }) => value)).not.toContain("3..5");
  expect(shown.text()).toContain("请填写数字");
});

describe("a date", () => {
  test("is a day", () => {
    const field = asked("date");
    const shown = show("date-field", { field });
    trigger(shown.list("wx-picker")[0], "change", { value: "2026-11-20" });
    expect(shown.told).toEqual([{ fact: field.fact, value: "2026-11-20", finished: true }]);
    expect(shown.text()).toContain("2026-11-20");
  });

  test("with a time is told when both are there, in the county's own time", () => {
    const field = asked("datetime");
    const shown = show("date-field", { field });
    const [day, time] = shown.list("wx-picker");
    trigger(day, "change", { value: "2026-11-20" });
    expect(shown.told).toEqual([]);
    trigger(time, "change", { value: "08:30" });
    expect(shown.told).toEqual([{ fact: field.fact, value: "2026-11-20T08:30+08:00", finished: true }]);
  });

  test("of a month has no day", () => {
    const { component } = show("date-field", { field: { ...asked("month"), value: "2026-11" } });
    expect([component.data.day, component.data.unit]).toEqual(["2026-11", "month"]);
  });
});

describe("a choice", () => {
  test("of few is touched, in either language", () => {
    const field = find((each) => each.fact === "application.settle_with");
    const shown = show("choice-field", { field, lang: "en" });
    expect(shown.text()).toContain("With the mother");
    const father = shown
      .list("wx-view")
      .find((dom) => hasClass(dom, "choice") && dom.textContent.includes("father"));
    trigger(father, "tap", {});
    trigger(father, "tap", {});
    expect(shown.told).toEqual([{ fact: field.fact, value: "father", finished: true }]);
  });

  test("of many is on a wheel", () => {
    const field = find((each) => each.options && each.options.length > 50 && each.editable);
    const shown = show("choice-field", { field: { ...field, value: null } });
    expect(shown.text()).toContain("请选择");
    trigger(shown.list("wx-picker")[0], "change", { value: "2" });
    expect(shown.told).toEqual([{ fact: field.fact, value: String(field.options[2].code), finished: true }]);
    expect(shown.text()).toContain(field.options[2].zh);
  });
});

describe("a role that repeats", () => {
  const draft = () => recorded("draft-E-HIRE");
  const repeat = () => draft().form.repeats[0];
  const rows = (count) =>
    Array.from({ length: count }, (_, at) => {
      const [row] = draft().form.sections.filter(({ role }) => role.startsWith("employees["));
      return {
        ...row,
        role: `employees[${at}]`,
        fields: row.fields.map((each) => ({ ...each, fact: each.fact.replace("[0]", `[${at}]`) })),
      };
    });
  const button = (shown, words) =>
    shown.list("wx-view").find((dom) => hasClass(dom, "plain-button") && dom.textContent === words);

  test("has a card for each, one more and one less within its bounds", () => {
    const shown = show("table-field", { repeat: { ...repeat(), count: 2 }, rows: rows(2) });
    expect(shown.list("wx-view").filter((dom) => hasClass(dom, "row"))).toHaveLength(2);
    trigger(button(shown, "减少一位"), "tap", {});
    trigger(button(shown, "增加一位"), "tap", {});
    expect(shown.told).toEqual([1, 3].map((number) => ({ role: "employees", number })));
    const least = show("table-field", {
      repeat: { ...repeat(), count: repeat().least },
      rows: rows(repeat().least),
    });
    trigger(button(least, "减少一位"), "tap", {});
    const most = show("table-field", { repeat: { ...repeat(), count: repeat().most }, rows: rows(2) });
    trigger(button(most, "增加一位"), "tap", {});
    expect([...least.told, ...most.told]).toEqual([]);
  });

  test("tells what is typed of the right person", () => {
    const shown = show("table-field", { repeat: { ...repeat(), count: 2 }, rows: rows(2) });
    trigger(shown.list("wx-view").filter((dom) => hasClass(dom, "row__head"))[1], "tap", {});
    trigger(shown.list("wx-input")[0], "input", { value: "李" });
    expect(shown.told.map(({ fact }) => fact)).toEqual(["employees[1].name"]);
  });

  test("is one block of the form, in its place", () => {
    const { lay } = app.require("screens/sections");
    const blocks = lay(draft().form);
    expect(blocks.map(({ role }) => role)).toEqual(["enterprise", "employees", "employment", "application"]);
    expect(blocks[1].repeat).toEqual(repeat());
    expect(lay({ sections: [], repeats: [repeat()] })).toEqual([
      { role: "employees", repeat: repeat(), sections: [] },
    ]);
  });
});

test("a fault and what becomes of a value stand beside the field", () => {
  const field = asked("mobile");
  const shown = show("form-field", { field, fault: { zh: "手机号不正确", en: "Wrong" }, kept: "unsent" });
  expect(shown.text()).toContain("手机号不正确");
  expect(shown.text()).toContain("未保存，网络恢复后自动保存");
  expect(shown.list("wx-view").filter((dom) => hasClass(dom, "field_bad"))).toHaveLength(1);
});
