"""A stored value as people read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from onething.domain.catalog import Catalog, Fact, FactType, Label
from onething.domain.masking import mask_bank_card, mask_id_number
from onething.domain.working_days import SHANGHAI


def display_of(catalog: Catalog, fact: Fact, value: Any, *, masked: bool = True) -> Label:
    """Chinese and English text of a value; numbers that name a person are masked on screens."""
    if fact.type is FactType.CODE:
        codes = catalog.code_sets.get(fact.code_set or "", {})
        return codes.get(str(value), Label(str(value), str(value)))
    if fact.type is FactType.BOOLEAN:
        return Label("是", "Yes") if value else Label("否", "No")
    text = _local_time(str(value)) if fact.type is FactType.DATETIME else str(value)
    if masked and fact.type is FactType.CITIZEN_ID:
        text = mask_id_number(text)
    if masked and fact.type is FactType.BANK_CARD:
        text = mask_bank_card(text)
    return Label(text, text)


def _local_time(value: str) -> str:
    """A moment as the county's clocks show it, without the offset."""
    moment = datetime.fromisoformat(value)
    local = moment.astimezone(SHANGHAI) if moment.tzinfo else moment
    return local.strftime("%Y-%m-%d %H:%M")
