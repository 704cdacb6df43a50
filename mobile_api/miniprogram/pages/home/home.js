// What can be done here, by life event; what I have begun.
const drafts = require("../../door/drafts");
const api = require("../../door/api");
const handovers = require("../../door/handovers");
const tokens = require("../../door/tokens");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "appName", byMandate: true, things: [], begun: [], search: "", named: false },
  methods: {
    onShow() {
      this.dress();
      return this.load();
    },
    async load() {
      await this.doing(async () => {
        const { things } = await api.get("/things");
        this.setData({ things, loaded: true });
        const who = await tokens.find();
        const named = Boolean(who && who.known_by_name);
        const begun = named ? (await drafts.list()).drafts : [];
        this.setData({ named, begun });
      });
    },
    onPullDownRefresh() {
      return this.load().finally(() => wx.stopPullDownRefresh());
    },
    // The QR on a kiosk's screen: go on here with what was begun there.
    async scan() {
      const code = await handovers.scan();
      if (code) {
        const kind = await this.doing(() => handovers.kindOf(code));
        const page = kind === "photographs" ? "paper" : "handed";
        if (kind) this.goTo(`/pages/${page}/${page}?code=${encodeURIComponent(code)}`);
      } else if (code === null) this.complain("noKioskCode");
    },
    look({ detail }) {
      this.setData({ search: detail.value.trim() });
    },
  },
});
