"""Checks of a one-thing's people, sources, questions, groups and of every condition in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from onething.domain.catalog import Catalog, Fact, FactType, Question, SourceUse, Thing
from onething.domain.catalog_checks_found import Found
from onething.domain.catalog_problems import Path
from onething.domain.conditions import HOLDER, BadCondition, Conditions

_COMPARED = re.compile(r'(\w+)\.(\w+)\s*[!=]=\s*"([^"]*)"')
_COMPARED_BACKWARDS = re.compile(r'"([^"]*)"\s*[!=]=\s*(\w+)\.(\w+)')
_LISTED = re.compile(r"(\w+)\.(\w+)\s+in\s+\[([^\]]*)\]")
PERSON = "person"  # only people hold cards
_BY_PERSON = ("card", "mandate")


def check_people_and_questions(catalog: Catalog, thing: Thing, found: Found) -> Conditions:
    """Check roles, applicants, sources, questions, groups and conditions; the conditions, compiled."""
    path: Path = ("things", thing.code)
    found.known((*path, "audience"), "audience", thing.audience, ("person", "enterprise"))
    found.known((*path, "subject"), "role", thing.subject, thing.roles)
    _check_roles(catalog, thing, path, found)
    for at, use in enumerate(thing.sources):
        _check_use(catalog, thing, use, (*path, "sources", at), found)
    found.once((*path, "sources"), [use.call for use in thing.sources])
    found.once((*path, "questions"), [question.fact for question in thing.questions])
    for at, question in enumerate(thing.questions):
        _check_question(catalog, thing, question, (*path, "questions", at), found)
    for key in thing.computed:
        check_fact_key(catalog, thing, key, (*path, "computed", key), found)
    _check_groups(thing, path, found)
    conditions = Conditions(catalog, thing)
    for place, text, kind in conditions_in(thing):
        _check_condition(catalog, thing, conditions, (*path, *place), text, kind, found)
    return conditions


def check_fact_key(catalog: Catalog, thing: Thing, key: str, path: Path, found: Found) -> bool:
    """Whether ``role.fact`` names a role of the one-thing and a fact of the dictionary."""
    role, _, name = key.partition(".")
    if not found.known(path, "role", role, thing.roles):
        return False
    kind = thing.roles[role].kind
    return found.known(path, "fact", name, [f.name for f in catalog.facts.values() if f.kind == kind])


def conditions_in(thing: Thing) -> Iterable[tuple[Path, str, str]]:
    """Every expression of a one-thing with its place; the kind is ``condition`` or ``computed``."""
    for key, text in thing.computed.items():
        yield ("computed", key), text, "computed"
    for place, when in _conditions_in(thing):
        if when is not None:
            yield place, when, "condition"


def _conditions_in(thing: Thing) -> Iterable[tuple[Path, str | None]]:
    yield from ((("applicants", at, "when"), each.when) for at, each in enumerate(thing.applicants))
    yield from ((("questions", at, "when"), each.when) for at, each in enumerate(thing.questions))
    yield from ((("counter_only", at, "when"), each.when) for at, each in enumerate(thing.counter_only))
    yield from ((("groups", key, "waived_when"), each.waived_when) for key, each in thing.groups.items())
    yield from ((("materials", key, "when"), each.when) for key, each in thing.materials.items())
    for code, matter in thing.matters.items():
        place: Path = ("matters", code)
        yield (*place, "when"), matter.when
        yield from (((*place, "facts", at, "when"), need.when) for at, need in enumerate(matter.facts))
        yield from (
            ((*place, "materials", at, "when"), need.when) for at, need in enumerate(matter.materials)
        )
        yield from (
            ((*place, "requires", at, "unless"), need.unless) for at, need in enumerate(matter.requires)
        )


def _check_roles(catalog: Catalog, thing: Thing, path: Path, found: Found) -> None:
    kinds = {fact.kind for fact in catalog.facts.values()}
    provers = {
        (use.source, use.binds[slot])
        for use in thing.sources
        if use.source in catalog.sources
        for slot in catalog.sources[use.source].proves
        if slot in use.binds
    }
    for role in thing.roles.values():
        place = (*path, "roles", role.id)
        found.known((*place, "kind"), "kind", role.kind, kinds)
        for at, right in enumerate(role.right):
            known = {*_BY_PERSON, *(source for source, proven in provers if proven == role.id)}
            found.known((*place, "right", at), "right", right, known)
    for at, applicant in enumerate(thing.applicants):
        if found.known((*path, "applicants", at), "role", applicant.role, thing.roles):
            _check_kind(thing, applicant.role, PERSON, (*path, "applicants", at), found)


def _check_use(catalog: Catalog, thing: Thing, use: SourceUse, path: Path, found: Found) -> None:
    if not found.known((*path, "use"), "source", use.source, catalog.sources):
        return
    source = catalog.sources[use.source]
    for slot, role in use.binds.items():
        known = found.known((*path, slot), "slot", slot, source.slots)
        if not found.known((*path, slot), "role", role, thing.roles) or not known:
            continue
        _check_kind(thing, role, source.slots[slot], (*path, slot), found)
    for word in source.asks:
        if word.partition(".")[0] not in use.binds:
            found.add(
                path,
                "unbound_slot",
                f"来源要问 {word}，请写明它是哪个角色",
                f"this source asks for {word}: say which role that is",
            )


def _check_kind(thing: Thing, role: str, kind: str, path: Path, found: Found) -> None:
    if thing.roles[role].kind != kind:
        found.add(path, "wrong_kind", f"“{role}”的类别应为 {kind}", f"'{role}' must be of kind {kind} here")


def _check_question(catalog: Catalog, thing: Thing, question: Question, path: Path, found: Found) -> None:
    if not check_fact_key(catalog, thing, question.fact, (*path, "fact"), found):
        return
    if question.default is None:
        return
    fact = catalog.get_fact(thing, question.fact)
    wanted = {FactType.BOOLEAN: bool, FactType.INTEGER: int}.get(fact.type, str)
    if type(question.default) is not wanted:
        found.add(
            (*path, "default"),
            "wrong_shape",
            f"默认值的类型与 {fact.type} 不符",
            f"the default of a {fact.type} fact is not written like this",
        )
    elif fact.type is FactType.CODE:
        _check_code(catalog, fact, str(question.default), (*path, "default"), found)


def _check_code(catalog: Catalog, fact: Fact, code: str, path: Path, found: Found) -> None:
    codes = catalog.code_sets.get(fact.code_set or "")
    if codes is not None and code not in codes:
        found.add(
            path,
            "out_of_code_set",
            f"“{code}”不在代码集 {fact.code_set} 中",
            f"'{code}' is not in the code set {fact.code_set}",
        )


def _check_groups(thing: Thing, path: Path, found: Found) -> None:
    members = Counter(matter.group for matter in thing.matters.values() if matter.group)
    for code in thing.groups:
        if members[code] < 2:
            found.add(
                (*path, "groups", code),
                "group_of_one",
                f"事项组“{code}”至少要有两个事项可选",
                f"the group '{code}' needs at least two matters to choose from",
            )


def _check_condition(
    catalog: Catalog, thing: Thing, conditions: Conditions, path: Path, text: str, kind: str, found: Found
) -> None:
    try:
        compiled = conditions.compile(text)
    except BadCondition as bad:
        found.add(path, "bad_condition", f"条件写错了：{bad}", f"bad condition: {bad}")
        return
    if kind == "condition" and str(compiled.expression.return_type()) not in ("BOOL", "DYN"):
        found.add(path, "bad_condition", "条件的结果应为是或否", "a condition must come out true or false")
    for key, code in _literals(text):
        fact = _fact_of(catalog, thing, key)
        if fact is not None and fact.type is FactType.CODE:
            _check_code(catalog, fact, code, path, found)


def _literals(text: str) -> Iterable[tuple[str, str]]:
    for role, name, code in _COMPARED.findall(text):
        yield f"{role}.{name}", code
    for code, role, name in _COMPARED_BACKWARDS.findall(text):
        yield f"{role}.{name}", code
    for role, name, codes in _LISTED.findall(text):
        for code in re.findall(r'"([^"]*)"', codes):
            yield f"{role}.{name}", code


def _fact_of(catalog: Catalog, thing: Thing, key: str) -> Fact | None:
    role, _, name = key.partition(".")
    kind = "person" if role == HOLDER else getattr(thing.roles.get(role), "kind", None)
    return catalog.facts.get(f"{kind}.{name}")
