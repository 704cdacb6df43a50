// It is handed in: the number, the dates, and being told when something happens.
const cases = require("../../door/cases");
const messages = require("../../door/messages");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "receipt", byMandate: true, number: "", receipt: null, templates: [] },
  methods: {
    async onLoad(query) {
      this.setData({ number: query.case });
      this.dress();
      const receipt = await this.doing(() => cases.receipt(query.case));
      if (receipt) this.setData({ receipt, loaded: true });
      // WeChat asks only within a tap: which templates there are is known before it.
      const templates = await this.doing(() => messages.offered());
      if (templates) this.setData({ templates });
    },
    onShow() {
      this.dress();
    },
    async tellMe() {
      const agreed = await this.doing(() => messages.allow(this.data.templates));
      if (agreed !== undefined) this.setData({ templates: [] });
    },
    openForm() {
      return this.doing(() => cases.openForm(this.data.number));
    },
    copy() {
      wx.setClipboardData({ data: this.data.number });
    },
    progress() {
      this.goTo(`/pages/case/case?case=${this.data.number}`);
    },
    home() {
      wx.switchTab({ url: "/pages/home/home" });
    },
  },
});
