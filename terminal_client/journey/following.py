"""The person's own cases: looked at, printed again, supplemented, withdrawn, their results asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from terminal_client.journey import drafts, scanning
from terminal_client.journey.effects import Print
from terminal_client.journey.state import Journey, Json, Over, Printing, Screen
from terminal_client.journey.steps import Step, ask, go, lay_over, praise, say, stay, with_citizen

WHOLE_CASE = ""


def current_case(journey: Journey) -> Json:
    """The case on the screen; empty when there is none."""
    case = journey.citizen.case if journey.citizen else None
    return case or {}


def case_path(journey: Journey, *parts: str) -> str:
    """The path of the case on the screen, or of something in it."""
    return "/".join(("/cases", str(current_case(journey).get("number", "")), *parts))


def open_case(journey: Journey, values: Json) -> Step:
    """Read one of the person's own cases."""
    number = str(values.get("number", ""))
    cases = journey.citizen.cases if journey.citizen else None
    if number not in {case["number"] for case in cases or ()}:
        return stay(journey)
    return ask(journey, "read_case", "GET", f"/cases/{number}")


def show_older(journey: Journey, _values: Json) -> Step:
    """Ask for the cases before those on the screen."""
    cursor = journey.citizen.older_cases if journey.citizen else None
    if cursor is None or current_case(journey):
        return stay(journey)
    return ask(journey, "list_older_cases", "GET", f"/cases?{urlencode({'cursor': cursor})}")


def older_listed(journey: Journey, listed: Any) -> Step:
    """Put them below the newer ones."""
    there = journey.citizen.cases if journey.citizen else None
    cases = (*(there or ()), *listed["cases"])
    return with_citizen(journey, cases=cases, older_cases=listed.get("next")), ()


def case_read(journey: Journey, case: Any) -> Step:
    """Show the case with what is wanted, its parts and its timeline."""
    known = with_citizen(journey, case=case, given={}, printing=Printing.NOT_ASKED, print_trouble=None)
    return go(known, Screen.PROGRESS, done=journey.done), ()


def reprint(journey: Journey, _values: Json) -> Step:
    """Fetch the receipt of the case on the screen, to print it again."""
    case = journey.citizen.case if journey.citizen else None
    if case is None or (journey.citizen and journey.citizen.printing is Printing.GOING_ON):
        return stay(journey)
    return ask(journey, "read_receipt", "GET", case_path(journey, "receipt"))


def receipt_read(journey: Journey, receipt: Any) -> Step:
    """Print it again, marked so."""
    held = with_citizen(journey, receipt=receipt, printing=Printing.GOING_ON, print_trouble=None)
    return held, (Print(receipt, journey.sitting, reprint=True),)


# --- what is wanted of the person


def list_wants(journey: Journey) -> list[Json]:
    """What the notice asks for, in its order; empty when nothing is asked."""
    return list((current_case(journey).get("wanted") or {}).get("wants", ()))


def list_wanted_fields(journey: Journey) -> list[Json]:
    """The facts among what is wanted, each as a field with what the person has typed."""
    given: Mapping[str, Any] = journey.citizen.given if journey.citizen else {}
    fields = (want["field"] for want in list_wants(journey) if want.get("field"))
    return [_with_given(field, given) for field in fields]


def _with_given(field: Json, given: Mapping[str, Any]) -> dict[str, Any]:
    if field["fact"] not in given:
        return dict(field)
    # what was typed just now is the person's own to see
    return {**field, "value": given[field["fact"]], "sensitive": False}


def to_supplement(journey: Journey, _values: Json) -> Step:
    """Show what is wanted, to be given here."""
    return (go(journey, Screen.SUPPLEMENT), ()) if list_wants(journey) else stay(journey)


def scan_want(journey: Journey, values: Json) -> Step:
    """Scan a page of a paper that the notice asks for."""
    wanted = (want for want in list_wants(journey) if want["kind"] == "material")
    return _scan(journey, wanted, values, Screen.SUPPLEMENT)


def scan_follow(journey: Journey, values: Json) -> Step:
    """Scan a page of a paper that was to follow the acceptance."""
    return _scan(journey, iter(current_case(journey).get("follow", ())), values, Screen.PROGRESS)


def _scan(journey: Journey, papers: Iterator[Json], values: Json, back: Screen) -> Step:
    paper = next((paper for paper in papers if paper["id"] == values.get("material")), None)
    if paper is None:
        return stay(journey)
    path = case_path(journey, "supplement-pages", str(paper["id"]))
    return scanning.begin(journey, scanning.paper_of(paper, path, back))


def edit_want(journey: Journey, values: Json) -> Step:
    """Open the keyboard on a fact that is wanted."""
    field = drafts.find_field(list_wanted_fields(journey), str(values.get("fact", "")))
    return (replace(journey, editing=field["fact"], notice=None), ()) if field else stay(journey)


