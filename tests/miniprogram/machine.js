// The phone that the mini-program runs on: wx's functions over a real line to a real server, a storage that
// outlives the app, a camera, a person who says yes; and the line can be cut before or after a request.
const fs = require("node:fs");
const http = require("node:http");
const os = require("node:os");
const path = require("node:path");

class Line {
  constructor() {
    this.asked = [];
    this.cuts = [];
  }

  // Lose the next request whose path fits: "request" never arrives, "answer" arrives and is not heard of.
  cut(fits, what, times = 1) {
    for (let time = 0; time < times; time += 1) this.cuts.push({ fits, what });
  }

  take(target) {
    const at = this.cuts.findIndex(({ fits }) => fits.test(target));
    return at < 0 ? null : this.cuts.splice(at, 1)[0].what;
  }

  send({ url, method = "GET", data, header = {} }, done) {
    const target = `${method} ${new URL(url).pathname}`;
    this.asked.push({ target, header });
    const cut = this.take(target);
    if (cut === "request") return setTimeout(() => done(new Error("request:fail")), 0);
    const body = data === undefined ? null : Buffer.from(data);
    const headers = { ...header, ...(body ? { "content-length": body.length } : {}) };
    const request = http.request(url, { method, headers, agent: false }, (answer) => {
      const pieces = [];
      answer.on("data", (piece) => pieces.push(piece));
      answer.on("end", () =>
        done(cut ? new Error("request:fail timeout") : null, answer, Buffer.concat(pieces)),
      );
    });
    request.on("error", (error) => done(error));
    return request.end(body || undefined);
  }

  count(fits) {
    return this.asked.filter(({ target }) => fits.test(target)).length;
  }
}

