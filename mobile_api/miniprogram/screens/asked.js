// A question of ours in the shape of the form's own fields, so that the same components ask it.
const words = require("../words/words");

// word: the name of its words; type: one of the door's types.
function asked(fact, word, type, more = {}) {
  return {
    fact,
    type,
    zh: words.zh[word],
    en: words.en[word],
    state: "needed",
    value: null,
    required: true,
    editable: true,
    ...more,
  };
}

// The faults of a refusal by their fields.
const faultsOf = (problem) =>
  Object.fromEntries(((problem && problem.fields) || []).map((each) => [each.field, each]));

module.exports = { asked, faultsOf };
