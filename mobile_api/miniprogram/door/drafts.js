// The one form: every act answers with the whole draft.
const api = require("./api");

const at = (draft, tail = "") => `/drafts/${draft}${tail}`;

module.exports = {
  open: (thing, another = false) => api.post("/drafts", another ? { thing, another } : { thing }),
  list: () => api.get("/drafts"),
  // mandate: that under which something of the draft was typed; left out, the one that goes on now.
  view: (draft, mandate) => api.get(at(draft), { mandate }),
  choose: (draft, chosen) => api.put(at(draft, "/choice"), { chosen }),
  answer: (draft, values) => api.put(at(draft, "/answers"), { values }),
  count: (draft, role, number) => api.put(at(draft, "/counts"), { role, number }),
  consent: (draft, sources) => api.put(at(draft, "/consent"), { sources }),
  fetch: (draft) => api.post(at(draft, "/fetching"), {}, { slow: true }),
  // version: what the screen had seen of the draft when this was typed.
  fill: (draft, values, version, mandate) =>
    api.put(at(draft, "/values"), { values, ...(version === undefined ? {} : { version }) }, { mandate }),
  settle: (draft, fact, keep) => api.put(at(draft, "/kept-values"), { fact, keep }),
  decline: (draft, role) => api.post(at(draft, "/declined-authorisations"), { role }),
  sign: (draft, drawn) => api.put(at(draft, "/signature"), drawn),
  dispute: (draft, wrong, key) => api.post(at(draft, "/disputes"), wrong, { key }),
  // The second check of who acts, where what is chosen asks for it.
  sendCode: (draft) => api.post(at(draft, "/step-up/codes"), {}),
  giveCode: (draft, code) => api.post(at(draft, "/step-up/answers"), { code }),
  submit: (draft, key) => api.post(at(draft, "/submission"), {}, { key }),
  removePage: (draft, material, file) => api.remove(at(draft, `/materials/${material}/pages/${file}`)),
};
