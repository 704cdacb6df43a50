"""What somebody leaves while the server is away: a name and a telephone number, for somebody to call."""

import re
from dataclasses import replace
from typing import Any

from terminal_client.journey.effects import KeepIntake, PrintIntake
from terminal_client.journey.events import PrintEnded
from terminal_client.journey.state import Intake, Journey, Json, Over, Printing, Screen, Sentence
from terminal_client.journey.steps import Step, go, lay_over, stay

NAME, PHONE = "intake.name", "intake.phone"
LONGEST_NAME = 50
MOBILE = re.compile(r"1[3-9]\d{9}")
NO_NAME = Sentence("请填写姓名", "Please enter a name")
NO_PHONE = Sentence("请填写11位手机号码", "Please enter a mobile number of 11 digits")


def can_take(journey: Journey) -> bool:
    """Whether somebody may leave their details now: nobody is signed in, and it is known for what."""
    is_away = journey.server_away or journey.over is Over.AWAY
    return journey.takes_intakes and is_away and journey.citizen is None and journey.guide is not None


def to_intake(journey: Journey, _values: Json) -> Step:
    """Ask for name and telephone number; a card on the reader gives the name."""
    if not can_take(journey) or journey.screen in (Screen.INTAKE, Screen.INTAKE_TAKEN):
        return stay(journey)
    asked = go(journey, Screen.INTAKE, intake=journey.intake or Intake(), server_away=True, tried=None)
    return name_read(lay_over(asked, None))


def name_read(journey: Journey) -> Step:
    """Take the name from the card that lies on the reader."""
    if journey.intake is None or journey.card is None or journey.intake.is_being_kept:
        return _open_next(journey), ()
    return _open_next(_with(journey, name=str(journey.card["name"])[:LONGEST_NAME])), ()


def list_fields(journey: Journey) -> list[Json]:
    """What is asked, as fields of a form."""
    said = journey.intake or Intake()
    shared = {"required": True, "state": "typed", "options": None, "editable": True, "source": None}
    return [
        {**shared, "fact": NAME, "type": "name", "zh": "姓名", "en": "Name", "value": said.name or None,
         "max_length": LONGEST_NAME},
        {**shared, "fact": PHONE, "type": "mobile", "zh": "手机号码", "en": "Mobile number",
         "value": said.phone or None},
    ]  # fmt: skip


def edit(journey: Journey, values: Json) -> Step:
    """Open the keyboard on the name or the number."""
    fact = str(values.get("fact", ""))
    return (replace(journey, editing=fact), ()) if fact in (NAME, PHONE) else stay(journey)


def value(journey: Journey, values: Json) -> Step:
    """Take what was typed, and go on to what is still missing."""
    fact, typed = str(values.get("fact", "")), str(values.get("value", "")).strip()
    if journey.intake is None or fact not in (NAME, PHONE):
        return stay(journey)
    if fact == NAME:
        return _open_next(_with(journey, name=typed[:LONGEST_NAME], errors={})), ()
    phone = re.sub(r"[\s-]", "", typed)
    errors = {} if MOBILE.fullmatch(phone) else {PHONE: NO_PHONE}
    known = _with(journey, phone=phone[:20], errors=errors)
    return (replace(known, editing=PHONE) if errors else _open_next(known)), ()


def keep(journey: Journey, _values: Json) -> Step:
    """Keep it, sealed; only what lies on the disk is acknowledged."""
    said, guide = journey.intake, journey.guide
    if said is None or guide is None or said.is_being_kept:
        return stay(journey)
    errors = {} if said.name else {NAME: NO_NAME}
    if not MOBILE.fullmatch(said.phone):
        errors[PHONE] = NO_PHONE
    if errors:
        return replace(_with(journey, errors=errors), editing=next(iter(errors))), ()
    begun = replace(_with(journey, is_being_kept=True, errors={}), editing=None, notice=None)
    return begun, (KeepIntake(_content(journey, said, guide), journey.sitting),)


def _content(journey: Journey, said: Intake, guide: Json) -> dict[str, Any]:
    papers = [each["zh"] for each in guide.get("materials", ()) if each["how"] == "submit"]
    return {
        "thing": journey.thing,
        "thing_zh": guide["zh"],
        "thing_en": guide.get("en") or guide["zh"],
        "name": said.name,
        "phone": said.phone,
        "papers_zh": papers,
    }


def kept(journey: Journey, slip: Json) -> Step:
    """It lies on the disk: say its number and print the slip; name and number are forgotten here."""
    if journey.intake is None or not journey.intake.is_being_kept:
        return stay(journey)
    taken = replace(journey, intake=Intake(slip=slip, printing=Printing.GOING_ON))
    return go(taken, Screen.INTAKE_TAKEN), (PrintIntake(slip, journey.sitting),)


def not_kept(journey: Journey) -> Step:
    """Nothing was kept, and nobody is told otherwise."""
    why = Sentence(
        "这台机器现在收不下，请到窗口办理", "This kiosk cannot keep it now. Please go to a window."
    )
    return replace(_with(journey, is_being_kept=False), notice=why), ()


def print_again(journey: Journey, _values: Json) -> Step:
    """Print the slip once more, marked so."""
    if journey.intake is None or journey.intake.printing in (Printing.GOING_ON, Printing.PRINTED):
        return stay(journey)
    begun = _with(journey, printing=Printing.GOING_ON, print_trouble=None)
    return begun, (PrintIntake(journey.intake.slip, journey.sitting, reprint=True),)


def did_print(journey: Journey, _values: Json) -> Step:
    """The person says that the slip came out."""
    if journey.intake is None or journey.intake.printing is not Printing.UNKNOWN:
        return stay(journey)
    return _with(journey, printing=Printing.PRINTED), ()


def print_ended(journey: Journey, event: PrintEnded) -> Step:
    """Tell what is known of the slip."""
    return _with(journey, printing=event.outcome, print_trouble=event.trouble), ()


def _with(journey: Journey, **changes: Any) -> Journey:
    if journey.intake is None:
        return journey
    return replace(journey, intake=replace(journey.intake, **changes))


def _open_next(journey: Journey) -> Journey:
    said = journey.intake
    if said is None or said.is_being_kept:
        return journey
    if not said.name:
        return replace(journey, editing=NAME)
    return replace(journey, editing=None if MOBILE.fullmatch(said.phone) else PHONE)
