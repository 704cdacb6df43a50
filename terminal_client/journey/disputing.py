"""“有误” beside a shared value of the form or of a case: the person's own value, and on with it."""

from dataclasses import replace
from typing import Any

from terminal_client.journey import drafts, filling, scanning
from terminal_client.journey.following import case_path, current_case
from terminal_client.journey.state import Dispute, Journey, Json, Screen
from terminal_client.journey.steps import (
    Step,
    ask,
    draft_path,
    go,
    praise,
    say,
    stay,
    with_citizen,
    with_draft,
)

NO_REGISTER = "not_from_a_register"


def call_wrong(journey: Journey, values: Json) -> Step:
    """Open the dispute of a value that came from a register; anything else is simply typed anew."""
    field = drafts.find_field(drafts.list_fields(journey.draft), str(values.get("fact", "")))
    if field is None or not field.get("editable", True):
        return stay(journey)
    if field["state"] != "found":
        return filling.edit(journey, values)
    return _opened_on(journey, field, Dispute(str(field["fact"])))


def _opened_on(journey: Journey, field: Json, dispute: Dispute) -> Step:
    opened = with_citizen(journey, dispute=dispute)
    return go(opened, Screen.DISPUTE, editing=field["fact"] if drafts.needs_keyboard(field) else None), ()


def to_values(journey: Journey, _values: Json) -> Step:
    """Read what registers gave for the case on the screen."""
    if not current_case(journey):
        return stay(journey)
    return ask(journey, "read_case_values", "GET", case_path(journey, "shared-values"))


def values_read(journey: Journey, listed: Any) -> Step:
    """Show them, each with what may be said about it."""
    return go(with_citizen(journey, case_values=tuple(listed["fields"])), Screen.CASE_VALUES), ()


def call_wrong_in_case(journey: Journey, values: Json) -> Step:
    """Open the dispute of a value of the case; one that is being looked into waits for its answer."""
    field = drafts.find_field(_case_values(journey), str(values.get("fact", "")))
    if field is None or not field["editable"]:
        return stay(journey)
    return _opened_on(journey, field, Dispute(str(field["fact"]), in_case=True))


def _case_values(journey: Journey) -> list[Json]:
    return list(journey.citizen.case_values) if journey.citizen else []


def find_disputed(journey: Journey) -> Json | None:
    """The field in dispute, with the person's own value in it, and with no source of its own."""
    dispute, field = _current(journey), find_register(journey)
    if dispute is None or field is None:
        return None
    own = {"value": dispute.value, "display_zh": "", "display_en": "", "state": "needed", "required": True}
    return {**field, **own, "hint_zh": "", "hint_en": "", "sensitive": False}


def find_register(journey: Journey) -> Json | None:
    """The same field as the register has it."""
    dispute = _current(journey)
    if dispute is None:
        return None
    fields = _case_values(journey) if dispute.in_case else drafts.list_fields(journey.draft)
    return drafts.find_field(fields, dispute.fact)


def _current(journey: Journey) -> Dispute | None:
    return journey.citizen.dispute if journey.citizen else None


def edit(journey: Journey, _values: Json) -> Step:
    """Open the keyboard on the person's own value."""
    dispute = _current(journey)
    return (replace(journey, editing=dispute.fact, notice=None), ()) if dispute else stay(journey)


def value(journey: Journey, values: Json) -> Step:
    """Keep the person's own value until the dispute is sent."""
    dispute, field = _current(journey), find_register(journey)
    if dispute is None or field is None or values.get("fact") != dispute.fact:
        return stay(journey)
    parsed = drafts.parse_value(field, str(values.get("value", "")))
    said = replace(dispute, value=parsed, said=parsed is not None)
    return with_citizen(replace(journey, editing=None, notice=None), dispute=said, errors={}), ()


def scan_evidence(journey: Journey, _values: Json) -> Step:
    """Scan a page that shows the person is right; nobody has to."""
    dispute, field = _current(journey), find_register(journey)
    if dispute is None or field is None or dispute.in_case:
        return stay(journey)
    path = draft_path(journey.citizen, "evidence", dispute.fact, "pages")
    name = {"id": dispute.fact, "zh": f"证明“{field['zh']}”", "en": f"Proof of: {field['en']}"}
    return scanning.begin(journey, scanning.paper_of(name, path, Screen.DISPUTE))


def send(journey: Journey, _values: Json) -> Step:
    """Send the dispute to the department that supplies the value."""
    dispute = _current(journey)
    if dispute is None:
        return stay(journey)
    if not dispute.said:
        return say(journey, "请先填写您认为正确的内容", "Please give the right value first"), ()
    body: dict[str, Any] = {"fact": dispute.fact, "value": dispute.value}
    if dispute.in_case:
        once = f"dispute in case {sorted(body.items(), key=str)}"
        return ask(journey, "dispute_case", "POST", case_path(journey, "disputes"), body, once=once)
    body["evidence"] = [str(page["file"]) for page in dispute.pages]
    once = f"dispute {sorted(body.items(), key=str)}"
    return ask(journey, "open_dispute", "POST", draft_path(journey.citizen, "disputes"), body, once=once)


def refused(journey: Journey, reason: str) -> Step:
    """A value that no register gave has nobody to dispute it with: it is simply changed."""
    dispute = _current(journey)
    if dispute is None or reason != NO_REGISTER:
        return stay(journey)
    known = go(with_citizen(journey, dispute=None), Screen.FORM)
    return filling.value(known, {"fact": dispute.fact, "value": _as_text(dispute.value)})


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def opened(journey: Journey, draft: Any) -> Step:
    """Back to the form, which goes on with the person's own value."""
    known = go(with_citizen(with_draft(journey, draft), dispute=None), Screen.FORM)
    zh, en = "已转部门核对，先按您填的办理", "Sent to the office. We go on with your own value."
    return praise(known, zh, en), ()


def opened_in_case(journey: Journey, case: Any) -> Step:
    """Back to the case, which shows the dispute and its day."""
    known = with_citizen(journey, case=case, dispute=None, case_values=())
    zh, en = "已转部门核对，结果在这里能看到", "Sent to the office. The answer will be shown here."
    return praise(go(known, Screen.PROGRESS), zh, en), ()


def give_up(journey: Journey, _values: Json) -> Step:
    """The register is right after all."""
    dispute = _current(journey)
    back = Screen.CASE_VALUES if dispute is not None and dispute.in_case else Screen.FORM
    return go(with_citizen(journey, dispute=None, errors={}), back), ()
