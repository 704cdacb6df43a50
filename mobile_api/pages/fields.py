"""A draft's fields as a phone's page shows them, and what was changed on it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from onething.domain.dictionary import Label
from onething.domain.errors import FieldError

Field = Mapping[str, Any]
# What was typed, and what the page said the draft held when it was shown.
PREFIX, HELD = "v:", "w:"
KINDS = {"date": "date", "month": "month", "datetime": "datetime-local", "mobile": "tel"}
KEYBOARDS = {"integer": "numeric", "decimal": "decimal", "mobile": "tel", "bank_card": "numeric"}
LONGEST = {"citizen_id": 18, "uscc": 18, "mobile": 11, "bank_card": 25}
FEW_OPTIONS = 4
_KNOWN = ("found", "card", "computed")


def lay_out(view: Mapping[str, Any], wrong: Collection[str] = ()) -> list[dict[str, Any]]:
    """The form's sections, each with the fields to ask and those that are known.

    Where something is to be typed comes first. A person of many is open on the page while a field of theirs
    is empty or ``wrong``.
    """
    empty = {each["id"] for each in view["missing"]}
    sections = [
        {
            **section,
            "asked": [each for each in section["fields"] if is_asked(each)],
            "known": [each for each in section["fields"] if not is_asked(each)],
            "is_open": any(each["fact"] in empty or each["fact"] in wrong for each in section["fields"]),
        }
        for section in view["form"]["sections"]
    ]
    return sorted(sections, key=lambda each: not each["asked"] and "[" not in each["role"])


def is_asked(field: Field) -> bool:
    """Whether it is for the person to type: no source gave it, or what it gave is called wrong."""
    return field["state"] not in _KNOWN


def list_fields(view: Mapping[str, Any]) -> list[Field]:
    """Every field of the form."""
    return [each for section in view["form"]["sections"] for each in section["fields"]]


def shape_of(view: Mapping[str, Any]) -> str:
    """A word that changes when other things are asked: then a page that is open is out of date."""
    asked = [each["fact"] for each in list_fields(view) if is_asked(each)]
    both = [f"{each['fact']} twice" for each in view["replaced"]]
    return hashlib.sha256("\n".join(asked + both).encode()).hexdigest()[:12]


def shown(field: Field) -> str:
    """A value as its input holds it."""
    value = field["value"]
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def changes_of(fields: Iterable[Field], sent: Mapping[str, str]) -> dict[str, str | None]:
    """What the person changed; None where a value was taken away.

    A page says with each value what it found there: what was not touched is not sent again, for another
    device may have typed something else there since.
    """
    changes: dict[str, str | None] = {}
    for field in fields:
        fact, now = field["fact"], shown(field)
        raw = sent.get(PREFIX + fact)
        if raw is None or not field["editable"]:
            continue
        if raw.strip() not in (sent.get(HELD + fact, now).strip(), now):
            changes[fact] = raw.strip() or None
    return changes


def version_of(sent: Mapping[str, str]) -> int | None:
    """The draft's version on the page that sent this; None for one that does not say."""
    said = sent.get("version", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def list_unfilled(view: Mapping[str, Any]) -> list[FieldError]:
    """The form's required fields that are empty, each with whom it is about."""
    sections = view["form"]["sections"]
    about = {each["fact"]: section for section in sections for each in section["fields"]}
    return [
        FieldError(each["id"], "required", _named(each, about.get(each["id"])))
        for each in view["missing"]
        if each["kind"] == "fact"
    ]


def list_silent_sources(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Sources that could not answer: each once, as the form names them."""
    silent = (each for each in list_fields(view) if each["state"] == "unavailable" and each["source"])
    found: dict[str, Mapping[str, Any]] = {}
    for each in silent:
        found.setdefault(each["source"]["id"], each["source"])
    return list(found.values())


def group_matters(matters: Sequence[Mapping[str, Any]]) -> list[tuple[Any, list[Mapping[str, Any]]]]:
    """Matters that can be had under the heading of their group, those without one first."""
    groups: dict[str | None, tuple[Any, list[Mapping[str, Any]]]] = {}
    for matter in matters:
        label = {"zh": matter["group_zh"], "en": matter["group_en"]} if matter["group"] else None
        groups.setdefault(matter["group"], (label, []))[1].append(matter)
    return sorted(groups.values(), key=lambda group: group[0] is not None)


def _named(missing: Mapping[str, Any], section: Mapping[str, Any] | None) -> Label:
    if section is None:
        return Label(missing["zh"], missing["en"])
    return Label(f"{section['zh']}：{missing['zh']}", f"{section['en']}: {missing['en']}")
