// Several people in one application: asking another to authorise on their own phone, and answering.
const api = require("./api");

const of = (draft, tail = "") => `/drafts/${draft}/invitations${tail}`;

module.exports = {
  make: (draft, role, key) => api.post(of(draft), { role }, { key }),
  list: (draft) => api.get(of(draft)),
  callBack: (draft, invitation) => api.post(of(draft, `/${invitation}/calling-back`)),
  confirm: (draft, invitation) => api.post(of(draft, `/${invitation}/confirmation`)),
  mine: () => api.get("/invitations"),
  open: (secret) => api.post("/invitations/openings", { secret }),
  view: (invitation) => api.get(`/invitations/${invitation}`),
  authorise: (invitation, answer) => api.post(`/invitations/${invitation}/authorisation`, answer),
  takeBack: (invitation) => api.post(`/invitations/${invitation}/taking-back`),
  refuse: (invitation, reason) => api.post(`/invitations/${invitation}/refusal`, { reason }),
};
