// What was begun at a kiosk goes on here; the kiosk waits and shows it, until it is given back.
const handovers = require("../../door/handovers");
const tokens = require("../../door/tokens");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "scanKiosk", code: "", offered: null, taken: null },
  methods: {
    onLoad({ code }) {
      this.setData({ code: decodeURIComponent(code) });
    },
    async onShow() {
      this.dress();
      const { code, taken } = this.data;
      if (taken) return this.look();
      const who = await tokens.find();
      const here = `/pages/handed/handed?code=${encodeURIComponent(code)}`;
      if (!who || !who.known_by_name) return this.nameFirst(who, here);
      const offered = await this.doing(() => handovers.offered(code));
      return offered && this.setData({ offered, loaded: true });
    },
    async take() {
      const taken = await this.doing(() => handovers.take(this.data.code));
      if (!taken) return;
      this.setData({ taken });
      this.fill();
    },
    fill() {
      this.goTo(`/pages/choosing/choosing?draft=${this.data.taken.draft}`);
    },
    async look() {
      const taken = await this.doing(() => handovers.look(this.data.taken.id));
      if (taken) this.setData({ taken });
    },
    async giveBack() {
      const taken = await this.doing(() => handovers.giveBack(this.data.taken.id));
      if (taken) this.setData({ taken });
    },
    home() {
      wx.switchTab({ url: "/pages/home/home" });
    },
  },
});
