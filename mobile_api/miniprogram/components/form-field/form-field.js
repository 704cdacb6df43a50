// A field of the one form: what is known with its source, or the component that asks for it; its fault
// beside it.
const fieldBehavior = require("../../screens/field");
const { isKnown, kindOf, mayDispute } = require("../../screens/kinds");

const ASK_WHY = ["not_held", "unavailable", "refused", "disputed"];

Component({
  options: { addGlobalClass: true },
  behaviors: [fieldBehavior],
  properties: {
    fault: { type: Object, value: null },
    // "": nothing to say; "sending", "saved" or "unsent".
    kept: { type: String, value: "" },
    // Whether a value can be called wrong here.
    disputable: { type: Boolean, value: true },
  },
  data: { known: false, kind: "text", wrongable: false, why: false },
  observers: {
    "field, disputable"(field, disputable) {
      this.setData({
        known: isKnown(field) || field.editable === false,
        kind: kindOf(field),
        wrongable: disputable && mayDispute(field),
        why: ASK_WHY.includes(field.state),
      });
    },
  },
  methods: {
    callWrong() {
      this.triggerEvent("wrong", { fact: this.data.field.fact }, { bubbles: true, composed: true });
    },
  },
});
