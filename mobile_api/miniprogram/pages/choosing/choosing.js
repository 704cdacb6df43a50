// Which matters, and the questions about the situation; every touch is planned anew by the server.
const drafts = require("../../door/drafts");
const screen = require("../../screens/screen");

// What is chosen after a touch: one of a group at most, and what law binds together goes together.
function chosenAfter(matters, code) {
  const matter = matters.find((each) => each.code === code);
  const chosen = new Set(matters.filter((each) => each.chosen).map((each) => each.code));
  const along = [code, ...matter.bound_with];
  if (chosen.has(code)) along.forEach((each) => chosen.delete(each));
  else {
    matters
      .filter((each) => matter.group && each.group === matter.group)
      .forEach((each) => chosen.delete(each.code));
    along.forEach((each) => chosen.add(each));
  }
  return [...chosen];
}

Component({
  behaviors: [screen],
  data: { title: "choosing", byMandate: true, id: "", draft: null, groups: [], resumed: false },
  methods: {
    async onLoad({ draft, resumed = "" }) {
      this.setData({ id: draft, resumed: Boolean(resumed) });
      this.dress();
      this.show(await this.doing(() => drafts.view(draft)));
    },
    onShow() {
      this.dress();
    },
    show(draft) {
      if (!draft) return;
      const names = [...new Set(draft.matters.map(({ group }) => group))];
      const groups = names.map((name) => {
        const matters = draft.matters.filter(({ group }) => group === name);
        return {
          name: name || "",
          label: name ? { zh: matters[0].group_zh, en: matters[0].group_en } : null,
          matters,
        };
      });
      this.setData({ draft, groups, loaded: true });
    },
    async toggle({ currentTarget }) {
      const { code, fixed } = currentTarget.dataset;
      if (fixed) return;
      const chosen = chosenAfter(this.data.draft.matters, code);
      this.show(await this.doing(() => drafts.choose(this.data.id, chosen)));
    },
    async answered({ detail }) {
      if (!detail.finished) return;
      this.show(await this.doing(() => drafts.answer(this.data.id, { [detail.fact]: detail.value })));
    },
    // Twins are two: a draft of its own for somebody else.
    async another() {
      if (!(await this.sure("another", "anotherAbout"))) return;
      const draft = await this.doing(() => drafts.open(this.data.draft.thing.code, true));
      if (draft) wx.redirectTo({ url: `/pages/choosing/choosing?draft=${draft.id}` });
    },
    next() {
      const { draft, id } = this.data;
      const asked = draft.consent.sources.length || draft.authorisations.length;
      this.goTo(asked ? `/pages/consent/consent?draft=${id}` : `/pages/form/form?draft=${id}`);
    },
  },
});
