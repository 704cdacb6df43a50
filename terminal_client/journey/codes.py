"""Signing in with the code that a phone shows: what the code reader read, screen by screen."""

from dataclasses import replace
from typing import Any

from terminal_client.journey import choosing
from terminal_client.journey.state import Citizen, Journey, Json, Screen
from terminal_client.journey.steps import Step, ask, end, say, stay

SIGNS_IN = "ONETHING-SHOW:1:"
LONGEST = 400
BEFORE_SESSION = (Screen.IDLE, Screen.THINGS, Screen.NOTICE, Screen.CARD, Screen.READER_FAULT)


def code_read(journey: Journey, text: str) -> Step:
    """Somebody holds a phone before the code reader."""
    if not is_wanted(journey) or journey.is_busy:
        return stay(journey)
    if not text.startswith(SIGNS_IN) or len(text) > LONGEST:
        zh = "这个二维码不能登录。请在手机上打开“亮码”再扫"
        return say(journey, zh, "This code signs nobody in. Show the sign-in code on your phone."), ()
    return ask(journey, "open_shown_session", "POST", "/sessions/shown", {"code": text})


def is_wanted(journey: Journey) -> bool:
    """Whether a code could sign somebody in now."""
    return journey.citizen is None and journey.screen in BEFORE_SESSION


def session_opened(journey: Journey, session: Any) -> Step:
    """Remember who is there; without a card the sitting ends by leaving, by time, or by another's card."""
    citizen = Citizen(
        token=session["token"],
        card={},
        masked_name=session["masked_name"],
        masked_id_number=session["masked_id_number"],
    )
    known = replace(journey, citizen=citizen, card=None, notice=None)
    if journey.card is not None and not is_own(citizen, journey.card):
        return end(known, "swapped")
    if journey.screen in (Screen.CARD, Screen.READER_FAULT):
        return choosing.signed_in(known)
    return choosing.start(known, {}) if journey.screen is Screen.IDLE else stay(known)


def is_own(citizen: Citizen, card: Json) -> bool:
    """Whether a card is the person's; of who came without one only the masked number is known."""
    number = str(card.get("id_number", ""))
    if citizen.card:
        return number == citizen.id_number
    masked = citizen.masked_id_number
    return len(number) == len(masked) and all(m in ("*", c) for m, c in zip(masked, number, strict=True))
