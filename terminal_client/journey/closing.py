"""Handing in, the slip, the person's own cases, and the end of a sitting."""

from dataclasses import replace
from typing import Any

from terminal_client.journey import drafts, printing_results
from terminal_client.journey.effects import CallStaff, Print
from terminal_client.journey.events import PrintEnded
from terminal_client.journey.state import Journey, Json, Over, Printing, Screen
from terminal_client.journey.steps import (
    Step,
    ask,
    draft_path,
    end,
    go,
    lay_over,
    say,
    stay,
    with_citizen,
    with_draft,
)

NOTHING_TO_LOSE = (
    Screen.RECEIPT,
    Screen.PROGRESS,
    Screen.RATING,
    Screen.WITHDRAWAL,
    Screen.CASE_VALUES,
    Screen.INTAKE_TAKEN,
)


def signed(journey: Journey, draft: Any) -> Step:
    """The signature is there: hand in, once however often it must be tried."""
    known = go(with_draft(journey, draft), Screen.SUBMITTING)
    path = draft_path(known.citizen, "submission")
    return ask(known, "submit", "POST", path, {}, once=f"submission {draft['id']}")


def submitted(journey: Journey, done: Any) -> Step:
    """Show the number and print the slip."""
    held = with_citizen(journey, receipt=done["receipt"], printing=Printing.GOING_ON)
    return go(held, Screen.RECEIPT), (Print(done["receipt"], journey.sitting),)


def submission_refused(journey: Journey) -> Journey:
    """Go back to where the person can put right what the server refused; the reason stays on the screen."""
    place = drafts.where_missing(journey.draft) or Screen.REVIEW
    return replace(go(journey, place), notice=journey.notice)


def print_ended(journey: Journey, event: PrintEnded) -> Step:
    """Tell what is known of the slip."""
    return with_citizen(journey, printing=event.outcome, print_trouble=event.trouble), ()


def print_again(journey: Journey, _values: Json) -> Step:
    """Print a whole new slip with the same number, marked as printed again."""
    if journey.citizen is None or not journey.citizen.receipt:
        return stay(journey)
    if journey.citizen.printing in (Printing.GOING_ON, Printing.PRINTED):
        return stay(journey)
    begun = with_citizen(journey, printing=Printing.GOING_ON, print_trouble=None)
    return begun, (Print(journey.citizen.receipt, journey.sitting, reprint=True),)


def did_print(journey: Journey, _values: Json) -> Step:
    """The person says that the slip came out."""
    if journey.citizen is None or journey.citizen.printing is not Printing.UNKNOWN:
        return stay(journey)
    return with_citizen(journey, printing=Printing.PRINTED), ()


def finish(journey: Journey, _values: Json) -> Step:
    """The person is done; whose paper still comes is asked once to wait for it."""
    waiting = printing_results.ask_to_wait(journey)
    return stay(waiting) if waiting is not None else end(journey, "finished")


def leave(journey: Journey, _values: Json) -> Step:
    """Somebody wants to go: at once when nothing is begun, else after one question."""
    if journey.screen in NOTHING_TO_LOSE:
        return finish(journey, {})
    if journey.draft or journey.screen is Screen.SUPPLEMENT:
        return lay_over(journey, Over.LEAVE), ()
    return end(journey, "cancelled")


def leave_now(journey: Journey, _values: Json) -> Step:
    """End the sitting; what was filled in stays with the server for the person's next visit."""
    return end(journey, "cancelled")


def go_on(journey: Journey, _values: Json) -> Step:
    """Take away what lies over the screen, and go on; a missing card is not talked away."""
    if journey.over in (Over.CARD_GONE, Over.AWAY):
        return stay(journey)
    return lay_over(journey, None), ()


def call_staff(journey: Journey, _values: Json) -> Step:
    """Call a person to this kiosk, and say that it was done."""
    effect = CallStaff(journey.screen.value, "citizen_asked")
    called = replace(journey, staff_called=True)
    waits = journey.over in (Over.CARD_GONE, Over.AWAY)
    return (called if waits else lay_over(called, Over.CALL_STAFF)), (effect,)


def try_again(journey: Journey, _values: Json) -> Step:
    """Ask the server once more for what it did not answer."""
    if journey.tried is None:
        return stay(lay_over(journey, None))
    asked = journey.tried
    freed = replace(journey, over=None if journey.over is Over.AWAY else journey.over)
    return ask(freed, asked.call, asked.method, asked.path, asked.body, asked.once)


def session_lost(journey: Journey) -> Step:
    """The server ended the session: nothing may stay on the screen, and the person is told why."""
    ended, effects = end(journey, "expired")
    told = say(
        ended,
        "登录已过期，您填的内容已保存，请重新放证件",
        "Signed out. What you filled in is kept. Put your card back.",
    )
    return told, effects
