// What pages that take photographs share: taking, sending with its progress, taking again, looking closely.
const api = require("../door/api");
const pictures = require("../door/pictures");
const { Away } = require("../door/refusals");

module.exports = Behavior({
  data: { waiting: {}, seen: {} },
  methods: {
    // Photographs of earlier that are not on the server, by place.
    async listWaiting(places) {
      const waiting = {};
      for (const [name, at] of Object.entries(places)) waiting[name] = await pictures.list(at);
      this.places = places;
      this.setData({ waiting });
    },
    async takePictures(name) {
      let taken;
      try {
        taken = await pictures.take(this.places[name]);
      } catch (error) {
        // The phone could not read or keep it: no room, or a file that is none.
        this.complain("pictureFailed");
        return;
      }
      this.putWaiting(name, [...(this.data.waiting[name] || []), ...taken]);
      for (const picture of taken) await this.sendPicture(name, picture);
    },
    // Send one; a bad line leaves it waiting, a page that cannot be taken says why.
    async sendPicture(name, picture) {
      this.tellPicture(name, picture.key, { sending: true, percent: 0, problem: null });
      try {
        const pages = await pictures.send(picture, (percent) =>
          this.tellPicture(name, picture.key, { percent }),
        );
        this.dropPicture(name, picture.key);
        await this.sent(name, pages);
      } catch (error) {
        const problem = { zh: error.zh, en: error.en };
        if (error instanceof Away || error.passing)
          this.tellPicture(name, picture.key, { sending: false, percent: 0 });
        else if (error.status === 401 || !error.zh) this.refuse(error);
        else this.tellPicture(name, picture.key, { sending: false, problem });
      }
    },
    tellPicture(name, key, changed) {
      const list = this.data.waiting[name].map((each) => (each.key === key ? { ...each, ...changed } : each));
      this.putWaiting(name, list);
    },
    // A name may have dots in it: never as a path.
    putWaiting(name, list) {
      this.setData({ waiting: { ...this.data.waiting, [name]: list } });
    },
    dropPicture(name, key) {
      this.putWaiting(
        name,
        this.data.waiting[name].filter((each) => each.key !== key),
      );
    },
    async sendAgain({ currentTarget }) {
      const [name, picture] = this.findPicture(currentTarget.dataset.key);
      await this.sendPicture(name, picture);
    },
    async retake({ currentTarget }) {
      const [name, picture] = this.findPicture(currentTarget.dataset.key);
      await pictures.drop(picture);
      this.dropPicture(name, picture.key);
      await this.takePictures(name);
    },
    findPicture(key) {
      const names = Object.keys(this.data.waiting);
      const name = names.find((each) => this.data.waiting[each].some((picture) => picture.key === key));
      return [name, this.data.waiting[name].find((picture) => picture.key === key)];
    },
    // The pages on the server, each with its picture once it has come: {file, number, path}.
    async see(pages, pathOf) {
      for (const { file } of pages) {
        if (this.data.seen[file]) continue;
        try {
          this.setData({ [`seen.${file}`]: await api.download(pathOf(file)) });
        } catch (error) {
          // Its number is shown all the same.
        }
      }
    },
    enlarge({ currentTarget }) {
      const { path } = currentTarget.dataset;
      if (path) wx.previewImage({ urls: [path] });
    },
  },
});
