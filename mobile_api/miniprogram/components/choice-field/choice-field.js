// One of several: few are laid out to be touched, many are on a wheel.
const fieldBehavior = require("../../screens/field");
const { typedOf } = require("../../screens/kinds");

const FEW = 4;

Component({
  options: { addGlobalClass: true },
  behaviors: [fieldBehavior],
  data: { chosen: "", options: [], names: [], index: 0, few: true },
  observers: {
    "field, typed, lang"(field, typed, lang) {
      const options = (field.options || []).map((each) => ({ ...each, code: String(each.code) }));
      const chosen = typedOf(field, typed);
      const index = options.findIndex(({ code }) => code === chosen);
      const names = options.map(({ zh, en }) => (lang === "en" ? en : zh));
      this.setData({ options, names, chosen, index: Math.max(index, 0), few: options.length <= FEW });
    },
  },
  methods: {
    touch({ currentTarget }) {
      this.choose(currentTarget.dataset.code);
    },
    turn({ detail }) {
      const chosen = this.data.options[Number(detail.value)];
      if (chosen) this.choose(chosen.code);
    },
    choose(code) {
      if (code === this.data.chosen) return;
      this.setData({
        chosen: code,
        index: Math.max(
          0,
          this.data.options.findIndex((each) => each.code === code),
        ),
      });
      this.tell(code);
    },
  },
});
