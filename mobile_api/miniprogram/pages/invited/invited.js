// What somebody asks of me: only what concerns me is shown, and I say yes source by source, or no.
const invitations = require("../../door/invitations");
const tokens = require("../../door/tokens");
const { Pen } = require("../../screens/pen");
const screen = require("../../screens/screen");

const SHARPEST = 2;

Component({
  behaviors: [screen],
  data: { title: "invitedMine", item: null, sources: [], mine: [], secret: "", reason: "" },
  methods: {
    onLoad({ secret = "", invitation = "" }) {
      this.wanted = { secret, invitation };
    },
    async onShow() {
      this.dress();
      const who = await tokens.find();
      const { secret, invitation } = this.wanted;
      if (!who || !who.known_by_name) {
        return this.nameFirst(who, `/pages/invited/invited${secret ? `?secret=${secret}` : ""}`);
      }
      if (secret) return this.open(secret);
      if (invitation) return this.show(await this.doing(() => invitations.view(invitation)));
      return this.list();
    },
    async list() {
      const listed = await this.doing(() => invitations.mine());
      if (listed) this.setData({ mine: listed.invitations, loaded: true });
    },
    async open(secret) {
      this.show(await this.doing(() => invitations.open(secret)));
      this.setData({ loaded: true });
    },
    typeCode({ detail }) {
      this.setData({ secret: detail.value });
    },
    openCode() {
      return this.open(this.data.secret.trim());
    },
    async choose({ currentTarget }) {
      this.show(await this.doing(() => invitations.view(currentTarget.dataset.id)));
    },
    show(item) {
      if (!item) return;
      this.wanted = { secret: "", invitation: item.id };
      const sources = item.sources.map((source) => ({ ...source, agreed: true }));
      this.setData({ item, sources, loaded: true });
      if (item.signs && item.can_answer) this.findPad();
    },
    findPad() {
      this.createSelectorQuery()
        .select("#pad")
        .fields({ node: true, size: true })
        .exec(([pad]) => {
          if (pad && pad.node) this.takePad(pad);
        });
    },
    takePad({ node, width, height }) {
      this.pen = new Pen(node, width, height, Math.min(wx.getWindowInfo().pixelRatio, SHARPEST));
    },
    start({ touches }) {
      if (this.pen) this.pen.start(touches[0]);
    },
    move({ touches }) {
      if (this.pen) this.pen.move(touches[0]);
    },
    end() {
      if (this.pen) this.pen.end();
    },
    again() {
      if (this.pen) this.pen.clear();
    },
    toggle({ currentTarget }) {
      const { id } = currentTarget.dataset;
      const sources = this.data.sources.map((each) =>
        each.id === id ? { ...each, agreed: !each.agreed } : each,
      );
      this.setData({ sources });
    },
    async authorise() {
      const { item, sources } = this.data;
      if (item.signs && !(this.pen && this.pen.isSignature)) return this.complain("signFirst");
      const answer = { sources: Object.fromEntries(sources.map((each) => [each.id, each.agreed])) };
      if (item.signs) answer.signature = this.pen.drawn.image;
      return this.show(await this.doing(() => invitations.authorise(item.id, answer)));
    },
    async takeBack() {
      if (!(await this.sure("takeBack", "takeBackAbout"))) return;
      this.show(await this.doing(() => invitations.takeBack(this.data.item.id)));
    },
    sayWhy({ detail }) {
      this.data.reason = detail.value;
    },
    async refuseIt() {
      const { item, reason } = this.data;
      if (!(await this.sure("refuseInvitation", "refuseAbout"))) return;
      this.show(await this.doing(() => invitations.refuse(item.id, reason.trim())));
    },
  },
});
