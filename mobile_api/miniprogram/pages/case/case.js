// How far it is, department by department; what is wanted of me; what came of it.
const cases = require("../../door/cases");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "progress", byMandate: true, number: "", item: null, rateable: [] },
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
      const rateable = item.services.filter(({ may_rate: may, rated }) => may || rated);
      this.setData({ item, rateable, loaded: true });
    },
    openForm() {
      return this.doing(() => cases.openForm(this.data.number));
    },
    rate({ currentTarget }) {
      const { matter } = currentTarget.dataset;
      this.goTo(
        `/pages/rating/rating?case=${this.data.number}&occasion=result${matter ? `&matter=${matter}` : ""}`,
      );
    },
  },
});
