// "This is wrong": the person's own value goes on, the register's keeper is asked; nothing waits for the
// answer.
const drafts = require("../../door/drafts");
const { newKey } = require("../../door/keys");
const { places } = require("../../door/pictures");
const papers = require("../../screens/papers");
const screen = require("../../screens/screen");
const { fieldsOf } = require("../../screens/sections");

Component({
  behaviors: [screen, papers],
  data: { title: "wrongTitle", byMandate: true, id: "", fact: "", field: null, asked: null, value: null, evidence: [] },
  methods: {
    async onLoad(query) {
      const fact = decodeURIComponent(query.fact);
      this.setData({ id: query.draft, fact });
      this.dress();
      const draft = await this.doing(() => drafts.view(query.draft));
      const field = draft && fieldsOf(draft.form).find((each) => each.fact === fact);
      if (!field) return;
      // The same field, asked for instead of shown.
      const asked = { ...field, state: "needed", required: true, value: null, display_zh: "", display_en: "" };
      this.setData({ field, asked, loaded: true });
      await this.listWaiting({ evidence: places.evidence(query.draft, fact) });
    },
    onShow() {
      this.dress();
    },
    filled({ detail }) {
      this.data.value = detail.value;
      if (detail.finished) this.setData({ problem: null });
    },
    take() {
      return this.takePictures("evidence");
    },
    sent(_name, pages) {
      this.setData({ evidence: [...this.data.evidence, ...pages.map(({ file }) => file)] });
    },
    removePage() {},
    async next() {
      const { id, fact, value, evidence } = this.data;
      if (value === null) return this.complain("sayRight");
      const draft = await this.doing(async () => {
        // Another value is another act.
        const said = JSON.stringify([value, evidence]);
        if (said !== this.said) [this.said, this.key] = [said, await newKey()];
        return drafts.dispute(id, { fact, value, evidence }, this.key);
      });
      return draft && this.goBack();
    },
  },
});
