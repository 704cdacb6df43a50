// How messages reach me: by which ways, in which language, and what WeChat may still bring.
const messages = require("../../door/messages");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "notices", ways: [], language: "zh", always: [], templates: [], changed: false },
  methods: {
    async onLoad() {
      this.dress();
      this.show(await this.doing(() => messages.settings()));
    },
    onShow() {
      this.dress();
    },
    show(view) {
      if (!view) return;
      const ways = view.ways.map((each) => ({ ...each }));
      this.setData({
        ways,
        offered: ways.some(({ offered }) => offered),
        language: view.lang,
        always: view.always,
        templates: view.templates,
        changed: false,
        loaded: true,
      });
    },
    toggle({ currentTarget }) {
      const { code } = currentTarget.dataset;
      const ways = this.data.ways.map((each) => (each.code === code ? { ...each, on: !each.on } : each));
      this.setData({ ways, changed: true });
    },
    speak({ currentTarget }) {
      this.setData({ language: currentTarget.dataset.lang, changed: true });
    },
    // What was chosen stays on the screen when the line breaks, to be saved again.
    async save() {
      const wanted = this.data.ways.filter(({ on }) => on).map(({ code }) => code);
      const view = await this.doing(() => messages.choose(wanted, this.data.language));
      this.show(view);
      if (view) wx.showToast({ title: this.data.t.saved, icon: "success" });
    },
    // WeChat asks about three templates in one tap, those nothing is left of first.
    async allow() {
      const wanted = messages.firstOf(this.data.templates);
      const agreed = await this.doing(() => messages.allow(wanted));
      if (agreed) this.show(await this.doing(() => messages.settings()));
    },
  },
});
