// Results by courier: which of them, and where to; what the form said is used where nothing is typed.
const acts = require("../../door/acts");
const cases = require("../../door/cases");
const { asked, faultsOf } = require("../../screens/asked");
const screen = require("../../screens/screen");

const placeOf = (number) => `parcel ${number}`;

Component({
  behaviors: [screen],
  data: {
    title: "sendHome",
    number: "",
    results: [],
    given: null,
    address: [],
    typed: {},
    faults: {},
    again: false,
  },
  methods: {
    async onLoad(query) {
      this.setData({ number: query.case });
      this.dress();
      const listed = await this.doing(() => cases.results(query.case));
      if (!listed) return;
      const ready = listed.results.filter(({ withheld }) => withheld === null);
      const required = !listed.given;
      this.setData({
        results: ready.map((each) => ({ ...each, chosen: true })),
        given: listed.given,
        address: [
          asked("name", "receiver", "name", { required, max_length: 60 }),
          asked("mobile", "mobile", "mobile", { required }),
          asked("address", "address", "address", { required, max_length: 200 }),
        ],
        loaded: true,
      });
      await this.restore();
    },
    onShow() {
      this.dress();
    },
    // What was sent and never answered: sent as it stands it is the same parcel.
    async restore() {
      const body = await acts.find(placeOf(this.data.number));
      if (!body) return;
      const results = this.data.results.map((each) => ({ ...each, chosen: body.results.includes(each.id) }));
      const typed = Object.fromEntries(
        this.data.address.map(({ fact }) => [fact, { value: body[fact] || null }]),
      );
      this.setData({ results, typed, again: true });
    },
    filled({ detail: { fact, value } }) {
      this.data.typed[fact] = { value };
    },
    toggle({ currentTarget }) {
      const { id } = currentTarget.dataset;
      const results = this.data.results.map((each) =>
        each.id === id ? { ...each, chosen: !each.chosen } : each,
      );
      this.setData({ results });
    },
    async send() {
      const { number, results, typed } = this.data;
      const wanted = results.filter(({ chosen }) => chosen).map(({ id }) => id);
      if (!wanted.length) return this.complain("sendWhat");
      const said = Object.entries(typed).filter(([, each]) => each && each.value);
      const to = Object.fromEntries(said.map(([fact, { value }]) => [fact, value.trim()]));
      const body = { results: wanted, ...to };
      const sent = await this.doing(() =>
        acts.send(placeOf(number), body, (parcel, key) => cases.ship(number, parcel, key)),
      );
      return sent ? this.goBack() : this.setData({ typed, faults: faultsOf(this.data.problem) });
    },
  },
});
