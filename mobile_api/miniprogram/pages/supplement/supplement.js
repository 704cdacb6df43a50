// What a notice asks for, handed in at once; and papers that were allowed to follow.
const cases = require("../../door/cases");
const { newKey } = require("../../door/keys");
const { places } = require("../../door/pictures");
const papers = require("../../screens/papers");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen, papers],
  data: {
    title: "supplement",
    byMandate: true,
    number: "",
    item: null,
    papers: [],
    facts: [],
    notes: [],
    follow: [],
    typed: {},
    faults: {},
  },
  methods: {
    async onLoad(query) {
      this.typed = {};
      this.keys = {};
      this.setData({ number: query.case });
      this.dress();
      const item = await this.doing(() => cases.view(query.case));
      if (!item) return;
      const wants = item.wanted ? item.wanted.wants : [];
      const asked = [...wants.filter(({ kind }) => kind === "material"), ...item.follow];
      await this.listWaiting(
        Object.fromEntries(asked.map(({ id }) => [id, places.supplement(query.case, id)])),
      );
      await this.show(item);
    },
    onShow() {
      this.dress();
    },
    async show(item) {
      const wants = item.wanted ? item.wanted.wants : [];
      const of = (wanted) => wants.filter(({ kind }) => kind === wanted);
      this.setData({
        item,
        papers: of("material"),
        facts: of("fact"),
        notes: of("note"),
        follow: item.follow,
        loaded: true,
      });
      for (const { id, pages } of [...of("material"), ...item.follow]) {
        await this.see(pages, (file) => `/cases/${this.data.number}/supplement-pages/${id}/${file}`);
      }
    },
    filled({ detail: { fact, value } }) {
      this.typed[fact] = value;
    },
    take({ currentTarget }) {
      return this.takePictures(currentTarget.dataset.material);
    },
    async sent() {
      await this.show(await cases.view(this.data.number));
    },
    async removePage({ currentTarget }) {
      const { file, material } = currentTarget.dataset;
      if (!(await this.sure("removePage", "removePageAbout"))) return;
      const item = await this.doing(() => cases.removePage(this.data.number, material, file));
      if (item) await this.show(item);
    },
    // One key for one body: sent again over a bad line it is taken once.
    async keyOf(body) {
      const said = JSON.stringify(body);
      if (!this.keys[said]) this.keys[said] = await newKey();
      return this.keys[said];
    },
    async give() {
      const values = { ...this.typed };
      const item = await this.doing(async () =>
        cases.supplement(this.data.number, values, await this.keyOf(values)),
      );
      if (item) return this.goBack();
      const { problem } = this.data;
      const faults = Object.fromEntries(
        ((problem && problem.fields) || []).map((each) => [each.field, each]),
      );
      return this.setData({ faults });
    },
    async giveFollowing({ currentTarget }) {
      const { material } = currentTarget.dataset;
      const asked = { material };
      const item = await this.doing(async () =>
        cases.follow(this.data.number, material, await this.keyOf(asked)),
      );
      if (item) await this.show(item);
    },
  },
});
