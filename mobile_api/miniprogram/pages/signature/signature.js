// The signature by finger; nothing of it stays on the phone.
const drafts = require("../../door/drafts");
const { Pen } = require("../../screens/pen");
const screen = require("../../screens/screen");

// A sharper picture than this is only larger.
const SHARPEST = 2;

Component({
  behaviors: [screen],
  data: { title: "signature", byMandate: true, id: "", signed: false },
  methods: {
    async onLoad({ draft }) {
      this.setData({ id: draft });
      this.dress();
      const view = await this.doing(() => drafts.view(draft));
      if (view) this.setData({ signed: view.signature, loaded: true });
    },
    onShow() {
      this.dress();
    },
    onReady() {
      this.createSelectorQuery()
        .select("#pad")
        .fields({ node: true, size: true })
        .exec(([pad]) => {
          if (pad && pad.node) this.takePad(pad);
        });
    },
    takePad({ node, width, height }) {
      this.pen = new Pen(node, width, height, Math.min(wx.getWindowInfo().pixelRatio, SHARPEST));
    },
    start({ touches }) {
      if (this.pen) this.pen.start(touches[0]);
    },
    move({ touches }) {
      if (this.pen) this.pen.move(touches[0]);
    },
    end() {
      if (this.pen) this.pen.end();
    },
    again() {
      if (this.pen) this.pen.clear();
    },
    async next() {
      const { id, signed } = this.data;
      const drawn = this.pen && this.pen.isSignature;
      if (!drawn && !signed) return this.complain("signFirst");
      if (drawn && !(await this.doing(() => drafts.sign(id, this.pen.drawn)))) return undefined;
      return this.goTo(`/pages/review/review?draft=${id}`);
    },
  },
});
