// Which registers may be asked, source by source; and whose own word is needed before anything is asked of
// them.
const drafts = require("../../door/drafts");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "consent", byMandate: true, id: "", draft: null, sources: [], asking: false },
  methods: {
    onLoad({ draft }) {
      this.setData({ id: draft });
    },
    async onShow() {
      this.dress();
      this.show(await this.doing(() => drafts.view(this.data.id)));
    },
    show(draft) {
      if (!draft) return;
      const sources = draft.consent.sources.map((source) => ({ ...source, agreed: source.asked !== false }));
      this.setData({ draft, sources, loaded: true });
    },
    toggle({ currentTarget }) {
      const { id } = currentTarget.dataset;
      const sources = this.data.sources.map((each) =>
        each.id === id ? { ...each, agreed: !each.agreed } : each,
      );
      this.setData({ sources });
    },
    async decline({ currentTarget }) {
      const { role } = currentTarget.dataset;
      if (await this.sure("goWithout", "goWithoutAbout")) {
        this.show(await this.doing(() => drafts.decline(this.data.id, role)));
      }
    },
    // Keep the answer and ask who may be asked; what that makes possible is asked for anew.
    async agree() {
      const { id, sources } = this.data;
      this.setData({ asking: true });
      const draft = await this.doing(async () => {
        await drafts.consent(id, Object.fromEntries(sources.map((each) => [each.id, each.agreed])));
        return drafts.fetch(id);
      });
      this.setData({ asking: false });
      this.show(draft);
      if (draft && !draft.consent.needed && !this.isWaiting(draft)) this.next();
    },
    isWaiting(draft) {
      return draft.authorisations.some(({ state }) => state === "open");
    },
    next() {
      wx.redirectTo({ url: `/pages/form/form?draft=${this.data.id}` });
    },
  },
});
