// Withdrawing: all of it or one matter, with what law binds to it said before.
const acts = require("../../door/acts");
const cases = require("../../door/cases");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "withdraw", number: "", item: null, parts: [], matter: "" },
  methods: {
    async onLoad(query) {
      this.setData({ number: query.case, matter: query.matter || "" });
      this.dress();
      const item = await this.doing(() => cases.view(query.case));
      if (!item) return;
      const parts = item.parts.filter(({ may_withdraw: may }) => may);
      const [first = {}] = item.may_withdraw ? [] : parts;
      this.setData({ item, parts, matter: this.data.matter || first.matter || "", loaded: true });
    },
    onShow() {
      this.dress();
    },
    choose({ currentTarget }) {
      this.setData({ matter: currentTarget.dataset.matter });
    },
    async withdraw() {
      const { number, matter } = this.data;
      if (!(await this.sure("withdraw", "withdrawAbout"))) return;
      const item = await this.doing(() =>
        acts.send(`withdraw ${number}`, { matter }, (_body, key) => cases.withdraw(number, matter, key)),
      );
      if (item) this.goBack();
    },
  },
});
