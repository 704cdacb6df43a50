// Who has read my data: when, why, and what.
const mine = require("../../door/mine");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "uses", uses: [], next: null },
  methods: {
    onLoad() {
      this.dress();
      return this.load(null);
    },
    onShow() {
      this.dress();
    },
    async load(cursor) {
      const page = await this.doing(() => mine.uses(cursor));
      if (!page) return;
      this.setData({
        uses: cursor ? [...this.data.uses, ...page.uses] : page.uses,
        next: page.next,
        loaded: true,
      });
    },
    onReachBottom() {
      return this.data.next ? this.load(this.data.next) : undefined;
    },
  },
});
