// Why an act did not come off: refused by the server, or the server is out of reach.

// What the server refuses (RFC 9457): a stable reason, a sentence in two languages, and faults by field.
class Problem extends Error {
  constructor(status, body) {
    const said = body && typeof body === "object" ? body : {};
    super(said.reason || `http_${status}`);
    this.name = "Problem";
    this.status = status;
    this.reason = said.reason || "";
    this.zh = said.title_zh || "系统出错，请再试一次";
    this.en = said.title_en || "Something went wrong; please try again";
    this.fields = said.errors || [];
    this.body = said;
  }

  // Whether the same request may be good a little later.
  get passing() {
    return this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

// No answer came: whether the server did it is not known, so an act is repeated under its key only.
class Away extends Error {
  constructor() {
    super("away");
    this.name = "Away";
    this.reason = "away";
    this.zh = "网络不通，请稍后再试；填好的内容不会丢";
    this.en = "No connection; please try again later. What you typed is kept.";
    this.fields = [];
    this.passing = true;
  }
}

module.exports = { Away, Problem };
