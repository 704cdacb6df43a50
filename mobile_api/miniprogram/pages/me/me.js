// Who is signed in, where else; language, larger text, and signing out.
const api = require("../../door/api");
const entering = require("../../door/entering");
const mine = require("../../door/mine");
const settings = require("../../door/settings");
const tokens = require("../../door/tokens");
const screen = require("../../screens/screen");

const NOBODY = { who: null, others: [], bindings: [] };
const PROVIDERS = {
  wechat: { zh: "微信", en: "WeChat" },
  alipay: { zh: "支付宝", en: "Alipay" },
  province: { zh: "河南省统一身份认证", en: "Henan provincial identity" },
};

Component({
  behaviors: [screen],
  data: { title: "me", who: null, others: [], bindings: [] },
  methods: {
    async onShow() {
      this.dress();
      if (!(await tokens.find())) return this.setData({ ...NOBODY, loaded: true });
      const listed = await this.doing(() => api.get("/sign-ins"));
      if (!listed) return undefined;
      const others = listed.sign_ins.filter(({ here }) => !here);
      const bound = listed.current.known_by_name && (await this.doing(() => mine.bindings()));
      const bindings = ((bound && bound.bindings) || []).map((each) => ({
        ...each,
        ...PROVIDERS[each.provider],
      }));
      return this.setData({ who: listed.current, others, bindings, loaded: true });
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
    async letGo({ currentTarget }) {
      if (!(await this.sure("letGo", "letGoAbout"))) return;
      await this.doing(() => mine.unbind(currentTarget.dataset.id));
      await this.onShow();
    },
    async signOut({ currentTarget }) {
      if (!(await this.sure("signOut", "signOutAbout"))) return;
      await this.doing(() => entering.signOut(Boolean(currentTarget.dataset.everywhere)));
      await this.onShow();
    },
  },
});