def type_want(journey: Journey, values: Json) -> Step:
    """Keep what the person said until the whole supplement is handed in."""
    field = drafts.find_field(list_wanted_fields(journey), str(values.get("fact", "")))
    if field is None or journey.citizen is None:
        return stay(journey)
    parsed = drafts.parse_value(field, str(values.get("value", "")))
    errors = {fact: why for fact, why in journey.citizen.errors.items() if fact != field["fact"]}
    given = {**journey.citizen.given, field["fact"]: parsed}
    return with_citizen(replace(journey, editing=None, notice=None), given=given, errors=errors), ()


def give_supplement(journey: Journey, _values: Json) -> Step:
    """Hand in all that was wanted, at once."""
    still = next((want for want in list_wants(journey) if not is_given(journey, want)), None)
    if still is not None:
        return say(journey, f"还差“{still['zh']}”", f"Still missing: {still['en']}"), ()
    given = dict(journey.citizen.given) if journey.citizen else {}
    notice = str(current_case(journey)["wanted"]["notice"])
    path = case_path(journey, "supplement")
    return ask(journey, "give_supplement", "POST", path, {"values": given}, once=f"supplement {notice}")


def is_given(journey: Journey, want: Json) -> bool:
    """Whether a wanted paper is scanned, or a wanted fact said; words alone want nothing here."""
    if want["kind"] == "material":
        return bool(want.get("pages"))
    if want["kind"] != "fact":
        return True
    fact = want["field"]["fact"] if want.get("field") else want["id"]
    return not drafts.is_empty({"value": journey.citizen.given.get(fact) if journey.citizen else None})


def supplement_given(journey: Journey, case: Any) -> Step:
    """The supplement is in: show the case as it goes on."""
    told = praise(journey, "补正已收到，部门接着办理", "We have it; the offices go on")
    return case_read(told, case)


def give_follow(journey: Journey, values: Json) -> Step:
    """Hand in a paper that was to follow."""
    papers = current_case(journey).get("follow", ())
    paper = next((paper for paper in papers if paper["id"] == values.get("material")), None)
    if paper is None or not paper.get("pages"):
        return stay(journey)
    body = {"material": paper["id"]}
    once = f"follow {current_case(journey)['number']} {paper['id']}"
    return ask(journey, "give_follow", "POST", case_path(journey, "follow-papers"), body, once=once)


# --- taken back, and given early


def to_withdrawal(journey: Journey, _values: Json) -> Step:
    """Show what can be withdrawn and what that means."""
    return (go(journey, Screen.WITHDRAWAL), ()) if list_withdrawable(journey) else stay(journey)


def list_withdrawable(journey: Journey) -> list[str]:
    """What can be withdrawn: parts by their matter, and the whole case as the empty text."""
    case = current_case(journey)
    parts = [str(part["matter"]) for part in case.get("parts", ()) if part.get("may_withdraw")]
    return [*parts, *([WHOLE_CASE] if case.get("may_withdraw") else [])]


def choose_withdrawal(journey: Journey, values: Json) -> Step:
    """Ask once more before anything is withdrawn."""
    what = str(values.get("matter", ""))
    if what not in list_withdrawable(journey):
        return stay(journey)
    return lay_over(with_citizen(journey, withdrawing=what), Over.WITHDRAWAL), ()


def withdraw(journey: Journey, _values: Json) -> Step:
    """Withdraw it: asked twice, done once."""
    what = journey.citizen.withdrawing if journey.citizen else None
    if what is None or journey.over is not Over.WITHDRAWAL:
        return stay(journey)
    body = {} if what == WHOLE_CASE else {"matter": what}
    once = f"withdrawal {current_case(journey)['number']} {what}"
    freed = lay_over(journey, None)
    return ask(freed, "withdraw", "POST", case_path(journey, "withdrawal"), body, once=once)


def withdrawn(journey: Journey, case: Any) -> Step:
    """Show the case without what was taken back."""
    told = praise(with_citizen(journey, withdrawing=None), "已撤回", "Withdrawn")
    return case_read(told, case)


def ask_partial(journey: Journey, _values: Json) -> Step:
    """Ask for the results that are ready, without waiting for the others."""
    case = current_case(journey)
    if not case.get("may_ask_partial"):
        return stay(journey)
    once = f"partial {case['number']}"
    return ask(journey, "ask_partial", "POST", case_path(journey, "partial-issue"), {}, once=once)


def partial_asked(journey: Journey, case: Any) -> Step:
    """Show which results can now be had."""
    told = praise(journey, "已登记，先办好的可以先领", "Noted: what is ready can be had first")
    return case_read(told, case)


def take_result(journey: Journey, values: Json) -> Step:
    """Take a result as an e-licence, or have it printed."""
    case, way = current_case(journey), str(values.get("way", ""))
    results = case.get("results", ())
    result = next((each for each in results if each["id"] == values.get("result")), None)
    if result is None or way not in result["offers"]:
        return stay(journey)
    body = {"way": way, "results": [result["id"]]}
    once = f"issue {result['id']} {way}"
    return ask(journey, "take_result", "POST", case_path(journey, "issue"), body, once=once)


def result_taken(journey: Journey, case: Any) -> Step:
    """Show where the result now is."""
    return case_read(praise(journey, "已登记，见下面的办理结果", "Noted: see the results below"), case)
