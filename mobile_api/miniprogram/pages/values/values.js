// What registers gave for an application: each with its source; what is wrong can still be said.
const acts = require("../../door/acts");
const cases = require("../../door/cases");
const { places } = require("../../door/pictures");
const { faultsOf } = require("../../screens/asked");
const papers = require("../../screens/papers");
const screen = require("../../screens/screen");

const EMPTY = { state: "needed", required: true, value: null, display_zh: "", display_en: "" };
const NOTHING = { field: null, asked: null, typed: null, fault: null, problem: null, again: false };

Component({
  behaviors: [screen, papers],
  data: { title: "values", number: "", fields: [], shown: {}, ...NOTHING },
  methods: {
    async onLoad(query) {
      this.setData({ number: query.case });
      this.dress();
      await this.load();
    },
    onShow() {
      this.dress();
    },
    async load() {
      const { number } = this.data;
      const listed = await this.doing(() => cases.sharedValues(number));
      if (!listed) return;
      this.setData({ fields: listed.fields, loaded: true });
      await this.listWaiting(
        Object.fromEntries(listed.fields.map(({ fact }) => [fact, places.objection(number, fact)])),
      );
    },
    take({ currentTarget }) {
      return this.takePictures(currentTarget.dataset.fact);
    },
    sent(fact) {
      this.setData({ shown: { ...this.data.shown, [fact]: true } });
    },
    removePage() {},
    placeOf(fact) {
      return `wrong ${this.data.number} ${fact}`;
    },
    async callWrong({ detail: { fact } }) {
      const field = this.data.fields.find((each) => each.fact === fact);
      // The same field, asked for instead of shown.
      const asked = { ...field, ...EMPTY };
      const unsent = await acts.find(this.placeOf(fact));
      const typed = unsent && { value: unsent.value };
      this.setData({ ...NOTHING, field, asked, typed, again: Boolean(unsent) });
      wx.pageScrollTo({ scrollTop: 0, duration: 200 });
    },
    filled({ detail: { value } }) {
      this.data.typed = { value };
    },
    leaveIt() {
      this.setData(NOTHING);
    },
    async send() {
      const { number, field, typed } = this.data;
      if (!typed || typed.value === null) return this.complain("sayRight");
      const body = { fact: field.fact, value: typed.value };
      const item = await this.doing(() =>
        acts.send(this.placeOf(field.fact), body, (wrong, key) => cases.dispute(number, wrong, key)),
      );
      if (item) {
        this.leaveIt();
        return this.load();
      }
      const [fault = null] = Object.values(faultsOf(this.data.problem));
      return this.setData({ typed, fault });
    },
  },
});
