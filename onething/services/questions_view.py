"""Questions about the situation as a screen needs them: the same shape as a form's fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onething.domain.catalog import (
    APPLICATION,
    Catalog,
    Fact,
    FactType,
    Label,
    Question,
    Sensitivity,
    Thing,
)
from onething.services.display import display_of
from onething.services.wording import both, numbered


def questions_of(catalog: Catalog, thing: Thing, known: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The one-thing's questions as fields, each with the answer so far or the default."""
    return [_question(catalog, thing, question, known) for question in thing.questions]


def _question(catalog: Catalog, thing: Thing, question: Question, known: Mapping[str, Any]) -> dict[str, Any]:
    fact = catalog.get_fact(thing, question.fact)
    value = known.get(question.fact, question.default)
    text = Label("", "") if value is None else display_of(catalog, fact, value)
    return {
        **declared(catalog, thing, question.fact),
        "required": True,
        "state": "needed" if value is None else "typed",
        "value": value,
        "display_zh": text.zh,
        "display_en": text.en,
        "editable": True,
        "source": None,
        "matters": [],
        "why_zh": "",
        "why_en": "",
        "error": None,
    }


def declared(catalog: Catalog, thing: Thing, key: str) -> dict[str, Any]:
    """What the dictionary says of a field: its names, whom it is about, its type and choices."""
    fact = catalog.get_fact(thing, key)
    role = thing.role_of(key)
    about = Label("", "") if role.id == APPLICATION else numbered(role.label, key.partition(".")[0])
    return {
        "fact": key,
        **both(fact.label),
        "about_zh": about.zh,
        "about_en": about.en,
        "type": fact.type.value,
        "options": options_of(catalog, fact),
        "max_length": fact.max_length,
        "hint_zh": fact.hint.zh if fact.hint else None,
        "hint_en": fact.hint.en if fact.hint else None,
        "sensitive": fact.sensitivity is Sensitivity.SENSITIVE,
    }


def options_of(catalog: Catalog, fact: Fact) -> list[dict[str, str]] | None:
    """The choices of a code or yes-or-no fact; None for anything typed."""
    if fact.type is FactType.BOOLEAN:
        return [{"code": "true", "zh": "是", "en": "Yes"}, {"code": "false", "zh": "否", "en": "No"}]
    if fact.type is not FactType.CODE:
        return None
    codes = catalog.code_sets[fact.code_set or ""]
    return [{"code": code, **both(label)} for code, label in codes.items()]
