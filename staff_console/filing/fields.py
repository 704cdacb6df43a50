"""A draft's fields as a clerk's page shows them, and what was changed on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Field = Mapping[str, Any]
PREFIX = "v:"
# A browser empties an input that cannot hold its value, so only what is always stored as it wants has a kind.
KINDS = {"date": "date", "month": "month", "mobile": "tel"}
LONGEST = {"citizen_id": 18, "uscc": 18, "mobile": 11, "bank_card": 25}
_PLACES = {
    "consent": "consent",
    "authorisation": "people",
    "conflict": "matters",
    "signature": "signature",
}
_KNOWN = ("found", "card", "computed")


def lay_out(view: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The form's sections, each with the fields to ask and those that are known."""
    return [
        {
            **section,
            "asked": [each for each in section["fields"] if each["state"] not in _KNOWN],
            "known": [each for each in section["fields"] if each["state"] in _KNOWN],
        }
        for section in view["form"]["sections"]
    ]


def group_matters(matters: Iterable[Mapping[str, Any]]) -> list[tuple[Any, list[Mapping[str, Any]]]]:
    """Matters under the heading of their group, those without one first."""
    groups: dict[str | None, tuple[Any, list[Mapping[str, Any]]]] = {}
    for matter in matters:
        label = {"zh": matter["group_zh"], "en": matter["group_en"]} if matter["group"] else None
        groups.setdefault(matter["group"], (label, []))[1].append(matter)
    return sorted(groups.values(), key=lambda group: group[0] is not None)


def name_missing(view: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is missing and where on the page it is put right; the form's own gaps only when they can be known.

    Before consent nearly every field is empty, and most of them will be filled in by it.
    """
    about = {each["fact"]: section for section in view["form"]["sections"] for each in section["fields"]}
    first = [each for each in view["missing"] if each["kind"] in ("consent", "authorisation", "conflict")]
    return [_named(each, about.get(each["id"])) for each in (first or view["missing"])]


def _named(missing: Mapping[str, Any], section: Mapping[str, Any] | None) -> dict[str, Any]:
    at = _PLACES.get(missing["kind"], missing["id"])
    if section is None:
        return {**missing, "at": at}
    return {"zh": f"{section['zh']}：{missing['zh']}", "en": f"{section['en']}: {missing['en']}", "at": at}


def list_silent_sources(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Sources that could not answer: each once, as the form names them."""
    found: dict[str, Mapping[str, Any]] = {}
    for section in view["form"]["sections"]:
        for each in section["fields"]:
            if each["state"] == "unavailable" and each["source"]:
                found.setdefault(each["source"]["id"], each["source"])
    return list(found.values())


def shown(field: Field) -> str:
    """A value as its input holds it."""
    value = field["value"]
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def changes_of(asked: Iterable[Field], sent: Mapping[str, str]) -> dict[str, str | None]:
    """What differs from what the draft holds; None where a value was taken away."""
    changes: dict[str, str | None] = {}
    for field in asked:
        raw = sent.get(PREFIX + field["fact"])
        if raw is None or not field["editable"] or raw.strip() == shown(field):
            continue
        changes[field["fact"]] = raw.strip() or None
    return changes
