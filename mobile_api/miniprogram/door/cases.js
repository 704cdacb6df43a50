// What was handed in: how far it is, what is wanted, what came of it.
const api = require("./api");

const at = (number, tail = "") => `/cases/${number}${tail}`;

module.exports = {
  list: (cursor) => api.get(`/cases${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`),
  view: (number) => api.get(at(number)),
  receipt: (number) => api.get(at(number, "/receipt")),
  openForm: (number) => api.open(at(number, "/form")),
  withdraw: (number, matter, key) => api.post(at(number, "/withdrawal"), matter ? { matter } : {}, { key }),
  askPartial: (number) => api.post(at(number, "/partial-issue"), {}),
  issue: (number, way, results, key) => api.post(at(number, "/issue"), { way, results }, { key }),
  results: (number) => api.get(at(number, "/results")),
  openResult: (number, result) => api.open(at(number, `/results/${result}/file`)),
  // Whether all the paper came out of a kiosk that cannot know.
  settlePrint: (number, print, out, key) =>
    api.post(at(number, `/prints/${print}/settlement`), { came_out: out }, { key }),
  ship: (number, parcel, key) => api.post(at(number, "/shipments"), parcel, { key }),
  sharedValues: (number) => api.get(at(number, "/shared-values")),
  dispute: (number, wrong, key) => api.post(at(number, "/disputes"), wrong, { key }),
  supplement: (number, values, key) => api.post(at(number, "/supplement"), { values }, { key }),
  follow: (number, material, key) => api.post(at(number, "/follow-papers"), { material }, { key }),
  removePage: (number, material, file) => api.remove(at(number, `/supplement-pages/${material}/${file}`)),
  rate: (number, rating, key) => api.post(at(number, "/ratings"), rating, { key }),
  ratingOptions: () => api.get("/rating-options"),
};
