"""Filling the one form: opening a draft, choosing matters, answering, correcting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from onething.domain.catalog import Catalog, FactType, Label, Thing
from onething.domain.conditions import HOLDER
from onething.domain.errors import (
    BadFields,
    CounterOnly,
    FieldError,
    MatterNeeded,
    NotFound,
    UnknownMatter,
)
from onething.domain.merging import CHOICE, count_key
from onething.domain.plan import conditions_of
from onething.domain.records import AuditRow, Draft, Session
from onething.domain.situation import base_of, instances_of
from onething.domain.values import BadValue, Origin, Value, read_value
from onething.ports import Conflict, Ports, UnitOfWork
from onething.services.acting_for import only_matters
from onething.services.desk import (
    Desk,
    KeepsGood,
    desk_of,
    lay_out,
    proven_values,
    sealed_values,
    with_progress,
    with_values,
    work_on,
)
from onething.services.disputing import withdraw_undisputed
from onething.services.draft_view import view_of
from onething.services.merging import merged, must_know, seen_by, with_note


def open_draft(
    ports: Ports,
    session: Session,
    thing: str,
    chosen: Sequence[str] | None,
    answers: Mapping[str, Any],
    *,
    another: bool = False,
) -> dict[str, Any]:
    """The person's open draft of this one-thing, or a new one filled in from the card.

    With ``another`` one that is about nobody yet: the second of twins, who is told apart by what is typed.
    """
    revision, catalog = ports.catalogs.current()
    declared = catalog.get_thing(thing)
    if chosen is None:
        chosen = only_matters(ports, session, declared)
    another = another and bool(declared.identified_by)
    there = _find_there(ports, session, thing, another=another)
    if there is None:
        draft = _new_draft(ports, session, catalog, declared, revision, answers)
        try:
            with ports.records.act() as uow:
                uow.drafts.add(draft)
                uow.audit.add(_opened(session, draft))
        except Conflict:  # two touches at once: the first one's draft serves both
            there = _find_there(ports, session, thing, another=another)
    draft_id = there.id if there else draft.id
    # An answer may be what makes a choice possible.
    if answers:
        fill(ports, session, draft_id, answers)
    if chosen is not None:
        choose(ports, session, draft_id, chosen)
    return view_draft(ports, session, draft_id, resumed=there is not None)


def _find_there(ports: Ports, session: Session, thing: str, *, another: bool) -> Draft | None:
    """The open draft that is offered: the last touched, or the one that is about nobody yet."""
    with ports.records.read() as uow:
        if another:
            return uow.drafts.find_open(thing, session.holder, "")
        return next((each for each in uow.drafts.list_open_of(session.holder) if each.thing == thing), None)


def view_draft(ports: Ports, session: Session, draft_id: str, *, resumed: bool = False) -> dict[str, Any]:
    """The draft as a screen needs it."""
    with ports.records.act() as uow:
        desk = lay_out(ports, uow, session, draft_id)
        uow.audit.add(
            AuditRow(
                at=ports.clock.now(),
                actor=session.actor,
                actor_kind=session.actor_kind,
                action="draft_read",
                purpose=desk.thing.code,
                subject=session.holder,
                terminal=session.terminal,
                case=draft_id,
            )
        )
    return view_of(desk, resumed=resumed)


def choose(
    ports: Ports, session: Session, draft_id: str, chosen: Sequence[str], *, version: int | None = None
) -> dict[str, Any]:
    """Choose all or some matters; raises ``UnknownMatter`` and ``MatterNeeded``.

    With ``version``, the draft's on the screen, also ``DraftMovedOn`` when another device has chosen since.
    """
    seen = seen_by(session, version)

    def change(_uow: UnitOfWork, desk: Desk, now: datetime) -> Desk:
        if set(chosen) - desk.thing.matters.keys():
            raise UnknownMatter
        wanted = sorted(set(chosen))
        if version is not None and wanted != desk.draft.progress.get("chosen"):
            must_know(desk, seen, CHOICE)
        changed = with_note(with_progress(desk, chosen=wanted), [CHOICE], seen, now)
        again = desk_of(ports, changed.draft, desk.files)
        needed = [c for c in again.plan.conflicts if c.reason == "matter_needed"]
        if needed:
            raise MatterNeeded(needed[0].text)
        return changed

    return view_of(work_on(ports, session, draft_id, change, "matters_chosen"))


def count(
    ports: Ports, session: Session, draft_id: str, role: str, number: int, *, version: int | None = None
) -> dict[str, Any]:
    """Say how many people a repeating role stands for; all that is known of those beyond it is dropped.

    Raises ``NotFound`` for a role that does not repeat and ``BadFields`` for a number out of range; with
    ``version``, the draft's on the screen, also ``DraftMovedOn`` when another device has said it since, or
    has typed something about somebody who would be dropped.
    """
    seen = seen_by(session, version)

    def change(_uow: UnitOfWork, desk: Desk, now: datetime) -> Desk:
        declared = desk.thing.roles.get(role)
        if declared is None or declared.repeats is None:
            raise NotFound
        if not declared.repeats.least <= number <= declared.repeats.most:
            raise BadFields(fields=[FieldError(role, "out_of_range", declared.label)])
        counts = {**desk.draft.progress.get("counts", {}), role: number}
        kept = set(instances_of(desk.thing, role, counts))
        gone = [k for k in desk.values if _is_of_another(k.partition(".")[0], role, kept)]
        if version is not None and number != desk.draft.progress.get("counts", {}).get(role):
            must_know(desk, seen, count_key(role), *gone)
        desk = with_note(desk, [count_key(role)], seen, now)
        progress = {
            part: {k: v for k, v in kept_by.items() if not _is_of_another(k.rpartition(":")[2], role, kept)}
            for part in ("rights", "outcomes", "asked", "granted")
            if (kept_by := desk.draft.progress.get(part))
        }
        return with_progress(with_values(desk, dict.fromkeys(gone)), counts=counts, **progress)

    return view_of(work_on(ports, session, draft_id, change, "people_counted"))


def _is_of_another(instance: str, role: str, kept: set[str]) -> bool:
    """Whether this is a person of the role who is no longer counted: whoever comes next is another."""
    return instance.startswith(f"{role}[") and instance not in kept


def fill(
    ports: Ports,
    session: Session,
    draft_id: str,
    values: Mapping[str, Any],
    *,
    version: int | None = None,
) -> dict[str, Any]:
    """Set answers and typed values, ``None`` takes one back; the good ones are kept.

    ``version`` is the draft's on the screen where they were typed: what another device has typed since is not
    lost but shown beside the new value (the view's ``replaced``), and ``settle`` says which stays.

    Raises ``BadFields`` with one error for each that could not be taken. An answer that only a counter
    can serve is kept too: the view's ``counter_only`` says where to go, and nothing can be submitted.
    """

    seen = seen_by(session, version)

    def change(uow: UnitOfWork, desk: Desk, now: datetime) -> Desk:
        changes: dict[str, Value | None] = {}
        errors: list[FieldError] = []
        for key, raw in values.items():
            try:
                typed = _of_nobody_else(desk, changes, key, _typed(desk, key, raw))
                changes[key] = merged(desk, key, typed, seen)
            except BadValue as bad:
                errors.append(FieldError(key, bad.reason, bad.text))
        changed = _placed_again(with_note(with_values(desk, changes), changes, seen, now), session)
        changed = with_progress(changed, seen_revision=desk.draft.revision)
        if any(desk.values[key].disputed is not None for key in changes.keys() & desk.values.keys()):
            withdraw_undisputed(uow, draft_id, changed.values, now)
        if errors:
            raise KeepsGood(BadFields(fields=errors), changed)
        return changed

    return view_of(work_on(ports, session, draft_id, change, "values_typed"))


def _of_nobody_else(
    desk: Desk, changes: Mapping[str, Value | None], key: str, value: Value | None
) -> Value | None:
    """The value, unless it is the ID number of another person of the same repeating role."""
    role, _, name = key.partition(".")
    fact = desk.catalog.get_fact(desk.thing, key)
    if value is None or base_of(role) == role or fact.type is not FactType.CITIZEN_ID:
        return value
    for other in instances_of(desk.thing, base_of(role), desk.draft.progress.get("counts", {})):
        there = {**desk.values, **changes}.get(f"{other}.{name}")
        if other != role and there is not None and there.value == value.value:
            raise BadValue("same_person", "这个号码已经填给另一位", "Another person here has this number")
    return value


def _typed(desk: Desk, key: str, raw: Any) -> Value | None:
    questions = {question.fact for question in desk.thing.questions}
    if key not in desk.plan.form and key not in questions and key not in desk.values:
        raise BadValue("unknown_field", "表中没有这一项", "The form has no such field")
    there = desk.values.get(key)
    if there is not None and there.is_proven:
        raise BadValue("from_card", "已核实的身份信息不能在这里修改", "What is proven cannot be changed here")
    if raw is None or raw == "":
        return (
            replace(there, origin=Origin.REGISTER, value=there.disputed, disputed=None)
            if (there is not None and there.disputed is not None)
            else None
        )
    value = read_value(desk.catalog, desk.catalog.get_fact(desk.thing, key), raw)
    if there is not None and there.origin is Origin.REGISTER:
        if there.value == value:
            return there
        return Value(value, Origin.TYPED, there.source, there.as_of, disputed=there.value)
    if there is not None and there.disputed is not None:
        return replace(there, value=value)
    return Value(value, Origin.TYPED)


def _new_draft(
    ports: Ports,
    session: Session,
    catalog: Catalog,
    thing: Thing,
    revision: int,
    answers: Mapping[str, Any],
) -> Draft:
    now = ports.clock.now()
    holder = _role_of_holder(catalog, thing, session.card, answers)
    return Draft(
        id=ports.chance.id(),
        thing=thing.code,
        holder=session.holder,
        subject="",
        revision=revision,
        division=session.division,
        created_at=now,
        updated_at=now,
        progress={"holder": holder, "seen_revision": revision},
        values=sealed_values(proven_values(holder, session)),
    )


def _role_of_holder(
    catalog: Catalog, thing: Thing, card: Mapping[str, Any], answers: Mapping[str, Any]
) -> str:
    """Which role the card holder takes, by what the card says of them and the answers so far."""
    conditions = conditions_of(catalog, thing)
    defaults = {q.fact: q.default for q in thing.questions if q.default is not None}
    known = {**defaults, **answers, **{f"{HOLDER}.{fact}": value for fact, value in card.items()}}
    for applicant in thing.applicants:
        if conditions.decide(applicant.when, known) is not False:
            return applicant.role
    raise CounterOnly(
        Label("请本人或规定的办理人到场", "The person concerned, or who may act for them, must come")
    )


def _placed_again(desk: Desk, session: Session) -> Desk:
    """The card holder in another role when an answer says so; nothing fetched before is kept."""
    answers = {q.fact: desk.values[q.fact].value for q in desk.thing.questions if q.fact in desk.values}
    role = _role_of_holder(desk.catalog, desk.thing, session.card, answers)
    if role == desk.draft.progress["holder"]:
        return desk
    kept = {k: v for k, v in desk.values.items() if v.origin in (Origin.TYPED, Origin.COMPUTED)}
    emptied = dict.fromkeys(desk.values.keys() - kept.keys())
    placed = with_values(desk, {**emptied, **proven_values(role, session)})
    return with_progress(placed, holder=role, outcomes={}, asked={}, rights={}, granted={}, said_no=[])


def _opened(session: Session, draft: Draft) -> AuditRow:
    return AuditRow(
        at=draft.created_at,
        actor=session.actor,
        actor_kind=session.actor_kind,
        action="draft_opened",
        purpose=draft.thing,
        subject=session.holder,
        terminal=session.terminal,
        case=draft.id,
    )
