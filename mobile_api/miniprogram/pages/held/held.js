// What government holds of me: asked for when I say so, document by document, shown and never kept.
const mine = require("../../door/mine");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "held", service: null, documents: [], answer: null, asking: false },
  methods: {
    async onLoad() {
      this.dress();
      const service = await this.doing(() => mine.askable());
      if (!service) return;
      const documents = service.documents.map((each) => ({ ...each, agreed: true }));
      this.setData({ service, documents, loaded: true });
    },
    onShow() {
      this.dress();
    },
    // Put away, nothing of it is left on the screen.
    onHide() {
      this.setData({ answer: null });
    },
    toggle({ currentTarget }) {
      const { code } = currentTarget.dataset;
      const documents = this.data.documents.map((each) =>
        each.document === code ? { ...each, agreed: !each.agreed } : each,
      );
      this.setData({ documents });
    },
    async ask() {
      const wanted = this.data.documents.filter(({ agreed }) => agreed).map(({ document }) => document);
      if (!wanted.length) return this.complain("heldWhat");
      this.setData({ asking: true });
      const answer = await this.doing(() => mine.held(wanted));
      return this.setData({ asking: false, answer: answer || null });
    },
    again() {
      this.setData({ answer: null });
    },
  },
});
