"""Questions about the situation as a screen needs them: the same shape as a form's fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onething.domain.catalog import Catalog, Fact, FactType, Thing
from onething.services.wording import both


def questions_of(catalog: Catalog, thing: Thing, known: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The one-thing's questions with the answer so far or the default."""
    found = []
    for question in thing.questions:
        fact = catalog.get_fact(thing, question.fact)
        found.append(
            {
                "fact": question.fact,
                **both(fact.label),
                "type": fact.type.value,
                "options": options_of(catalog, fact),
                "required": True,
                "hint_zh": fact.hint.zh if fact.hint else None,
                "hint_en": fact.hint.en if fact.hint else None,
                "value": known.get(question.fact, question.default),
            }
        )
    return found


def options_of(catalog: Catalog, fact: Fact) -> list[dict[str, str]] | None:
    """The choices of a code or yes-or-no fact; None for anything typed."""
    if fact.type is FactType.BOOLEAN:
        return [{"code": "true", "zh": "是", "en": "Yes"}, {"code": "false", "zh": "否", "en": "No"}]
    if fact.type is not FactType.CODE:
        return None
    codes = catalog.code_sets[fact.code_set or ""]
    return [{"code": code, **both(label)} for code, label in codes.items()]
