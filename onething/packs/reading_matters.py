"""The matters and materials of one one-thing."""

from __future__ import annotations

from typing import Any

from onething.domain.catalog import (
    After,
    FactNeed,
    Fee,
    How,
    Material,
    MaterialNeed,
    Matter,
    Mode,
    Requires,
    StepUp,
    Way,
)
from onething.packs.entries import Entry

_TYPES_OF_ACT = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "20")


def read_matter(code: str, entry: Entry) -> Matter:
    """One matter under ``matters``."""
    produces = _below(entry, "produces")
    limits = _below(entry, "limits")
    matter = Matter(
        code=code,
        label=entry.label(),
        department=entry.text("department"),
        act=_act(entry),
        optional=entry.flag("optional", False),
        default=entry.flag("default", True),
        group=entry.find_text("group"),
        bound_with=entry.texts("bound_with"),
        mode=entry.choice("mode", Mode, Mode.ONLINE),
        when=entry.find_text("when"),
        after=_afters(entry),
        requires=_requires(entry),
        facts=_fact_needs(entry),
        materials=_material_needs(entry),
        produces_facts=produces.texts("facts"),
        produces_documents=_documents(produces),
        statutory=limits.limit("statutory"),
        statutory_text=limits.find_label("statutory_text"),
        promised=limits.limit("promised"),
        outside_promise=limits.find_label("outside_promise"),
        fee=_fee(entry),
        legal_basis=entry.texts("legal_basis"),
        result=entry.find_label("result"),
        basic_code=entry.find_text("basic_code"),
        level=entry.find_text("level"),
        batch=entry.find_text("batch"),
        supervised_by=entry.find_text("supervised_by"),
        by_commitment=entry.flag("by_commitment", False),
        assurance=_step_up(entry),
    )
    for each in (produces, limits, entry):
        each.finish()
    return matter


def read_material(code: str, entry: Entry) -> Material:
    """One material under ``materials``."""
    material = Material(
        id=code,
        label=entry.label(),
        document=entry.text("document"),
        of=entry.text("of"),
        met_by=_ways(entry),
        necessity=_necessity(entry),
        when=entry.find_text("when"),
        reason=entry.find_label("reason"),
        points=entry.labels("points"),
    )
    entry.finish()
    return material


def _below(entry: Entry, key: str) -> Entry:
    value = entry.raw(key)
    return Entry({} if value is None else value, (*entry.path, key), entry.problems)


def _act(entry: Entry) -> str:
    act = entry.text("act")
    if act and act not in _TYPES_OF_ACT:
        entry.refuse_word(
            (*entry.path, "act"),
            "out_of_code_set",
            act,
            f"事项类型“{act}”不在 GB/T 39046 表 A.1 中",
            f"'{act}' is not a type of matter (GB/T 39046 table A.1: 01 to 10, 20)",
        )
    return act


def _necessity(entry: Entry) -> str:
    necessity = entry.find_text("necessity") or "1"
    if necessity not in ("1", "2", "3"):
        entry.refuse_word(
            (*entry.path, "necessity"),
            "out_of_code_set",
            necessity,
            "必要性只能是 1、2 或 3",
            'the necessity must be "1" (needed), "2" (not needed by all) or "3" (may follow later)',
        )
    return necessity


def _afters(entry: Entry) -> tuple[After, ...]:
    found = []
    for value, path in entry.items("after"):
        below = Entry(value, path, entry.problems)
        matter, group = _one_of(below)
        found.append(After(matter, group, below.label("reason")))
        below.finish()
    return tuple(found)


def _requires(entry: Entry) -> tuple[Requires, ...]:
    found = []
    for value, path in entry.items("requires"):
        below = Entry(value, path, entry.problems)
        matter, group = _one_of(below)
        found.append(Requires(matter, group, below.find_text("unless"), below.label("reason")))
        below.finish()
    return tuple(found)


def _one_of(entry: Entry) -> tuple[str | None, str | None]:
    matter, group = entry.find_text("matter"), entry.find_text("group")
    if (matter is None) == (group is None):
        entry.refuse(
            entry.path,
            "wrong_shape",
            "matter 和 group 要写且只写一个",
            "write either 'matter' or 'group', not both",
        )
    return matter, group


def _fact_needs(entry: Entry) -> tuple[FactNeed, ...]:
    found = []
    for value, path in entry.items("facts"):
        if isinstance(value, str):
            found.append(FactNeed(value))
            continue
        below = Entry(value, path, entry.problems)
        found.append(FactNeed(below.text("fact"), below.find_text("when"), below.flag("required", True)))
        below.finish()
    return tuple(found)


def _material_needs(entry: Entry) -> tuple[MaterialNeed, ...]:
    found = []
    for value, path in entry.items("materials"):
        if isinstance(value, str):
            found.append(MaterialNeed(value))
            continue
        below = Entry(value, path, entry.problems)
        found.append(MaterialNeed(below.text("material"), below.find_text("when")))
        below.finish()
    return tuple(found)


def _documents(entry: Entry) -> tuple[tuple[str, str], ...]:
    found = []
    for value, path in entry.items("documents"):
        document, _, role = str(value).partition(" of ")
        if not isinstance(value, str) or not document or not role:
            entry.refuse(
                path,
                "wrong_shape",
                "要写成“证件编号 of 角色”",
                "this must be like 'birth_certificate of child'",
            )
            continue
        found.append((document.strip(), role.strip()))
    return tuple(found)


def _ways(entry: Entry) -> tuple[Way, ...]:
    found = []
    for value, path in entry.items("met_by"):
        word, source = _way(value)
        how = entry.word(word, path, How, How.SUBMIT)
        if (how is How.DATA) != (source is not None):
            entry.refuse(
                path,
                "wrong_shape",
                "只有 data 要写来源，如 data: marriage_register",
                "'data' names its source, like 'data: marriage_register'; the others name none",
            )
        found.append(Way(how, source))
    if not found and not entry.has("met_by"):
        entry.refuse(
            entry.path, "missing_key", "缺少“met_by”", "'met_by' is missing: how is this material met?"
        )
    return tuple(found)


def _way(value: Any) -> tuple[Any, str | None]:
    if isinstance(value, dict) and len(value) == 1:
        word, source = next(iter(value.items()))
        return word, str(source) if source is not None else None
    return value, None


def _step_up(entry: Entry) -> StepUp | None:
    if not entry.has("assurance"):
        entry.raw("assurance")
        return None
    below = _below(entry, "assurance")
    asked = StepUp(level=below.text("level"), reason=below.label("reason"))
    below.finish()
    return asked


def _fee(entry: Entry) -> Fee | None:
    if not entry.has("fee"):
        entry.raw("fee")
        return None
    below = _below(entry, "fee")
    fee = Fee(
        amount_fen=below.number("amount_fen"),
        basis=below.find_text("basis"),
        paid_at=below.find_label("paid_at"),
    )
    below.finish()
    return fee
