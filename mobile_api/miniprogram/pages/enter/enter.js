// Signing in by WeChat; the privacy notice is agreed to first.
const entering = require("../../door/entering");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "signIn", next: "", agreed: false },
  methods: {
    onLoad({ next = "" }) {
      this.setData({ next: decodeURIComponent(next) });
    },
    onShow() {
      this.dress();
    },
    agree() {
      this.setData({ agreed: !this.data.agreed });
    },
    readNotice() {
      wx.openPrivacyContract({});
    },
    async signIn() {
      if (!this.data.agreed) {
        wx.showToast({ title: this.data.t.agreeFirst, icon: "none" });
        return;
      }
      const said = await this.doing(() => entering.signIn());
      if (said && said.known_by_name) this.goOn();
      else if (said)
        wx.redirectTo({ url: `/pages/province/province?next=${encodeURIComponent(this.data.next)}` });
    },
  },
});
