// What registers gave for an application: each with its source; what is wrong can still be said.
const acts = require("../../door/acts");
const cases = require("../../door/cases");
const { faultsOf } = require("../../screens/asked");
const screen = require("../../screens/screen");

const NOTHING = { field: null, asked: null, typed: null, fault: null, problem: null, again: false };

Component({
  behaviors: [screen],
  data: { title: "values", number: "", fields: [], ...NOTHING },
  methods: {
    async onLoad(query) {
      this.setData({ number: query.case });
      this.dress();
      const listed = await this.doing(() => cases.sharedValues(query.case));
      if (listed) this.setData({ fields: listed.fields, loaded: true });
    },
    onShow() {
      this.dress();
    },
    placeOf(fact) {
      return `wrong ${this.data.number} ${fact}`;
    },
    async callWrong({ detail: { fact } }) {
      const field = this.data.fields.find((each) => each.fact === fact);
      // The same field, asked for instead of shown.
      const asked = { ...field, state: "needed", value: null, display_zh: "", display_en: "" };
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
      if (item) return this.goBack();
      const [fault = null] = Object.values(faultsOf(this.data.problem));
      return this.setData({ typed, fault });
    },
  },
});
