"""Reading a draft as the server gives it: what is open, what is met, what comes next."""

from collections.abc import Iterator, Mapping
from typing import Any

from terminal_client.journey.state import Json, Screen

SHORT_LIST = 6
ASKED_STATES = ("needed", "not_held", "unavailable", "refused", "typed")


def list_fields(draft: Json) -> list[Json]:
    """Every field of the one form, in its sections' order; before them the questions it does not have."""
    sections = draft.get("form", {}).get("sections", ())
    fields = [field for section in sections for field in section["fields"]]
    facts = {field["fact"] for field in fields}
    return [*(each for each in list_questions(draft) if each["fact"] not in facts), *fields]


def list_questions(draft: Json) -> list[Json]:
    """The questions whose answers shape the form itself."""
    return list(draft.get("questions", ()))


def find_repeat(draft: Json, role: str) -> Json | None:
    """A role there may be several of, with how many there are, or None."""
    repeats = draft.get("form", {}).get("repeats", ())
    return next((repeat for repeat in repeats if repeat["role"] == role), None)


def find_field(fields: list[Json], fact: str | None) -> Json | None:
    """The field of a fact, or None when the form does not have it."""
    return next((field for field in fields if field["fact"] == fact), None)


def list_replaced(draft: Json) -> list[Json]:
    """The fields that two devices have filled in differently, each with its values and their origin."""
    return list(draft.get("replaced", ()))


def find_replaced(draft: Json, fact: str) -> Json | None:
    """The question about one of them, or None."""
    return next((one for one in list_replaced(draft) if one["fact"] == fact), None)


def is_empty(field: Json) -> bool:
    """Whether a field holds no value yet."""
    return field.get("value") in (None, "")


def is_asked(field: Json) -> bool:
    """Whether the person is the one to say it: nobody else did."""
    return field["state"] in ASKED_STATES and bool(field.get("editable", True))


def is_open(field: Json) -> bool:
    """Whether the form cannot be handed in before the person has said it."""
    return bool(field.get("required")) and is_empty(field) and is_asked(field)


def next_open(fields: list[Json], after: str | None = None) -> Json | None:
    """The next field to be said: behind `after` first, then from the top. None when all are."""
    names = [field["fact"] for field in fields]
    start = names.index(after) + 1 if after in names else 0
    return next((field for field in fields[start:] + fields[:start] if is_open(field)), None)


def needs_keyboard(field: Json) -> bool:
    """Whether a value is typed or picked from a long list, and not touched in the form itself."""
    if field["type"] == "boolean":
        return False
    options = field.get("options")
    return not options or len(options) > SHORT_LIST


def parse_value(field: Json, text: str) -> Any:
    """The text the page sent, as the field's type wants it; None for an emptied field."""
    if text == "":
        return None
    if field["type"] == "boolean":
        return text == "true"
    if field["type"] == "integer" and text.lstrip("-").isdigit():
        return int(text)
    return text


def open_sources(draft: Json) -> list[Json]:
    """The sources the person has not been asked about."""
    consent = draft.get("consent", {})
    if not consent.get("needed"):
        return []
    return [source for source in consent.get("sources", ()) if source.get("asked") is None]


def has_allowed_sources(draft: Json) -> bool:
    """Whether the person let any source be asked."""
    return any(source.get("asked") for source in draft.get("consent", {}).get("sources", ()))


def silent_sources(draft: Json) -> list[str]:
    """The sources that did not answer and may be tried again."""
    names = (field["source"]["id"] for field in list_fields(draft) if _is_silent(field))
    return list(dict.fromkeys(names))


def _is_silent(field: Json) -> bool:
    return field["state"] == "unavailable" and bool(field.get("source"))


def awaits_sources(draft: Json) -> bool:
    """Whether the form waits for a value that a source has not been asked for yet."""
    return any(field["state"] == "fetching" and is_empty(field) for field in list_fields(draft))


def open_role(draft: Json) -> Json | None:
    """The person whose own card is still to be put on the reader, or None."""
    return next((role for role in draft.get("authorisations", ()) if role["state"] == "open"), None)


def find_material(draft: Json, material: str | None) -> Json | None:
    """One material of the draft, or None."""
    return next((item for item in draft.get("materials", ()) if item["id"] == material), None)


def is_missing(material: Json) -> bool:
    """Whether a paper the case cannot do without has not been scanned."""
    return material["state"] == "to_submit" and bool(material.get("required")) and not material.get("pages")


def missing_materials(draft: Json) -> Iterator[Json]:
    """The papers still to be scanned."""
    return (item for item in draft.get("materials", ()) if is_missing(item))


def where_missing(draft: Json) -> Screen | None:
    """The screen on which the first missing thing can be given, or None when nothing is missing."""
    places: Mapping[str, Screen] = {
        "consent": Screen.CONSENT,
        "authorisation": Screen.SECOND_SIGNER,
        "conflict": Screen.FORM,
        "fact": Screen.FORM,
        "material": Screen.MATERIALS,
        "signature": Screen.SIGN,
    }
    kinds = {item["kind"] for item in draft.get("missing", ())}
    return next((place for kind, place in places.items() if kind in kinds), None)
