// The one form: kept as it is typed, each value with its source, faults beside their fields and in a list
// on top.
const drafts = require("../../door/drafts");
const unsent = require("../../door/unsent");
const { fieldsOf, lay } = require("../../screens/sections");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: {
    title: "form",
    byMandate: true,
    id: "",
    draft: null,
    blocks: [],
    typed: {},
    faults: {},
    kept: {},
    wrongs: [],
    left: 0,
  },
  methods: {
    async onLoad({ draft }) {
      this.typed = {};
      this.setData({ id: draft });
      this.dress();
      unsent.tell((of, came) => of === this.data.id && this.take(came));
    },
    async onShow() {
      this.dress();
      const { id } = this.data;
      const view = await this.doing(() => drafts.view(id));
      if (!view) return;
      Object.entries(await unsent.list(id)).forEach(([fact, value]) => {
        this.typed[fact] = { value };
      });
      this.show(view);
      if (Object.keys(this.typed).length) await this.send();
    },
    onHide() {
      return this.send();
    },
    onUnload() {
      unsent.tell(null);
      return this.send();
    },
    show(draft) {
      const left = draft.missing.filter(({ kind }) => kind === "fact").length;
      this.setData({ draft, blocks: lay(draft.form), typed: { ...this.typed }, left, loaded: true });
    },
    // A value was typed: kept on the phone at once, sent when it is finished.
    async filled({ detail: { fact, value, finished } }) {
      this.typed[fact] = { value };
      await unsent.put(this.data.id, fact, value, this.data.draft.version);
      if (!finished) return;
      this.mark([fact], "sending");
      await this.send();
    },
    async send() {
      const { id } = this.data;
      try {
        this.take(await unsent.flush(id));
      } catch (error) {
        this.refuse(error);
      }
    },
    take({ draft, faults, unsent: left }) {
      if (left && !draft) return this.mark(Object.keys(this.typed), "unsent");
      if (!draft) return undefined;
      const wrong = Object.fromEntries(faults.map((each) => [each.field, each]));
      const good = Object.keys(this.typed).filter((fact) => !wrong[fact]);
      good.forEach((fact) => delete this.typed[fact]);
      const named = (fact) => fieldsOf(draft.form).find((each) => each.fact === fact) || null;
      this.setData({ faults: wrong, wrongs: faults.map((each) => ({ ...each, label: named(each.field) })) });
      this.mark(good, "saved");
      this.mark(Object.keys(wrong), "");
      return this.show(draft);
    },
    mark(facts, word) {
      const kept = { ...this.data.kept };
      facts.forEach((fact) => {
        kept[fact] = word;
      });
      this.setData({ kept });
    },
    async counted({ detail: { role, number } }) {
      await this.send();
      const draft = await this.doing(() => drafts.count(this.data.id, role, number));
      if (draft) this.show(draft);
    },
    // Another device has typed something else here: this one stays.
    async keepOne({ currentTarget }) {
      const { fact, keep } = currentTarget.dataset;
      const draft = await this.doing(() => drafts.settle(this.data.id, fact, keep));
      if (draft) this.show(draft);
    },
    callWrong({ detail: { fact } }) {
      this.goTo(`/pages/wrong/wrong?draft=${this.data.id}&fact=${encodeURIComponent(fact)}`);
    },
    find({ currentTarget }) {
      const { fact } = currentTarget.dataset;
      const block = this.data.blocks.findIndex((each) => fieldsOf(each).some((field) => field.fact === fact));
      if (block >= 0) wx.pageScrollTo({ selector: `#block-${block}`, duration: 200 });
    },
    async next() {
      await this.send();
      const { draft, id, wrongs } = this.data;
      if (wrongs.length) wx.pageScrollTo({ scrollTop: 0, duration: 200 });
      else
        this.goTo(
          draft.consent.needed
            ? `/pages/consent/consent?draft=${id}`
            : `/pages/materials/materials?draft=${id}`,
        );
    },
  },
});
