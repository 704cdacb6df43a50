"""Checks of a one-thing's people, sources, questions, groups and of every condition in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from onething.domain.assurance import LEVELS
from onething.domain.catalog import Catalog, Fact, FactType, Question, SourceUse, Thing
from onething.domain.catalog_checks_found import Found
from onething.domain.catalog_checks_wording import say_bad_condition
from onething.domain.catalog_problems import Path
from onething.domain.conditions import HOLDER, BadCondition, Conditions

_COMPARED = re.compile(r'(\w+)\.(\w+)\s*[!=]=\s*"([^"]*)"')
_COMPARED_BACKWARDS = re.compile(r'"([^"]*)"\s*[!=]=\s*(\w+)\.(\w+)')
_LISTED = re.compile(r"(\w+)\.(\w+)\s+in\s+\[([^\]]*)\]")
PERSON = "person"  # only people hold cards
_BY_PERSON = ("card", "mandate")
_RESULTS = {
    FactType.BOOLEAN: {"BOOL"},
    FactType.INTEGER: {"INT"},
    FactType.DECIMAL: {"DOUBLE", "INT"},
    FactType.DATE: {"TIMESTAMP", "STRING"},
    FactType.DATETIME: {"TIMESTAMP", "STRING"},
}


def check_people_and_questions(catalog: Catalog, thing: Thing, found: Found) -> Conditions:
    """Check roles, applicants, sources, questions, groups and conditions; the conditions, compiled."""
    path: Path = ("things", thing.code)
    found.known((*path, "audience"), "audience", thing.audience, ("person", "enterprise"))
    found.known((*path, "subject"), "role", thing.subject, thing.roles)
    if thing.assurance not in LEVELS:
        words = ", ".join(LEVELS)
        found.add((*path, "assurance"), "unknown_word", f"只能是 {words}", f"this must be one of {words}")
    _check_roles(catalog, thing, path, found)
    for at, use in enumerate(thing.sources):
        _check_use(catalog, thing, use, (*path, "sources", at), found)
    found.once((*path, "sources"), [use.call for use in thing.sources])
    found.once((*path, "questions"), [question.fact for question in thing.questions])
    for at, question in enumerate(thing.questions):
        _check_question(catalog, thing, question, (*path, "questions", at), found)
    for at, keys in enumerate(thing.identified_by):
        for key in keys:
            check_fact_key(catalog, thing, key, (*path, "identified_by", at), found)
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
            if right not in known and right in catalog.sources:
                _report_unproven(
                    catalog, thing, role.id, right, (*path, "roles", role.id, "right", at), found
                )
            else:
                found.known((*place, "right", at), "right", right, known)
    for at, applicant in enumerate(thing.applicants):
        if found.known((*path, "applicants", at), "role", applicant.role, thing.roles):
            _check_kind(thing, applicant.role, PERSON, (*path, "applicants", at), found)


def _report_unproven(
    catalog: Catalog, thing: Thing, role: str, source: str, path: Path, found: Found
) -> None:
    """A source of the pack that does not prove the right here: told where it is used, if it is."""
    slots = ", ".join(catalog.sources[source].proves)
    if not slots:
        zh, en = f"来源“{source}”不能证明任何人的授权", f"'{source}' proves nobody's right to act"
        found.add(path, "unknown_right", f"{zh}：可以写 card", f"{en}: 'card' may do")
        return
    at = next((at for at, use in enumerate(thing.sources) if use.source == source), None)
    found.add(
        path if at is None else ("things", thing.code, "sources", at),
        "unknown_right",
        f"来源“{source}”在这里证明不了“{role}”的授权：它能证明的位置是 {slots}，"
        f"请在 sources 里把该位置写成 {role}",
        f"'{source}' does not prove '{role}' here: it proves {slots}; "
        f"under 'sources', write '{role}' in that slot",
    )


def _check_use(catalog: Catalog, thing: Thing, use: SourceUse, path: Path, found: Found) -> None:
    if not found.known((*path, "use"), "source", use.source, catalog.sources):
        return
    source = catalog.sources[use.source]
    for slot, role in use.binds.items():
        known = found.known((*path, slot), "slot", slot, source.slots)
        if not found.known((*path, slot), "role", role, thing.roles) or not known:
            continue
        _check_kind(thing, role, source.slots[slot], (*path, slot), found)
    _check_may_be_asked(thing, use, path, found)
    for word in source.asks:
        if word.partition(".")[0] not in use.binds:
            found.add(
                path,
                "unbound_slot",
                f"来源要问 {word}，请写明它是哪个角色",
                f"this source asks for {word}: say which role that is",
            )


def _check_may_be_asked(thing: Thing, use: SourceUse, path: Path, found: Found) -> None:
    """Whether anything at a kiosk could ever open this source: a mandate is read at the window."""
    about = thing.roles.get(use.binds["self"])
    if about is None or about.id in {applicant.role for applicant in thing.applicants}:
        return
    if not any(way != "mandate" for way in about.right):
        found.add(
            (*path, "self"),
            "no_right",
            f"没有办法证明可以查询“{about.id}”：请给该角色写 right（card 或来源）",
            f"nothing gives the right to ask about '{about.id}': write a 'right' at the role",
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
        said = say_bad_condition(text, str(bad), conditions.names)
        found.add(path, "bad_condition", said.zh, said.en)
        return
    if kind == "computed":
        _check_result(catalog, thing, str(compiled.expression.return_type()), path, found)
    if kind == "condition" and not conditions.is_sound(text):
        found.add(path, "bad_condition", "条件的结果应为是或否", "a condition must come out true or false")
    for key, code in _literals(text):
        fact = _fact_of(catalog, thing, key)
        if fact is not None and fact.type is FactType.CODE:
            _check_code(catalog, fact, code, path, found)


def _check_result(catalog: Catalog, thing: Thing, result: str, path: Path, found: Found) -> None:
    """Whether a computed value can be one of its fact; DYN is only known when it is worked out."""
    fact = _fact_of(catalog, thing, str(path[-1]))
    if fact is None:
        return
    fits = _RESULTS.get(fact.type, {"STRING"}) | {"DYN"}
    if result not in fits:
        found.add(
            path,
            "bad_condition",
            f"算式的结果不是 {fact.type} 类型的值",
            f"what this works out is no value of a {fact.type} fact",
        )


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
