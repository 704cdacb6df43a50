// Names, numbers and addresses: anything that is typed letter by letter.
const fieldBehavior = require("../../screens/field");
const { keyboardOf, longestOf, typedOf } = require("../../screens/kinds");

Component({
  options: { addGlobalClass: true },
  behaviors: [fieldBehavior],
  data: { value: "", keyboard: "text", longest: 200, shown: "" },
  observers: {
    "field, typed"(field, typed) {
      // What is just being typed is not replaced by an answer that comes meanwhile.
      const value = this.writing ? this.data.value : typedOf(field, typed);
      const shown = !value && field.sensitive ? field.display_zh || "" : "";
      this.setData({ value, keyboard: keyboardOf(field), longest: longestOf(field), shown });
    },
  },
  methods: {
    type({ detail }) {
      this.writing = true;
      this.data.value = detail.value;
      this.tell(detail.value.trim(), false);
    },
    finish({ detail }) {
      if (!this.writing) return;
      this.writing = false;
      this.tell(detail.value.trim());
    },
  },
});
