// What must be handed in, photographed page by page; and what need not be brought.
const drafts = require("../../door/drafts");
const { places } = require("../../door/pictures");
const papers = require("../../screens/papers");
const screen = require("../../screens/screen");

const ASKED = ["to_submit", "submitted"];

Component({
  behaviors: [screen, papers],
  data: { title: "materials", byMandate: true, id: "", draft: null, asked: [], exempt: [], open: false },
  methods: {
    async onLoad({ draft }) {
      this.setData({ id: draft });
      this.dress();
      const view = await this.doing(() => drafts.view(draft));
      if (!view) return;
      await this.listWaiting(
        Object.fromEntries(view.materials.map(({ id }) => [id, places.material(draft, id)])),
      );
      await this.show(view);
    },
    onShow() {
      this.dress();
    },
    async show(draft) {
      const asked = draft.materials.filter(({ state }) => ASKED.includes(state));
      const exempt = draft.materials.filter(({ state }) => !ASKED.includes(state));
      this.setData({ draft, asked, exempt, loaded: true });
      await this.see(
        asked.flatMap(({ pages }) => pages),
        (file) => `/files/${file}/preview`,
      );
    },
    take({ currentTarget }) {
      return this.takePictures(currentTarget.dataset.material);
    },
    async sent() {
      await this.show(await drafts.view(this.data.id));
    },
    async removePage({ currentTarget }) {
      const { file, material } = currentTarget.dataset;
      if (!(await this.sure("removePage", "removePageAbout"))) return;
      const draft = await this.doing(() => drafts.removePage(this.data.id, material, file));
      if (draft) await this.show(draft);
    },
    unfold() {
      this.setData({ open: !this.data.open });
    },
    next() {
      this.goTo(`/pages/signature/signature?draft=${this.data.id}`);
    },
  },
});
