// A role that stands for several people: one card for each, one more, or one less.
Component({
  options: { addGlobalClass: true },
  properties: {
    repeat: { type: Object, value: {} },
    // The sections of the role, in order.
    rows: { type: Array, value: [] },
    // {fact: {value}} not on the server, {fact: label} of faults, {fact: "saved"...}.
    typed: { type: Object, value: {} },
    faults: { type: Object, value: {} },
    kept: { type: Object, value: {} },
    lang: { type: String, value: "zh" },
    t: { type: Object, value: {} },
  },
  data: { open: 0 },
  methods: {
    unfold({ currentTarget }) {
      const { index } = currentTarget.dataset;
      this.setData({ open: this.data.open === index ? -1 : index });
    },
    more() {
      const { repeat } = this.data;
      if (repeat.count >= repeat.most) return;
      this.setData({ open: repeat.count });
      this.tell(repeat.count + 1);
    },
    less() {
      const { repeat } = this.data;
      if (repeat.count > repeat.least) this.tell(repeat.count - 1);
    },
    tell(number) {
      const told = { role: this.data.repeat.role, number };
      this.triggerEvent("counted", told, { bubbles: true, composed: true });
    },
  },
});
