"""The second check before signing: a code by text message. Whoever gets none loses nothing."""

from dataclasses import replace
from typing import Any

from terminal_client.journey.state import Journey, Json, Screen
from terminal_client.journey.steps import Step, ask, draft_path, go, say, stay, with_citizen, with_draft

CODE = "step_up.code"
RESENT_AFTER_SECONDS = 60


def find_asked(draft: Json) -> Json | None:
    """What the chosen matters ask beyond the card and nobody has proven yet; None when nothing is."""
    asked: Json | None = draft.get("step_up")
    return None if asked is None or asked["done"] else asked


def can_send(journey: Journey) -> bool:
    """Whether a code can be sent from here at all."""
    asked = find_asked(journey.draft)
    return asked is not None and "code" in asked["ways"] and bool(asked["masked_mobile"])


def seconds_to_resend(journey: Journey) -> int:
    """How long a text may still be under way; 0 when another can be sent."""
    sent_at = journey.citizen.code_sent_at if journey.citizen else None
    return 0 if sent_at is None else max(0, round(sent_at + RESENT_AFTER_SECONDS - journey.now))


def list_fields(journey: Journey) -> list[Json]:
    """The code as a field of a form. Each try is a field of its own, so that it begins empty."""
    asked = find_asked(journey.draft)
    if asked is None or journey.citizen is None or journey.citizen.code_sent_at is None:
        return []
    return [
        {
            "fact": _fact(journey), "type": "integer", "zh": "短信验证码", "en": "Code of the text message",
            "value": None, "state": "needed", "required": True, "editable": True, "options": None,
            "source": None, "max_length": asked["digits"],
        }
    ]  # fmt: skip


def _fact(journey: Journey) -> str:
    return f"{CODE}.{journey.citizen.code_tries if journey.citizen else 0}"


def send(journey: Journey, _values: Json) -> Step:
    """Have a code sent, unless one is still under way."""
    if not can_send(journey) or seconds_to_resend(journey):
        return stay(journey)
    return ask(journey, "send_code", "POST", draft_path(journey.citizen, "step-up", "codes"), {})


def sent(journey: Journey, draft: Any) -> Step:
    """The text is under way: open the keyboard for it."""
    known = _tried(with_citizen(with_draft(journey, draft), code_sent_at=journey.now))
    if find_asked(draft) is None:
        return go(known, Screen.SIGN), ()
    return replace(known, editing=_fact(known)), ()


def edit(journey: Journey, _values: Json) -> Step:
    """Open the keyboard again."""
    if journey.citizen is None or journey.citizen.code_sent_at is None:
        return stay(journey)
    return replace(journey, editing=_fact(journey), notice=None), ()


def value(journey: Journey, values: Json) -> Step:
    """Give the code as it was typed; half of one is not sent, for each try counts."""
    asked, typed = find_asked(journey.draft), str(values.get("value", "")).strip()
    if asked is None or str(values.get("fact", "")) != _fact(journey):
        return stay(journey)
    if len(typed) != asked["digits"]:
        return say(journey, f"验证码是{asked['digits']}位数字", f"The code has {asked['digits']} digits"), ()
    path = draft_path(journey.citizen, "step-up", "answers")
    return ask(journey, "give_code", "POST", path, {"code": typed})


def given(journey: Journey, draft: Any) -> Step:
    """It was the right one: go on to the signature."""
    known = with_citizen(with_draft(journey, draft), code_sent_at=None, code_tries=0)
    return go(known, Screen.STEP_UP if find_asked(draft) else Screen.SIGN), ()


def refused(journey: Journey) -> Step:
    """It was not: say so, and begin an empty one."""
    again = _tried(journey)
    return replace(again, editing=_fact(again)), ()


def _tried(journey: Journey) -> Journey:
    tries = journey.citizen.code_tries if journey.citizen else 0
    return with_citizen(journey, code_tries=tries + 1)
