// One paper photographed for a kiosk that shows the form meanwhile: its pages go there, and nowhere else.
const handovers = require("../../door/handovers");
const { ask } = require("../../door/asking");
const { newKey } = require("../../door/keys");
const screen = require("../../screens/screen");

const MOST = 9;

Component({
  behaviors: [screen],
  data: { title: "paper", code: "", paper: null, taken: false, waiting: [], over: false },
  methods: {
    async onLoad({ code }) {
      this.setData({ code: decodeURIComponent(code) });
      this.dress();
      const paper = await this.doing(() => handovers.offeredPaper(this.data.code));
      if (paper) this.setData({ paper, loaded: true });
    },
    onShow() {
      this.dress();
    },
    // The secret stays in this page: whoever closes it scans again.
    async take() {
      const taken = await this.doing(() => handovers.takePaper(this.data.code));
      if (!taken) return;
      this.secret = taken.secret;
      this.setData({ paper: taken, taken: true });
    },
    async photograph() {
      let files;
      try {
        const wanted = { count: MOST, mediaType: ["image"], sizeType: ["compressed"], camera: "back" };
        files = (await ask(wx.chooseMedia, { ...wanted, sourceType: ["camera", "album"] })).tempFiles;
      } catch (error) {
        return;
      }
      for (const { tempFilePath: path } of files) {
        this.setData({ waiting: [...this.data.waiting, { path, key: await newKey() }] });
      }
      await this.send();
    },
    // One after the other; what the line lost is sent again under its key, what is no page is left out.
    async send() {
      for (const page of this.data.waiting) {
        const paper = await this.doing(() => handovers.sendPage(this.secret, page.path, page.key));
        if (!paper && this.data.problem.passing) return;
        this.setData({ waiting: this.data.waiting.filter(({ key }) => key !== page.key) });
        if (!paper) return;
        this.setData({ paper });
      }
    },
    async end() {
      const ended = await this.doing(async () => {
        await handovers.endPaper(this.secret);
        return true;
      });
      if (ended) this.setData({ over: true });
    },
    home() {
      wx.switchTab({ url: "/pages/home/home" });
    },
  },
});
