// Proving one's name: the province's own page in a web-view; what it answers comes back in its address.
const entering = require("../../door/entering");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "realName", next: "", address: "" },
  methods: {
    onLoad({ next = "" }) {
      this.setData({ next: decodeURIComponent(next) });
    },
    onShow() {
      this.dress();
    },
    async begin() {
      const begun = await this.doing(() => entering.beginProof());
      if (!begun) return;
      // The step is a secret of the phone's: on no page, in no storage.
      this.step = begun.step;
      this.setData({ address: begun.address });
    },
    // A page has loaded in the web-view; only the one that brings the answer matters.
    async arrived({ detail }) {
      const said = entering.readReturn(detail.src);
      if (!said || !this.step) return undefined;
      const { step } = this;
      this.step = null;
      this.setData({ address: "" });
      if (said.error || !said.code) return this.complain("notProven");
      const proven = await this.doing(() => entering.prove(step, said));
      return proven && this.goOn();
    },
  },
});
