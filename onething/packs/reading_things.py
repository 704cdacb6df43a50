"""One one-thing: its people, questions, sources, groups, promise and what the guide says of it."""

from __future__ import annotations

from typing import Any

from onething.domain.catalog import (
    APPLICATION,
    Applicant,
    BeforeAfter,
    CounterOnly,
    Group,
    InvitationTerms,
    JointVisit,
    Label,
    Listing,
    ListLevel,
    ListStatus,
    Promise,
    Question,
    Repeats,
    Role,
    SourceUse,
    Thing,
    VisitKind,
)
from onething.domain.catalog_problems import Path
from onething.packs.entries import Entry
from onething.packs.reading_matters import read_material, read_matter

_APPLICATION_ROLE = Role(APPLICATION, Label("本次办理", "This application"), APPLICATION)


def read_thing(code: str, entry: Entry) -> Thing:
    """The one-thing of one file."""
    entry.text("code")
    thing = Thing(
        code=code,
        label=entry.label(),
        summary=entry.label("summary"),
        audience=entry.text("audience"),
        lead=entry.text("lead"),
        subject=entry.text("subject"),
        promise=_promise(entry),
        applicants=_applicants(entry),
        roles=_roles(entry),
        sources=_sources(entry),
        questions=_questions(entry),
        matters={key: read_matter(key, each) for key, each in entry.entries("matters")},
        materials={key: read_material(key, each) for key, each in entry.entries("materials")},
        groups={key: _group(key, each) for key, each in entry.entries("groups")},
        computed=entry.words("computed"),
        counter_only=_counter_only(entry),
        conditions=entry.labels("conditions"),
        notes=entry.labels("notes"),
        before_after=_before_after(entry),
        lists=entry.texts("lists"),
        assurance=entry.find_text("assurance") or "card",
        icon=entry.find_text("icon"),
        joint_visits={key: _joint_visit(key, each) for key, each in entry.entries("joint_visits")},
        listing=_listing(entry),
        identified_by=_identified_by(entry),
    )
    entry.finish()
    return thing


def _identified_by(entry: Entry) -> tuple[tuple[str, ...], ...]:
    """Lists of facts, each of which tells the subject."""
    ways = []
    for item, path in entry.items("identified_by"):
        if isinstance(item, list) and item and all(isinstance(key, str) for key in item):
            ways.append(tuple(item))
        else:
            entry.refuse(
                path, "wrong_shape", "这里要写事项的清单，如[child.name]", "this must be a list of facts"
            )
    return tuple(ways)


def _below(entry: Entry, key: str) -> Entry:
    value = entry.raw(key)
    return Entry({} if value is None else value, (*entry.path, key), entry.problems)


def _promise(entry: Entry) -> Promise:
    if not entry.has("promise"):
        entry.text("promise")
        return Promise(0)
    below = _below(entry, "promise")
    promise = Promise(
        days=below.number("days"),
        override_by=below.find_text("override_by"),
        override_reason=below.find_text("override_reason"),
    )
    below.finish()
    return promise


def _mapping(entry: Entry, value: Any, path: Path) -> Entry:
    return Entry(value, path, entry.problems)


def _applicants(entry: Entry) -> tuple[Applicant, ...]:
    found = []
    for value, path in entry.items("applicants"):
        if isinstance(value, str):
            found.append(Applicant(value))
            continue
        below = _mapping(entry, value, path)
        found.append(Applicant(below.text("role"), below.find_text("when")))
        below.finish()
    if not entry.has("applicants"):
        entry.refuse(entry.path, "missing_key", "缺少“applicants”", "'applicants' is missing")
    return tuple(found)


def _roles(entry: Entry) -> dict[str, Role]:
    roles = {}
    for code, below in entry.entries("roles"):
        roles[code] = Role(
            id=code,
            label=below.label(),
            kind=below.text("kind"),
            right=below.texts("right"),
            repeats=_repeats(below),
            invitation=_invitation(below),
        )
        below.finish()
    return {**roles, APPLICATION: _APPLICATION_ROLE}


