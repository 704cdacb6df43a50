// What every page shares: its words, care mode and theme, one act at a time, and saying why an act failed.
const acting = require("../door/acting");
const settings = require("../door/settings");
const { Away, Problem } = require("../door/refusals");
const words = require("../words/words");

const NAME_NEEDED = "real_name_needed";
// A code or an answer was refused, which is said where it was given; anybody signed in stays so.
const NOT_PROVEN = "phone_sign_in_refused";
const MANDATE_OVER = "mandate_over";

module.exports = Behavior({
  data: {
    lang: "zh",
    care: false,
    theme: "light",
    t: words.zh,
    busy: false,
    problem: null,
    loaded: false,
    // Whether what this page shows can be another person's, and {name} of whom it is now.
    byMandate: false,
    acting: null,
  },
  methods: {
    // Called by each page's onShow: language and care mode may have been changed on another page.
    dress() {
      const { lang, care } = settings.all();
      const { theme = "light" } = wx.getAppBaseInfo();
      this.setData({ lang, care, theme, t: words[lang] });
      if (this.data.title) wx.setNavigationBarTitle({ title: words[lang][this.data.title] });
      if (this.data.byMandate) acting.find().then((found) => this.setData({ acting: found }));
    },
    async stopActing() {
      await acting.forget();
      wx.reLaunch({ url: "/pages/home/home" });
    },
    // Do one thing at a time; a second touch while it lasts does nothing. The answer, or undefined when it
    // failed.
    async doing(work) {
      if (this.data.busy) return undefined;
      this.setData({ busy: true, problem: null });
      try {
        return await work();
      } catch (error) {
        this.refuse(error);
        return undefined;
      } finally {
        this.setData({ busy: false });
      }
    },
    refuse(error) {
      if (!(error instanceof Problem) && !(error instanceof Away)) throw error;
      if (error.status === 401 && error.reason !== NOT_PROVEN) wx.reLaunch({ url: "/pages/enter/enter" });
      else if (error.reason === NAME_NEEDED) wx.redirectTo({ url: "/pages/province/province" });
      else {
        // The principal has taken it back: from here on the phone is its own person's again.
        if (error.reason === MANDATE_OVER) acting.forget().then(() => this.setData({ acting: null }));
        const { zh, en, fields, passing = false } = error;
        this.setData({ problem: { zh, en, fields, passing } });
      }
    },
    // Say something of ours as a problem, by the name of its words.
    complain(name) {
      this.setData({ problem: { zh: words.zh[name], en: words.en[name], fields: [] } });
    },
    go({ currentTarget }) {
      wx.navigateTo({ url: currentTarget.dataset.to });
    },
    goTo(url) {
      wx.navigateTo({ url });
    },
    // Sign in or prove one's name, and come back to a page.
    nameFirst(who, next) {
      const page = who ? "province" : "enter";
      this.goTo(`/pages/${page}/${page}?next=${encodeURIComponent(next)}`);
    },
    // Go on to where somebody wanted to before they had to say who they are.
    goOn() {
      if (this.data.next) wx.redirectTo({ url: this.data.next });
      else wx.switchTab({ url: "/pages/home/home" });
    },
    goBack() {
      wx.navigateBack();
    },
    // Ask before something that cannot be undone; words by their names.
    sure(title, content) {
      const { t } = this.data;
      const asked = { title: t[title], content: t[content], confirmText: t.yes, cancelText: t.no };
      return new Promise((resolve) => {
        wx.showModal({ ...asked, success: ({ confirm }) => resolve(confirm), fail: () => resolve(false) });
      });
    },
  },
});