class Machine {
  constructor() {
    this.line = new Line();
    this.storage = new Map();
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "phone-"));
    this.saved = path.join(this.folder, "saved");
    fs.mkdirSync(this.saved);
    // Where the app has gone: {how, url}.
    this.gone = [];
    this.shown = [];
    this.answersYes = true;
    this.photographs = [];
    this.onCode = async () => {
      throw new Error("nobody is in front of this phone");
    };
    this.subscribed = "accept";
    this.networkListeners = [];
    this.wx = this.make();
  }

  remove() {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  // Everything that lies in the phone's storage, as a thief would read it.
  atRest() {
    const files = fs.readdirSync(this.saved);
    return JSON.stringify([...this.storage.entries(), ...files]);
  }

  make() {
    const answered = (work) => (options) => {
      Promise.resolve()
        .then(() => work(options))
        .then(options.success, options.fail);
    };
    const go =
      (how) =>
      (options = {}) => {
        this.gone.push({ how, url: options.url });
      };
    return {
      ...this.makeStorage(answered),
      ...this.makeLine(),
      ...this.makePictures(answered),
      login: answered(async () => ({ code: await this.onCode() })),
      getRandomValues: answered(({ length }) => {
        const randomValues = new Uint8Array(require("node:crypto").randomBytes(length)).buffer;
        return { randomValues };
      }),
      getDeviceInfo: () => ({ brand: "测试", model: "手机" }),
      getAppBaseInfo: () => ({ theme: "light" }),
      getWindowInfo: () => ({ pixelRatio: 2 }),
      onNetworkStatusChange: (listener) => this.networkListeners.push(listener),
      navigateTo: go("navigateTo"),
      redirectTo: go("redirectTo"),
      reLaunch: go("reLaunch"),
      switchTab: go("switchTab"),
      navigateBack: go("navigateBack"),
      setNavigationBarTitle: ({ title }) => {
        this.title = title;
      },
      pageScrollTo: (options) => {
        this.scrolled = options;
      },
      stopPullDownRefresh: () => {},
      showToast: ({ title }) => this.shown.push(title),
      showModal: ({ title, success }) => {
        this.shown.push(title);
        success({ confirm: this.answersYes });
      },
      openDocument: answered(({ filePath }) => {
        this.opened = fs.readFileSync(filePath);
        return {};
      }),
      openPrivacyContract: () => {},
      previewImage: ({ urls }) => {
        this.previewed = urls;
      },
      setClipboardData: ({ data }) => {
        this.clipboard = data;
      },
      scanCode: answered(() => {
        if (!this.scanned) throw new Error("scanCode:fail cancel");
        return { result: this.scanned };
      }),
      requestSubscribeMessage: answered(({ tmplIds }) =>
        Object.fromEntries(tmplIds.map((id) => [id, this.subscribed])),
      ),
    };
  }

  makeStorage(answered) {
    const { storage } = this;
    const get = (key) => {
      if (!storage.has(key)) throw new Error("getStorage:fail data not found");
      return { data: JSON.parse(storage.get(key)) };
    };
    const hidden = (key, encrypt) => (encrypt ? `encrypted:${key}` : key);
    return {
      getStorage: answered(({ key, encrypt }) => get(hidden(key, encrypt))),
      setStorage: answered(({ key, data, encrypt }) => {
        storage.set(hidden(key, encrypt), JSON.stringify(data));
      }),
      removeStorage: answered(({ key }) => {
        storage.delete(key);
        storage.delete(`encrypted:${key}`);
      }),
      getStorageSync: (key) => (storage.has(key) ? JSON.parse(storage.get(key)) : ""),
      setStorageSync: (key, data) => {
        storage.set(key, JSON.stringify(data));
      },
    };
  }

  makeLine() {
    const said = (body) => {
      try {
        return JSON.parse(body.toString());
      } catch (error) {
        return body.toString();
      }
    };
    return {
      request: (options) => {
        this.line.send(options, (error, answer, body) => {
          if (error) options.fail({ errMsg: error.message });
          else options.success({ statusCode: answer.statusCode, header: answer.headers, data: said(body) });
        });
      },
      uploadFile: ({ url, filePath, name, header, success, fail }) => {
        const edge = "--edge-of-a-part";
        const head = `--${edge}\r\ncontent-disposition: form-data; name="${name}"; filename="page.jpg"\r\n\r\n`;
        const data = Buffer.concat([
          Buffer.from(head),
          fs.readFileSync(filePath),
          Buffer.from(`\r\n--${edge}--\r\n`),
        ]);
        const sent = { ...header, "content-type": `multipart/form-data; boundary=${edge}` };
        this.line.send({ url, method: "POST", data, header: sent }, (error, answer, body) => {
          if (error) fail({ errMsg: error.message });
          else success({ statusCode: answer.statusCode, data: body.toString() });
        });
      },
      downloadFile: (options) => {
        this.line.send(options, (error, answer, body) => {
          if (error) return options.fail({ errMsg: error.message });
          const tempFilePath = path.join(this.folder, `download-${this.line.asked.length}`);
          fs.writeFileSync(tempFilePath, body);
          return options.success({ statusCode: answer.statusCode, tempFilePath });
        });
      },
    };
  }

  makePictures(answered) {
    const files = {
      saveFile: answered(({ tempFilePath }) => {
        const savedFilePath = path.join(this.saved, path.basename(tempFilePath));
        fs.copyFileSync(tempFilePath, savedFilePath);
        return { savedFilePath };
      }),
      removeSavedFile: answered(({ filePath }) => {
        fs.unlinkSync(filePath);
        return {};
      }),
      readFile: answered(({ filePath }) => {
        const bytes = fs.readFileSync(filePath);
        return { data: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) };
      }),
    };
    return {
      getFileSystemManager: () => files,
      chooseMedia: answered(() => {
        if (!this.photographs.length) throw new Error("chooseMedia:fail cancel");
        return { tempFiles: this.photographs.splice(0).map((tempFilePath) => ({ tempFilePath })) };
      }),
      getImageInfo: answered(() => ({ width: 1240, height: 1754 })),
      compressImage: answered(({ src }) => ({ tempFilePath: src })),
    };
  }
}

module.exports = { Machine };
