// Everything that will be handed in, once more; what is missing; and handing it in, once.
const drafts = require("../../door/drafts");
const { newKey } = require("../../door/keys");
const screen = require("../../screens/screen");

const PAGES = {
  consent: "consent",
  authorisation: "consent",
  conflict: "choosing",
  material: "materials",
  signature: "signature",
};

Component({
  behaviors: [screen],
  data: { title: "review", byMandate: true, id: "", draft: null, asked: [], unsure: false },
  methods: {
    async onLoad({ draft }) {
      this.setData({ id: draft });
      this.dress();
    },
    async onShow() {
      this.dress();
      const draft = await this.doing(() => drafts.view(this.data.id));
      if (!draft) return;
      const asked = draft.materials.filter(({ pages }) => pages.length);
      const unsure = Boolean(draft.step_up && !draft.step_up.done);
      this.setData({ draft, asked, unsure, loaded: true });
    },
    find({ currentTarget }) {
      const page = PAGES[currentTarget.dataset.kind] || "form";
      this.goTo(`/pages/${page}/${page}?draft=${this.data.id}`);
    },
    makeSure() {
      this.goTo(`/pages/sure/sure?draft=${this.data.id}`);
    },
    // The key is this page's own: sent again over a bad line it is still one case.
    async submit() {
      const submitted = await this.doing(async () => {
        if (!this.key) this.key = await newKey();
        return drafts.submit(this.data.id, this.key);
      });
      if (submitted) wx.reLaunch({ url: `/pages/receipt/receipt?case=${submitted.case_number}` });
    },
  },
});
