// The notice of a one-thing: everything to be known first; and its beginning.
const api = require("../../door/api");
const drafts = require("../../door/drafts");
const tokens = require("../../door/tokens");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "guide", thing: "", guide: null },
  methods: {
    async onLoad({ thing }) {
      this.setData({ thing });
      this.dress();
      const guide = await this.doing(() => api.get(`/things/${thing}/guide`));
      if (guide) this.setData({ guide, loaded: true });
    },
    onShow() {
      this.dress();
    },
    // Begin, or go on with the draft there is; whoever is not known by name signs in first.
    async begin() {
      const who = await tokens.find();
      if (!who || !who.known_by_name)
        return this.nameFirst(who, `/pages/guide/guide?thing=${this.data.thing}`);
      const draft = await this.doing(() => drafts.open(this.data.thing));
      if (draft)
        this.goTo(`/pages/choosing/choosing?draft=${draft.id}${draft.resumed ? "&resumed=yes" : ""}`);
    },
  },
});
