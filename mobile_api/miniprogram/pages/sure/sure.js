// Making sure once more who it is, where what was chosen asks for it: a code by text message, or a window.
const drafts = require("../../door/drafts");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "sure", byMandate: true, id: "", asked: null, byCode: false, code: "" },
  methods: {
    async onLoad({ draft }) {
      this.setData({ id: draft });
      this.dress();
      this.show(await this.doing(() => drafts.view(draft)));
    },
    onShow() {
      this.dress();
    },
    show(draft) {
      if (!draft) return;
      const asked = draft.step_up;
      if (!asked || asked.done) return this.goBack();
      this.setData({ asked, byCode: asked.ways.includes("code"), loaded: true });
    },
    async sendCode() {
      this.show(await this.doing(() => drafts.sendCode(this.data.id)));
    },
    typeCode({ detail }) {
      this.data.code = detail.value;
    },
    toMobile() {
      wx.redirectTo({ url: `/pages/form/form?draft=${this.data.id}` });
    },
    // Sent again with the same code nothing is lost: who was proven stays so.
    async giveCode() {
      const { id, code } = this.data;
      if (!code.trim()) return this.complain("codeFirst");
      return this.show(await this.doing(() => drafts.giveCode(id, code.trim())));
    },
  },
});
