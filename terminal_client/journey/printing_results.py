"""A result printed on this kiosk's A4 printer: begun once, watched, and never repeated by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from terminal_client.journey.effects import CallStaff, PrintResult
from terminal_client.journey.events import ResultHeldUp, ResultPrintEnded
from terminal_client.journey.following import case_path, case_read, current_case
from terminal_client.journey.state import Journey, Json, Printing, ResultPrint, Screen
from terminal_client.journey.steps import Step, ask, praise, say, stay, with_citizen

HELD_UP, UNKNOWN, NOT_OUT = "result_print_held_up", "result_print_unknown", "result_not_out"


def may_print_here(journey: Journey, result: Json) -> bool:
    """Whether a result can be printed on this very kiosk now; what waits at the hall's printer can too."""
    if not journey.prints_here or journey.at_printer or not result.get("has_file"):
        return False
    return "print" in result["offers"] or (result.get("print") or {}).get("place") == "hall"


def is_in_doubt(journey: Journey, result: Json) -> bool:
    """Whether nobody knows what came of a print here, and no more of it comes now."""
    printed = result.get("print") or {}
    return bool(printed.get("may_be_settled")) and printed["id"] != journey.at_printer


def print_here(journey: Journey, values: Json) -> Step:
    """Begin to print a result, once however often the server must be asked."""
    results = current_case(journey).get("results", ())
    result = next((each for each in results if each["id"] == values.get("result")), None)
    if result is None or journey.citizen is None or not may_print_here(journey, result):
        return stay(journey)
    number = journey.citizen.prints_begun + 1
    wanted = ResultPrint(result["id"], result["zh"], result["en"])
    begun = with_citizen(journey, result_print=wanted, prints_begun=number)
    once, body = f"print {result['id']} {number}", {"result": result["id"]}
    return ask(begun, "begin_print", "POST", case_path(journey, "prints"), body, once=once)


def begun(journey: Journey, body: Any) -> Step:
    """The server knows of the print: have it fetched and printed."""
    if journey.citizen is None or journey.citizen.result_print is None:
        return stay(journey)
    job = str(body["id"])
    going_on = replace(journey.citizen.result_print, job=job, state=Printing.GOING_ON)
    printing = replace(with_citizen(journey, result_print=going_on), at_printer=job)
    return printing, (PrintResult(case_path(journey, "prints", job, "document"), job, journey.sitting),)


def moved(journey: Journey, event: ResultHeldUp | ResultPrintEnded) -> Step:
    """Take what the printer says of its present job, also when its citizen has left."""
    held = journey.citizen.result_print if journey.citizen else None
    is_theirs = held is not None and held.job == event.job
    if held is None or not is_theirs:
        return _of_somebody_gone(journey, event)
    heard = replace(journey, touched_at=journey.now)
    if isinstance(event, ResultHeldUp):
        is_new = event.why is not None and held.held_up is None
        shown = with_citizen(heard, result_print=replace(held, held_up=event.why))
        return shown, ((CallStaff(journey.screen.value, HELD_UP),) if is_new else ())
    return _ended(heard, replace(held, state=event.outcome, trouble=event.trouble, held_up=None))


def _of_somebody_gone(journey: Journey, event: ResultHeldUp | ResultPrintEnded) -> Step:
    """The next person does not see it; staff was called when they left, and is again where paper may lie."""
    if isinstance(event, ResultHeldUp) or journey.at_printer != event.job:
        return stay(journey)
    doubtful = event.outcome is Printing.UNKNOWN
    return replace(journey, at_printer=""), ((CallStaff(journey.screen.value, UNKNOWN),) if doubtful else ())


def _ended(journey: Journey, done: ResultPrint) -> Step:
    freed = replace(with_citizen(journey, result_print=done), at_printer="")
    called = (CallStaff(journey.screen.value, UNKNOWN),) if done.state is Printing.UNKNOWN else ()
    if journey.screen is not Screen.PROGRESS or journey.is_busy or not current_case(journey):
        return freed, called
    looking, asked = ask(freed, "read_case", "GET", case_path(journey))
    return looking, (*called, *asked)


def say_what_came_out(journey: Journey, values: Json) -> Step:
    """The person says whether all the paper is out; where it is not, somebody looks for it."""
    job, came_out = str(values.get("print", "")), values.get("came_out") == "yes"
    if job not in _list_in_doubt(journey):
        return stay(journey)
    path, once = case_path(journey, "prints", job, "settlement"), f"settle {job} {came_out}"
    asking, asked = ask(journey, "settle_print", "POST", path, {"came_out": came_out}, once=once)
    return asking, (*asked, *(() if came_out else (CallStaff(journey.screen.value, NOT_OUT),)))


def _list_in_doubt(journey: Journey) -> list[str]:
    found = [
        str(result["print"]["id"])
        for result in current_case(journey).get("results", ())
        if is_in_doubt(journey, result)
    ]
    held = journey.citizen.result_print if journey.citizen else None
    return [*found, *([held.job] if held is not None and held.state is Printing.UNKNOWN else [])]


def settled(journey: Journey, case: Any) -> Step:
    """Show where the result now is."""
    told = praise(with_citizen(journey, result_print=None), "已记下", "Noted")
    return case_read(told, case)


def ask_to_wait(journey: Journey) -> Journey | None:
    """Who goes while their paper comes is asked once to wait for it; None when they may go."""
    held = journey.citizen.result_print if journey.citizen else None
    if held is None or held.job != journey.at_printer or not journey.at_printer or held.was_asked_to_wait:
        return None
    told = with_citizen(journey, result_print=replace(held, was_asked_to_wait=True))
    return say(told, "您的结果还在打印", "Your result is still being printed")
