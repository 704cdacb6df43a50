// Acting for others: what I may do for whom, what I have let others do, and taking it back.
const acting = require("../../door/acting");
const drafts = require("../../door/drafts");
const mandates = require("../../door/mandates");
const screen = require("../../screens/screen");

const LIVE = ["live", "waiting"];

Component({
  behaviors: [screen],
  data: { title: "mandates", given: [], held: [] },
  methods: {
    async onShow() {
      this.dress();
      await this.list();
    },
    async list() {
      const listed = await this.doing(() => mandates.list());
      if (!listed) return;
      const given = listed.given.map((each) => ({ ...each, live: LIVE.includes(each.state) }));
      this.setData({ given, held: listed.held, loaded: true });
    },
    // From here on this phone acts for the principal, until it is told to stop.
    async begin({ currentTarget }) {
      const { id, thing } = currentTarget.dataset;
      const mandate = this.data.held.find((each) => each.id === id);
      const draft = await this.doing(async () => {
        await acting.begin(id, mandate.principal_masked);
        return drafts.open(thing);
      });
      if (draft) this.goTo(`/pages/choosing/choosing?draft=${draft.id}${draft.resumed ? "&resumed=yes" : ""}`);
      else await acting.forget();
    },
    async revoke({ currentTarget }) {
      const { id, mine } = currentTarget.dataset;
      const sure = mine
        ? await this.sure("mandateRevoke", "mandateRevokeAbout")
        : await this.sure("mandateGiveUp", "mandateGiveUpAbout");
      if (!sure) return;
      const over = await this.doing(async () => {
        await mandates.revoke(id);
        const now = await acting.find();
        if (now && now.mandate === id) await acting.forget();
        return true;
      });
      if (over) await this.list();
    },
  },
});
