// What came of an application: each result with what can be done with it, and the parcels on their way.
const acts = require("../../door/acts");
const cases = require("../../door/cases");
const screen = require("../../screens/screen");

const ARRIVED = "delivered";
const ASTRAY = ["returned", "lost", "refused"];

// The parcels, the last stop first, each with what is in it.
function shown(parcels, results) {
  const named = Object.fromEntries(results.map((each) => [each.id, each]));
  return parcels.map((parcel) => ({
    ...parcel,
    trace: [...parcel.trace].reverse(),
    inside: parcel.results.map((id) => named[id]).filter(Boolean),
    tone: parcel.state === ARRIVED ? "chip_good" : ASTRAY.includes(parcel.state) ? "chip_warn" : "",
  }));
}

Component({
  behaviors: [screen],
  data: { title: "results", number: "", item: null, results: [], parcels: [], sendable: 0 },
  methods: {
    onLoad(query) {
      this.setData({ number: query.case });
    },
    async onShow() {
      this.dress();
      await this.load();
    },
    async onPullDownRefresh() {
      await this.load();
      wx.stopPullDownRefresh();
    },
    async load() {
      const { number } = this.data;
      const both = await this.doing(() => Promise.all([cases.view(number), cases.results(number)]));
      if (!both) return;
      const [item, listed] = both;
      this.setData({
        item,
        results: item.results.map((each) => ({
          ...each,
          byLicence: each.offers.includes("e_licence"),
          byPrint: each.offers.includes("print"),
        })),
        parcels: shown(listed.shipments, listed.results),
        sendable: listed.results.filter(({ withheld }) => withheld === null).length,
        loaded: true,
      });
    },
    async take({ currentTarget }) {
      const { id, way } = currentTarget.dataset;
      const { number } = this.data;
      const body = { way, results: [id] };
      const taken = await this.doing(() =>
        acts.send(`take ${number} ${way} ${id}`, body, (_body, key) => cases.issue(number, way, [id], key)),
      );
      if (taken) await this.load();
    },
    openFile({ currentTarget }) {
      return this.doing(() => cases.openResult(this.data.number, currentTarget.dataset.id));
    },
    async settlePrint({ currentTarget }) {
      const { print, out } = currentTarget.dataset;
      const { number } = this.data;
      const said = await this.doing(() =>
        acts.send(`print ${print}`, { out: Boolean(out) }, (body, key) =>
          cases.settlePrint(number, print, body.out, key),
        ),
      );
      if (said) await this.load();
    },
    async askPartial() {
      if (!(await this.sure("partial", "partialAbout"))) return;
      if (await this.doing(() => cases.askPartial(this.data.number))) await this.load();
    },
  },
});
