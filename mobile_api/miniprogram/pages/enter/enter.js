// Signing in by WeChat; the privacy notice is agreed to first.
const entering = require("../../door/entering");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "signIn", thing: "", agreed: false },
  methods: {
    onLoad({ thing = "" }) {
      this.setData({ thing });
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
      if (said) this.goOn(said);
    },
    goOn({ known_by_name }) {
      const { thing } = this.data;
      if (!known_by_name) wx.redirectTo({ url: `/pages/province/province?thing=${thing}` });
      else if (thing) wx.redirectTo({ url: `/pages/guide/guide?thing=${thing}` });
      else wx.switchTab({ url: "/pages/home/home" });
    },
  },
});
