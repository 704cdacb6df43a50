// What I handed in, the newest first.
const cases = require("../../door/cases");
const screen = require("../../screens/screen");
const tokens = require("../../door/tokens");

Component({
  behaviors: [screen],
  data: { title: "myCases", byMandate: true, cases: [], next: null, named: true },
  methods: {
    async onShow() {
      this.dress();
      const who = await tokens.find();
      const named = Boolean(who && who.known_by_name);
      this.setData({ named, loaded: !named });
      if (named) await this.load(null);
    },
    async load(cursor) {
      const page = await this.doing(() => cases.list(cursor));
      if (page)
        this.setData({
          cases: cursor ? [...this.data.cases, ...page.cases] : page.cases,
          next: page.next,
          loaded: true,
        });
    },
    onReachBottom() {
      return this.data.next ? this.load(this.data.next) : undefined;
    },
    onPullDownRefresh() {
      return this.load(null).finally(() => wx.stopPullDownRefresh());
    },
    enter() {
      this.goTo("/pages/enter/enter");
    },
  },
});
