// What has happened, the newest first; nothing about a person stands in a message.
const messages = require("../../door/messages");
const tokens = require("../../door/tokens");
const screen = require("../../screens/screen");

Component({
  behaviors: [screen],
  data: { title: "messages", messages: [], next: null, unread: 0, named: true },
  methods: {
    async onShow() {
      this.dress();
      const who = await tokens.find();
      const named = Boolean(who && who.known_by_name);
      this.setData({ named, loaded: !named });
      if (named) await this.load(null);
    },
    async load(after) {
      const page = await this.doing(() => messages.list(after));
      if (!page) return;
      const listed = after ? [...this.data.messages, ...page.messages] : page.messages;
      this.setData({ messages: listed, next: page.next, unread: page.unread, loaded: true });
    },
    onReachBottom() {
      return this.data.next ? this.load(this.data.next) : undefined;
    },
    onPullDownRefresh() {
      return this.load(null).finally(() => wx.stopPullDownRefresh());
    },
    async open({ currentTarget }) {
      const { id, link } = currentTarget.dataset;
      await this.doing(() => messages.read(id));
      const page = messages.pageOf(link);
      if (page) this.goTo(page);
      else await this.load(null);
    },
    async readAll() {
      if (await this.doing(() => messages.readAll())) await this.load(null);
    },
    enter() {
      this.goTo("/pages/enter/enter");
    },
  },
});
