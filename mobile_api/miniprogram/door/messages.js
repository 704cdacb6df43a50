// The inbox, and being told through WeChat: each yes is good for one message of its template.
const api = require("./api");
const { ask } = require("./asking");

// WeChat asks about three templates in one tap at most.
const MOST = 3;

const list = (after) => api.get(`/messages${after ? `?after=${after}` : ""}`);
const read = (message) => api.post(`/messages/${message}/reading`, {});
const readAll = () => api.post("/messages/reading", {});

// By which ways messages come, in which language, and what comes whatever is chosen.
const settings = () => api.get("/message-settings");
const choose = (ways, lang) => api.put("/message-settings", { ways, lang });

// The templates that WeChat can be asked about, those nothing is left of first.
async function offered() {
  return firstOf((await settings()).templates);
}

function firstOf(templates) {
  return [...templates]
    .sort((one, other) => one.left - other.left)
    .slice(0, MOST)
    .map(({ id }) => id);
}

// Ask the person, in their own tap; how many templates they said yes to.
async function allow(templates) {
  let said;
  try {
    said = await ask(wx.requestSubscribeMessage, { tmplIds: templates });
  } catch (error) {
    return 0;
  }
  const agreed = templates.filter((id) => said[id] === "accept");
  if (!agreed.length) return 0;
  const { code } = await ask(wx.login);
  await api.post("/message-settings/allowances", { code, templates: agreed });
  return agreed.length;
}

const PAGES = [
  [/^\/m\/mandates/, () => "/pages/mandates/mandates"],
  [/^\/m\/drafts\/([^/?#]+)/, (draft) => `/pages/choosing/choosing?draft=${draft}&resumed=yes`],
  [/^\/m\/cases\/([^/?#]+)/, (number) => `/pages/case/case?case=${number}`],
  [/^\/m\/invitations\/of\/([^/?#]+)/, (draft) => `/pages/consent/consent?draft=${draft}`],
  [/^\/m\/invitations\/([^/?#]+)/, (invitation) => `/pages/invited/invited?invitation=${invitation}`],
];

// The page that a message's link leads to here; null for what only the H5 pages have.
function pageOf(link) {
  const found = PAGES.find(([pattern]) => pattern.test(link));
  return found ? found[1](found[0].exec(link)[1]) : null;
}

module.exports = { allow, choose, firstOf, list, offered, pageOf, read, readAll, settings };
