// A day, a month, or a day with its time: chosen on wheels, never typed.
const fieldBehavior = require("../../screens/field");
const { typedOf } = require("../../screens/kinds");

// The county's own time, wherever the phone is.
const OFFSET = "+08:00";

Component({
  options: { addGlobalClass: true },
  behaviors: [fieldBehavior],
  data: { day: "", time: "", unit: "day", timed: false },
  observers: {
    "field, typed"(field, typed) {
      const value = typedOf(field, typed);
      const timed = field.type === "datetime";
      const unit = field.type === "month" ? "month" : "day";
      this.setData({
        day: value.slice(0, unit === "month" ? 7 : 10),
        time: value.slice(11, 16),
        unit,
        timed,
      });
    },
  },
  methods: {
    chooseDay({ detail }) {
      this.setData({ day: detail.value });
      this.choose();
    },
    chooseTime({ detail }) {
      this.setData({ time: detail.value });
      this.choose();
    },
    // A day without its time says nothing yet.
    choose() {
      const { day, time, timed } = this.data;
      if (!timed) this.tell(day);
      else if (day && time) this.tell(`${day}T${time}${OFFSET}`);
    },
  },
});
