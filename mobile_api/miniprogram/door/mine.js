// What the county holds of me: my e-licences, a code that shows one, and who has read my data.
const api = require("./api");

module.exports = {
  licences: () => api.get("/licences"),
  // What government holds of me: whom to ask, and for what I agree to, its answer, which nobody keeps.
  askable: () => api.get("/held-licences"),
  held: (documents) => api.post("/held-licences", { documents }, { slow: true }),
  // A code of a licence for whoever looks, or of oneself for a kiosk's reader: {text, expires_at}.
  show: (kind, licence) => api.post("/showing-codes", licence ? { kind, licence } : { kind }),
  // The accounts by which I am known here; letting go of one signs its phones out.
  bindings: () => api.get("/bindings"),
  unbind: (binding) => api.remove(`/bindings/${binding}`),
  uses: (cursor) => api.get(`/access-log${cursor ? `?cursor=${cursor}` : ""}`),
};
