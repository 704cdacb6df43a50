// Ask another person to authorise on their own phone: a link to be shared, or a code to be read aloud.
const invitations = require("../../door/invitations");
const { newKey } = require("../../door/keys");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "invite", byMandate: true, draft: "", role: "", made: null, sent: [], secret: "" },
  methods: {
    onLoad({ draft, role }) {
      this.setData({ draft, role });
    },
    async onShow() {
      this.dress();
      await this.list();
    },
    async list() {
      const { draft, role } = this.data;
      const listed = await this.doing(() => invitations.list(draft));
      if (listed)
        this.setData({ sent: listed.invitations.filter((each) => each.role === role), loaded: true });
    },
    async make() {
      const { draft, role } = this.data;
      const made = await this.doing(async () => {
        if (!this.key) this.key = await newKey();
        return invitations.make(draft, role, this.key);
      });
      if (!made) return;
      this.key = null;
      this.setData({ made, secret: made.link.split("/").pop() });
      await this.list();
    },
    // What WeChat sends to the other person: nothing of anybody stands in it.
    onShareAppMessage() {
      return { title: this.data.t.inviteTitle, path: `/pages/invited/invited?secret=${this.data.secret}` };
    },
    copy() {
      wx.setClipboardData({ data: this.data.made.code });
    },
    async callBack({ currentTarget }) {
      const { id } = currentTarget.dataset;
      if (!(await this.sure("callBack", "callBackAbout"))) return;
      await this.doing(() => invitations.callBack(this.data.draft, id));
      this.setData({ made: null });
      await this.list();
    },
    async confirm({ currentTarget }) {
      const { id } = currentTarget.dataset;
      if (!(await this.sure("confirmPerson", "confirmPersonAbout"))) return;
      await this.doing(() => invitations.confirm(this.data.draft, id));
      await this.list();
    },
  },
});
