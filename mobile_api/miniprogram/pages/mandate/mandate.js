// Letting somebody act for me, or a clerk fill in: who, for what, and how long.
const acts = require("../../door/acts");
const api = require("../../door/api");
const mandates = require("../../door/mandates");
const { asked, faultsOf } = require("../../screens/asked");
const screen = require("../../screens/screen");

const DAYS = [7, 30, 90, 365];
const HOURS = [1, 4, 8];
const FIRST = { agent: 30, help: 4 };

// A mandate's matters hold for each of its one-things: of those wanted whole all of them are named, as soon
// as of another only some are.
function mattersOf(things, wanted, picked) {
  const all = things.filter(({ code }) => wanted.includes(code));
  const named = all.flatMap(({ code, matters }) =>
    matters.map((matter) => ({ code, name: `${code}/${matter.code}`, matter: matter.code })),
  );
  const names = named.filter(({ name }) => picked[name]).map(({ name }) => name);
  if (!names.length) return { names, matters: [] };
  const partly = new Set(named.filter(({ name }) => picked[name]).map(({ code }) => code));
  const meant = named.filter(({ code, name }) => picked[name] || !partly.has(code));
  return { names, matters: [...new Set(meant.map(({ matter }) => matter))] };
}

const openFor = (names = []) => Object.fromEntries(names.map((name) => [name.split("/")[0], true]));

Component({
  behaviors: [screen],
  data: {
    title: "mandateNew",
    kind: "agent",
    things: [],
    chosen: {},
    // Matters of a one-thing that alone are wanted, {thing/matter: true}; and whose matters are unfolded.
    picked: {},
    open: {},
    lengths: [],
    length: 0,
    who: [],
    typed: {},
    faults: {},
    made: null,
    again: false,
  },
  methods: {
    async onLoad({ kind = "agent" }) {
      const help = kind === "help";
      this.setData({
        kind,
        title: help ? "helpMe" : "mandateNew",
        who: help ? [] : [asked("name", "theirName", "name"), asked("id_number", "theirNumber", "citizen_id")],
        lengths: help ? HOURS : DAYS,
        length: FIRST[kind],
      });
      this.dress();
      await this.restore();
      const listed = await this.doing(() => (help ? api.get("/things") : mandates.things()));
      if (!listed) return;
      // A clerk helps with the whole of it.
      const things = listed.things.map(({ code, zh, en, matters }) => ({
        code,
        zh,
        en,
        matters: help ? [] : matters,
      }));
      this.setData({ things, loaded: true });
    },
    onShow() {
      this.dress();
    },
    // What was sent and never answered is shown again; sent as it stands it is the same act.
    async restore() {
      const body = await acts.find(`mandate ${this.data.kind}`);
      if (!body) return;
      const typed = Object.fromEntries(
        this.data.who.map(({ fact }) => [fact, { value: body[fact] || null }]),
      );
      const chosen = Object.fromEntries(body.things.map((code) => [code, true]));
      const picked = Object.fromEntries((body.picked || []).map((name) => [name, true]));
      this.setData({ typed, chosen, picked, open: openFor(body.picked), length: body.days || body.hours, again: true });
    },
    filled({ detail: { fact, value } }) {
      this.data.typed[fact] = { value };
    },
    toggle({ currentTarget }) {
      const { code } = currentTarget.dataset;
      this.setData({ chosen: { ...this.data.chosen, [code]: !this.data.chosen[code] } });
    },
    unfold({ currentTarget }) {
      const { code } = currentTarget.dataset;
      this.setData({ open: { ...this.data.open, [code]: !this.data.open[code] } });
    },
    // Somebody who picks single matters of a one-thing wants that one-thing.
    pick({ currentTarget }) {
      const { code, name } = currentTarget.dataset;
      const picked = { ...this.data.picked, [name]: !this.data.picked[name] };
      this.setData({ picked, chosen: { ...this.data.chosen, [code]: true } });
    },
    last({ currentTarget }) {
      this.setData({ length: currentTarget.dataset.length });
    },
    async send() {
      const { kind, things, chosen, typed, length, who } = this.data;
      const wanted = things.map(({ code }) => code).filter((code) => chosen[code]);
      const said = Object.fromEntries(
        who.map(({ fact }) => [fact, ((typed[fact] && typed[fact].value) || "").trim()]),
      );
      if (Object.values(said).some((value) => !value)) return this.complain("mandateWho");
      if (!wanted.length) return this.complain("mandateWhat");
      const { names, matters } = mattersOf(things, wanted, this.data.picked);
      const body = { ...said, things: wanted, [kind === "help" ? "hours" : "days"]: length };
      const made = await this.doing(() =>
        kind === "help"
          ? acts.send("mandate help", body, mandates.grantHelp)
          : acts.send("mandate agent", { ...body, picked: names }, (_body, key) =>
              mandates.grant({ ...body, matters }, key),
            ),
      );
      if (!made) return this.setData({ typed, faults: faultsOf(this.data.problem) });
      return kind === "help" ? this.setData({ made, faults: {} }) : this.goBack();
    },
  },
});
