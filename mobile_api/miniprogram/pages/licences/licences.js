// My e-licences, and a code to be shown: good for a minute and one reading, then drawn anew while it is
// looked at.
const cases = require("../../door/cases");
const mine = require("../../door/mine");
const { pictureOf } = require("../../screens/qr");
const screen = require("../../screens/screen");

// Milliseconds before a code ends at which the next one is asked for.
const EARLY = 5000;

Component({
  behaviors: [screen],
  data: { title: "licences", licences: [], kind: "", licence: "", picture: "", name: null },
  methods: {
    async onShow() {
      this.dress();
      const listed = await this.doing(() => mine.licences());
      if (listed) this.setData({ licences: listed.licences, loaded: true });
    },
    onHide() {
      this.stop();
    },
    onUnload() {
      this.stop();
    },
    openFile({ currentTarget }) {
      const { case: number, id } = currentTarget.dataset;
      return this.doing(() => cases.openResult(number, id));
    },
    showMe() {
      return this.begin("sign_in", "", null);
    },
    showLicence({ currentTarget }) {
      const { id } = currentTarget.dataset;
      return this.begin(
        "licence",
        id,
        this.data.licences.find((each) => each.id === id),
      );
    },
    begin(kind, licence, name) {
      this.setData({ kind, licence, name });
      return this.draw();
    },
    async draw() {
      clearTimeout(this.timer);
      const { kind, licence } = this.data;
      const code = await this.doing(() => mine.show(kind, licence));
      if (!code || !this.data.kind) return;
      this.setData({ picture: pictureOf(code.text) });
      const left = Date.parse(code.expires_at.slice(0, 19) + code.expires_at.slice(-6)) - Date.now();
      this.timer = setTimeout(() => this.draw(), Math.max(left - EARLY, EARLY));
    },
    stop() {
      clearTimeout(this.timer);
      this.setData({ kind: "", picture: "" });
    },
  },
});