def _invitation(entry: Entry) -> InvitationTerms:
    value = entry.raw("invitation")
    if value is None:
        return InvitationTerms()
    below = _mapping(entry, value, (*entry.path, "invitation"))
    terms = InvitationTerms(
        days=below.number("days", InvitationTerms.days),
        after=below.texts("after"),
        signs=below.flag("signs", InvitationTerms.signs),
    )
    below.finish()
    return terms


def _repeats(entry: Entry) -> Repeats | None:
    if not entry.has("repeats"):
        entry.raw("repeats")
        return None
    below = _below(entry, "repeats")
    repeats = Repeats(below.number("least"), below.number("most"))
    if below.has("most") and (repeats.least > repeats.most or repeats.most < 1):
        entry.refuse(
            below.path,
            "wrong_shape",
            "人数要从 least 到 most",
            "'repeats' must go from least to most, most at least 1",
        )
    below.finish()
    return repeats


def _sources(entry: Entry) -> tuple[SourceUse, ...]:
    found = []
    for value, path in entry.items("sources"):
        below = _mapping(entry, value, path)
        source = below.text("use")
        below.text("self")
        binds = {}
        if isinstance(value, dict):
            binds = {slot: below.text(slot) for slot in value if slot != "use"}
        if "self" in binds:
            found.append(SourceUse(source, binds))
    return tuple(found)


def _questions(entry: Entry) -> tuple[Question, ...]:
    found = []
    for value, path in entry.items("questions"):
        if isinstance(value, str):
            found.append(Question(value))
            continue
        below = _mapping(entry, value, path)
        found.append(Question(below.text("fact"), below.find_text("when"), _default(below)))
        below.finish()
    return tuple(found)


def _default(entry: Entry) -> str | bool | int | None:
    value = entry.raw("default")
    if value is None or isinstance(value, str | bool | int):
        return value
    entry.refuse(
        (*entry.path, "default"),
        "wrong_shape",
        "默认值只能是文字、true/false 或整数",
        "the default must be a text, true, false or a whole number",
    )
    return None


def _group(code: str, entry: Entry) -> Group:
    kind = entry.text("kind")
    if kind and kind not in ("base", "alternative"):
        entry.refuse(
            (*entry.path, "kind"),
            "unknown_word",
            "kind 只能是 base 或 alternative",
            "the kind must be 'base' or 'alternative'",
        )
    group = Group(id=code, label=entry.label(), kind=kind, waived_when=entry.find_text("waived_when"))
    entry.finish()
    return group


def _joint_visit(code: str, entry: Entry) -> JointVisit:
    visit = JointVisit(
        id=code,
        label=entry.label(),
        kind=entry.choice("kind", VisitKind, VisitKind.VISIT),
        matters=entry.texts("matters"),
    )
    entry.finish()
    return visit


def _listing(entry: Entry) -> Listing | None:
    if not entry.has("listing"):
        entry.raw("listing")
        return None
    below = _below(entry, "listing")
    listing = Listing(
        batch=below.text("batch"),
        level=below.choice("level", ListLevel, ListLevel.COUNTY),
        status=below.choice("status", ListStatus, ListStatus.OPEN),
    )
    below.finish()
    return listing


def _counter_only(entry: Entry) -> tuple[CounterOnly, ...]:
    found = []
    for value, path in entry.items("counter_only"):
        below = _mapping(entry, value, path)
        found.append(CounterOnly(below.text("when"), below.label("reason")))
        below.finish()
    return tuple(found)


def _before_after(entry: Entry) -> BeforeAfter | None:
    if not entry.has("before_after"):
        entry.raw("before_after")
        return None
    below = _below(entry, "before_after")
    pairs = {key: _pair(below, key) for key in ("days", "materials", "visits", "steps")}
    below.finish()
    return BeforeAfter(**pairs)


def _pair(entry: Entry, key: str) -> tuple[int, int] | None:
    value = entry.raw(key)
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 2 and all(type(each) is int for each in value):
        return value[0], value[1]
    entry.refuse(
        (*entry.path, key),
        "wrong_shape",
        "要写成 [改革前, 改革后]",
        "this must be [before, after], whole numbers",
    )
    return None
