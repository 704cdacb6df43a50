// Letting somebody act for me, or a clerk fill in: who, for what, and how long.
const acts = require("../../door/acts");
const api = require("../../door/api");
const mandates = require("../../door/mandates");
const { asked, faultsOf } = require("../../screens/asked");
const screen = require("../../screens/screen");

const DAYS = [7, 30, 90, 365];
const HOURS = [1, 4, 8];
const FIRST = { agent: 30, help: 4 };

Component({
  behaviors: [screen],
  data: {
    title: "mandateNew",
    kind: "agent",
    things: [],
    chosen: {},
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
      if (listed) this.setData({ things: listed.things, loaded: true });
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
      this.setData({ typed, chosen, length: body.days || body.hours, again: true });
    },
    filled({ detail: { fact, value } }) {
      this.data.typed[fact] = { value };
    },
    toggle({ currentTarget }) {
      const { code } = currentTarget.dataset;
      this.setData({ chosen: { ...this.data.chosen, [code]: !this.data.chosen[code] } });
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
      const body = { ...said, things: wanted, [kind === "help" ? "hours" : "days"]: length };
      const sent = kind === "help" ? mandates.grantHelp : mandates.grant;
      const made = await this.doing(() => acts.send(`mandate ${kind}`, body, sent));
      if (!made) return this.setData({ typed, faults: faultsOf(this.data.problem) });
      return kind === "help" ? this.setData({ made, faults: {} }) : this.goBack();
    },
  },
});
