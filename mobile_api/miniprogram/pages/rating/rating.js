// Rating a service: voluntary, five levels, once for each.
const cases = require("../../door/cases");
const { newKey } = require("../../door/keys");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: {
    title: "rate",
    number: "",
    occasion: "",
    matter: "",
    options: null,
    level: "",
    reasons: [],
    marked: {},
    comment: "",
    named: false,
    done: false,
    rectified: false,
  },
  methods: {
    async onLoad({ case: number, occasion = "result", matter = "" }) {
      this.setData({ number, occasion, matter });
      this.dress();
      const options = await this.doing(() => cases.ratingOptions());
      if (options) this.setData({ options, named: options.names === "always", loaded: true });
    },
    onShow() {
      this.dress();
    },
    choose({ currentTarget }) {
      const { code } = currentTarget.dataset;
      const { reasons } = this.data.options.levels.find((each) => each.code === code);
      this.setData({ level: code, reasons, marked: {}, problem: null });
    },
    mark({ currentTarget }) {
      const { code } = currentTarget.dataset;
      this.setData({ marked: { ...this.data.marked, [code]: !this.data.marked[code] } });
    },
    comment({ detail }) {
      this.data.comment = detail.value;
    },
    name() {
      this.setData({ named: !this.data.named });
    },
    async send() {
      const { number, occasion, matter, level, marked, comment, named } = this.data;
      if (!level) return this.complain("levelFirst");
      const reasons = Object.keys(marked).filter((code) => marked[code]);
      const more = { ...(matter ? { matter } : {}), ...(comment.trim() ? { comment: comment.trim() } : {}) };
      const said = { occasion, level, reasons, named, ...more };
      const taken = await this.doing(async () => {
        const same = JSON.stringify(said);
        if (same !== this.same) [this.same, this.key] = [same, await newKey()];
        return cases.rate(number, said, this.key);
      });
      return taken && this.setData({ done: true, rectified: taken.rectification });
    },
  },
});
