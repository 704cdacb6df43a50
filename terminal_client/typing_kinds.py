"""Which keyboard a field wants."""

from typing import Any

from terminal_client.journey import disputing, drafts, following, intaking, rating, stepping_up
from terminal_client.journey.state import Journey, Json, Screen

KINDS = {
    "text": "pinyin",
    "name": "name",
    "address": "place",
    "citizen_id": "id",
    "uscc": "latin",
    "mobile": "digits",
    "date": "date",
    "month": "month",
    "datetime": "datetime",
    "integer": "digits",
    "decimal": "decimal",
    "bank_card": "digits",
    "division": "pinyin",
    "code": "pinyin",
}
LENGTHS = {
    "citizen_id": 18,
    "uscc": 18,
    "mobile": 11,
    "date": 10,
    "month": 7,
    "datetime": 16,
    "bank_card": 19,
}
HINTS = {"date": "YYYY-MM-DD", "month": "YYYY-MM", "datetime": "YYYY-MM-DD HH:MM"}


def describe_typing(journey: Journey) -> dict[str, Any] | None:
    """The keyboard to show: its kind, its field, what is in it; None when nothing is being typed."""
    if journey.editing is None:
        return None
    if journey.screen is Screen.THINGS:
        return _described("search", "pinyin", {"zh": "搜索", "en": "Search", "value": journey.search})
    if journey.screen is Screen.RATING:
        return _comment(journey)
    field = drafts.find_field(_fields(journey), journey.editing)
    if field is None or not drafts.needs_keyboard(field):
        return None
    described = _described(field["fact"], _kind(field), field)
    held = journey.citizen or journey.intake
    error = held.errors.get(field["fact"]) if held else None
    return {**described, "error": error}


def _fields(journey: Journey) -> list[Json]:
    if journey.screen is Screen.QUESTIONS:
        return list(journey.plan["questions"]) if journey.plan else []
    if journey.screen is Screen.SUPPLEMENT:
        return following.list_wanted_fields(journey)
    if journey.screen is Screen.STEP_UP:
        return stepping_up.list_fields(journey)
    if journey.screen is Screen.INTAKE:
        return intaking.list_fields(journey)
    if journey.screen is Screen.DISPUTE:
        disputed = disputing.find_disputed(journey)
        return [disputed] if disputed else []
    return drafts.list_fields(journey.draft) if journey.screen is Screen.FORM else []


def _comment(journey: Journey) -> dict[str, Any] | None:
    chosen = journey.citizen.rating if journey.citizen else None
    if chosen is None:
        return None
    field = {"zh": "想说的话", "en": "Your words", "value": chosen.comment}
    return _described(rating.COMMENT, "pinyin", {**field, "max_length": rating.LONGEST_COMMENT})


def _kind(field: Json) -> str:
    return "options" if field.get("options") else KINDS.get(field["type"], "pinyin")


def _described(fact: str, kind: str, field: Json) -> dict[str, Any]:
    masked = bool(field.get("sensitive")) and field.get("type") in ("citizen_id", "bank_card")
    value = "" if masked or field.get("value") is None else str(field["value"])
    type_name = str(field.get("type", ""))
    return {
        "fact": fact,
        "kind": kind,
        "zh": _with_about(field, "zh"),
        "en": _with_about(field, "en"),
        "value": value,
        "longest": field.get("max_length") or LENGTHS.get(type_name, 100),
        "hint": HINTS.get(type_name, ""),
        "options": [{**option, "code": str(option["code"])} for option in field.get("options") or ()],
        "error": None,
    }


def _with_about(field: Json, language: str) -> str:
    name, about = str(field[language]), str(field.get(f"about_{language}") or "")
    return name if not about or about.casefold() in name.casefold() else f"{about} · {name}"
