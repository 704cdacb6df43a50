// Which of the five components shows a field, and which keyboard it asks for.
const KINDS = {
  text: "text",
  name: "text",
  address: "text",
  division: "text",
  citizen_id: "text",
  uscc: "text",
  mobile: "text",
  bank_card: "text",
  integer: "number",
  decimal: "number",
  date: "date",
  month: "date",
  datetime: "date",
  code: "choice",
  boolean: "choice",
};
const KEYBOARDS = {
  citizen_id: "idcard",
  mobile: "number",
  bank_card: "number",
  integer: "number",
  decimal: "digit",
};
const LONGEST = { citizen_id: 18, uscc: 18, mobile: 11, bank_card: 25, integer: 12, decimal: 20 };
// Where a value came from so that it is shown, not asked.
const KNOWN = ["found", "card", "computed"];
// What is shown masked is never put into an input.
const MASKED = ["citizen_id", "bank_card"];

// A type that came with a later server is asked as text.
const kindOf = (field) => (field.options && field.options.length ? "choice" : KINDS[field.type] || "text");
const keyboardOf = (field) => KEYBOARDS[field.type] || "text";
const longestOf = (field) => field.max_length || LONGEST[field.type] || 200;
const isKnown = (field) => KNOWN.includes(field.state);
const mayDispute = (field) => field.state === "found" && field.editable;

// What an input holds; typed is {value} of what the server does not have yet, or null.
function typedOf(field, typed) {
  if (typed) return typed.value === null ? "" : String(typed.value);
  if (field.value === null || field.value === undefined) return "";
  return field.sensitive && MASKED.includes(field.type) ? "" : String(field.value);
}

module.exports = { KINDS, isKnown, keyboardOf, kindOf, longestOf, mayDispute, typedOf };
