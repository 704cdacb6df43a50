// Whole numbers and decimals; what is no number is said at once, and not sent.
const fieldBehavior = require("../../screens/field");
const { keyboardOf, longestOf, typedOf } = require("../../screens/kinds");

const SHAPES = { integer: /^-?\d+$/, decimal: /^-?\d+(\.\d+)?$/ };

Component({
  options: { addGlobalClass: true },
  behaviors: [fieldBehavior],
  data: { value: "", keyboard: "number", longest: 20, wrong: false },
  observers: {
    "field, typed"(field, typed) {
      const value = this.writing ? this.data.value : typedOf(field, typed);
      this.setData({ value, keyboard: keyboardOf(field), longest: longestOf(field) });
    },
  },
  methods: {
    type({ detail }) {
      this.writing = true;
      this.data.value = detail.value;
      if (this.isNumber(detail.value.trim())) this.tell(detail.value.trim(), false);
    },
    finish({ detail }) {
      if (!this.writing) return;
      this.writing = false;
      const value = detail.value.trim();
      const wrong = !this.isNumber(value);
      this.setData({ wrong, value });
      if (!wrong) this.tell(value);
    },
    isNumber(value) {
      return value === "" || SHAPES[this.data.field.type === "integer" ? "integer" : "decimal"].test(value);
    },
  },
});
