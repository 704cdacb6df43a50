// What the five components share: the field as the server says it, what was typed, and telling the form.
module.exports = Behavior({
  properties: {
    field: { type: Object, value: {} },
    // {value} that was typed and is not on the server, or null.
    typed: { type: Object, value: null },
    lang: { type: String, value: "zh" },
    t: { type: Object, value: {} },
  },
  methods: {
    // Tell the form of a value: sent when it is finished, only kept while it is being typed.
    tell(value, finished = true) {
      const fact = this.data.field.fact;
      const told = { fact, value: value === "" ? null : value, finished };
      this.triggerEvent("filled", told, { bubbles: true, composed: true });
    },
  },
});
