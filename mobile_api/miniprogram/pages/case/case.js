// How far it is, department by department; what is wanted of me; what came of it.
const cases = require("../../door/cases");
const { newKey } = require("../../door/keys");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "progress", number: "", item: null, rateable: [] },
  methods: {
    onLoad(query) {
      this.setData({ number: query.case });
    },
    async onShow() {
      this.dress();
      this.show(await this.doing(() => cases.view(this.data.number)));
    },
    async onPullDownRefresh() {
      await this.onShow();
      wx.stopPullDownRefresh();
    },
    show(item) {
      if (!item) return;
      const rateable = item.services.filter(({ may_rate }) => may_rate);
      this.setData({ item, rateable, loaded: true });
    },
    openForm() {
      return this.doing(() => cases.openForm(this.data.number));
    },
    async withdraw({ currentTarget }) {
      const { matter } = currentTarget.dataset;
      if (!(await this.sure("withdraw", "withdrawAbout"))) return;
      this.show(await this.doing(async () => cases.withdraw(this.data.number, matter, await newKey())));
    },
    async askPartial() {
      if (await this.sure("partial", "partialAbout")) {
        this.show(await this.doing(() => cases.askPartial(this.data.number)));
      }
    },
    async takeResult({ currentTarget }) {
      const { id, way } = currentTarget.dataset;
      this.show(await this.doing(async () => cases.issue(this.data.number, way, [id], await newKey())));
    },
    rate({ currentTarget }) {
      const { matter } = currentTarget.dataset;
      this.goTo(
        `/pages/rating/rating?case=${this.data.number}&occasion=result${matter ? `&matter=${matter}` : ""}`,
      );
    },
  },
});
