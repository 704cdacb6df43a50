// Who is signed in, where else; language, larger text, and signing out.
const api = require("../../door/api");
const entering = require("../../door/entering");
const settings = require("../../door/settings");
const tokens = require("../../door/tokens");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "me", who: null, others: [] },
  methods: {
    async onShow() {
      this.dress();
      if (!(await tokens.find())) return this.setData({ who: null, others: [], loaded: true });
      const listed = await this.doing(() => api.get("/sign-ins"));
      if (!listed) return undefined;
      const others = listed.sign_ins.filter(({ here }) => !here);
      return this.setData({ who: listed.current, others, loaded: true });
    },
    speak({ currentTarget }) {
      settings.choose({ lang: currentTarget.dataset.lang });
      this.dress();
    },
    enlargeText() {
      settings.choose({ care: !settings.setting("care") });
      this.dress();
    },
    enter() {
      this.goTo("/pages/enter/enter");
    },
    async endOther({ currentTarget }) {
      if (!(await this.sure("endOther", "endOtherAbout"))) return;
      await this.doing(() => api.remove(`/sign-ins/${currentTarget.dataset.id}`));
      await this.onShow();
    },
    async signOut({ currentTarget }) {
      if (!(await this.sure("signOut", "signOutAbout"))) return;
      await this.doing(() => entering.signOut(Boolean(currentTarget.dataset.everywhere)));
      await this.onShow();
    },
  },
});
