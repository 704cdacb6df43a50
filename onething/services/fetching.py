"""Autofill: sources asked in waves, side by side, only after consent and the right to act.

No transaction is held across the wait: what will be asked is audited and committed first, and
the answers are merged into whatever the draft has become by then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from onething.domain.catalog import Thing
from onething.domain.errors import ConsentNeeded
from onething.domain.needs import is_barred
from onething.domain.plan_sources import E_LICENCES, Call
from onething.domain.records import AuditRow, Session
from onething.domain.situation import Outcome, Right, base_of, uses_of
from onething.domain.tallies import SourceAnswered
from onething.domain.values import BadValue, Origin, Value, read_value
from onething.ports import (
    Found,
    NotHeld,
    Ports,
    Purpose,
    SourceAnswer,
    SourceCall,
    Unavailable,
    UnitOfWork,
)
from onething.services.consented import find_agreed, find_answer
from onething.services.desk import Desk, with_progress, with_values, work_on
from onething.services.draft_view import view_of

NOT_AGREED = Outcome.NOT_AGREED.value
_MOST_WAVES = 6
_E_LICENCE_DEADLINE_S = 1.5
_HOLDER_TYPES = {"person": "111", "enterprise": "001"}  # GB/T 36903


def fetch(
    ports: Ports, session: Session, draft_id: str, sources: Sequence[str] | None = None
) -> dict[str, Any]:
    """Ask all that may be asked now, wave after wave; ``sources`` are tried again first.

    Raises ``ConsentNeeded`` while a planned source has been neither agreed to nor refused.
    """
    desk = _prepare(ports, session, draft_id, sources)
    for _ in range(_MOST_WAVES):
        calls = list(_callable_now(desk))
        if not calls:
            break
        barred = _barred(ports, desk, calls)
        asked = [call for call in calls if call.id not in barred]
        answers = ports.sources.ask_all([_source_call(desk, session, call) for call in asked])
        refused = [(call, Unavailable(NOT_AGREED)) for call in calls if call.id in barred]
        desk = _merge(ports, session, draft_id, [*zip(asked, answers, strict=True), *refused])
    return view_of(desk)


def _barred(ports: Ports, desk: Desk, calls: Sequence[Call]) -> set[str]:
    """Calls for what the source's department has not agreed to share: they are never made."""
    with ports.records.read() as uow:
        not_agreed = uow.data_needs.list_not_agreed(desk.thing.code)
    wanted_by = desk.plan.wanted_by
    return {call.id for call in calls if is_barred(desk.thing, call, wanted_by, not_agreed)}


def _prepare(ports: Ports, session: Session, draft_id: str, sources: Sequence[str] | None) -> Desk:
    """Forget the outcomes that are tried again; audit, before asking, what consent covers."""

    def change(_uow: UnitOfWork, desk: Desk, _now: datetime) -> Desk:
        if any(find_answer(desk, call.source) is None for wave in desk.plan.fetch for call in wave):
            raise ConsentNeeded
        outcomes = desk.draft.progress.get("outcomes", {})
        kept = {call: o for call, o in outcomes.items() if not _is_tried_again(call, o, sources)}
        asked = {
            call: {fact: o for fact, o in facts.items() if not _is_tried_again(call, o, sources)}
            for call, facts in desk.draft.progress.get("asked", {}).items()
        }
        return with_progress(desk, outcomes=kept, asked=asked)

    return work_on(ports, session, draft_id, change, "sources_asked")


def _is_tried_again(call: str, outcome: str, sources: Sequence[str] | None) -> bool:
    named = sources is None or call.partition(":")[0] in sources
    return outcome in (Outcome.UNAVAILABLE.value, Outcome.NOT_AGREED.value) and named


def _callable_now(desk: Desk) -> Iterable[Call]:
    """Calls of the first wave whose facts are known, whose right is proven and which were agreed to."""
    for wave in desk.plan.fetch:
        for planned in wave:
            call = find_agreed(desk, planned)
            known = all(key in desk.values for key in planned.asks.values())
            if call is not None and known and _right_is_proven(desk, call):
                yield call


def _right_is_proven(desk: Desk, call: Call) -> bool:
    if call.about == desk.plan.holder:
        return True
    rights: Mapping[str, str] = desk.draft.progress.get("rights", {})
    return rights.get(call.about) == Right.PROVEN.value


def _source_call(desk: Desk, session: Session, call: Call) -> SourceCall:
    wanted_by = desk.plan.wanted_by
    matters = sorted({matter for key in call.yields.values() for matter in wanted_by.get(key, ())})
    role = desk.thing.role_of(f"{call.about}.")
    if call.source == E_LICENCES:
        deadline, holder_type = _E_LICENCE_DEADLINE_S, _HOLDER_TYPES[role.kind]
    else:
        deadline, holder_type = desk.catalog.sources[call.source].deadline_ms / 1000, None
    return SourceCall(
        id=call.id,
        source=call.source,
        asked={word: str(desk.values[key].value) for word, key in call.asks.items()},
        purpose=Purpose(
            case=desk.draft.id,
            thing=desk.thing.code,
            matters=tuple(matters),
            actor=session.actor,
            reason=f"{desk.thing.label.zh}一件事：{role.label.zh}信息预填与材料免提交",
        ),
        deadline_s=deadline,
        document=call.document,
        holder_type=holder_type,
    )


def _merge(ports: Ports, session: Session, draft_id: str, answered: list[tuple[Call, SourceAnswer]]) -> Desk:
    """Write the answers over the draft as it is now; what the person typed meanwhile stays."""

    def change(uow: UnitOfWork, desk: Desk, now: datetime) -> Desk:
        outcomes = dict(desk.draft.progress.get("outcomes", {}))
        asked = {call: dict(facts) for call, facts in desk.draft.progress.get("asked", {}).items()}
        rights = dict(desk.draft.progress.get("rights", {}))
        counts = desk.draft.progress.get("counts", {})
        values: dict[str, Value | None] = {}
        noted: Counter[SourceAnswered] = Counter()
        for call, answer in answered:
            outcome, found = _taken(desk, call, answer)
            if outcome is not Outcome.NOT_AGREED:
                noted[_answered(call, answer, outcome)] += 1
            if outcomes.get(call.id) != Outcome.FOUND.value:  # what it once showed stays shown
                outcomes[call.id] = outcome.value
            asked.setdefault(call.id, {}).update(dict.fromkeys(call.yields.values(), outcome.value))
            for key, value in found.items():
                if key not in desk.values and key not in values:
                    values[key] = value
            if isinstance(answer, Found) and outcome is Outcome.FOUND:
                rights.update(_proven(desk.thing, counts, call, answer, rights))
            uow.audit.add(_asked(ports, session, desk, call, outcome))
        uow.tallies.note_answers(noted, now, draft_id)
        return with_progress(with_values(desk, values), outcomes=outcomes, asked=asked, rights=rights)

    return work_on(ports, session, draft_id, change, "answers_merged")


def _answered(call: Call, answer: SourceAnswer, outcome: Outcome) -> SourceAnswered:
    """How the source did; a record that cannot be right is its trouble as much as no answer."""
    reason = ""
    if outcome is Outcome.UNAVAILABLE:
        reason = answer.reason if isinstance(answer, Unavailable) else "bad_value"
    return SourceAnswered(call.source, outcome.value, reason)


def _taken(desk: Desk, call: Call, answer: SourceAnswer) -> tuple[Outcome, Mapping[str, Value]]:
    """What an answer is worth: a value that cannot be right makes its record unusable."""
    if isinstance(answer, NotHeld):
        return Outcome.NOT_HELD, {}
    if not isinstance(answer, Found):
        return Outcome.NOT_AGREED if answer.reason == NOT_AGREED else Outcome.UNAVAILABLE, {}
    values = {}
    for word, key in call.yields.items():
        raw = answer.facts.get(word)
        if raw in (None, ""):
            continue
        try:
            value = read_value(desk.catalog, desk.catalog.get_fact(desk.thing, key), raw)
        except BadValue:
            return Outcome.UNAVAILABLE, {}
        values[key] = Value(value, Origin.REGISTER, call.source, answer.as_of)
    return Outcome.FOUND, values


def _proven(
    thing: Thing, counts: Mapping[str, int], call: Call, answer: Found, rights: Mapping[str, str]
) -> dict[str, str]:
    """The roles whose right this record shows, when the one-thing accepts this register's word."""
    use = next((use for use in uses_of(thing, counts) if use.call == call.id), None)
    if use is None:
        return {}
    return {
        role: Right.PROVEN.value
        for slot in answer.proves
        if (role := use.binds.get(slot)) in call.proves
        and role is not None
        and call.source in thing.roles[base_of(role)].right
        and rights.get(role) != Right.DECLINED.value
    }


def _asked(ports: Ports, session: Session, desk: Desk, call: Call, outcome: Outcome) -> AuditRow:
    """The row is about whoever was asked about: the other parent can see it among the uses of their data."""
    number = desk.values.get(f"{call.about}.id_number")
    return AuditRow(
        at=ports.clock.now(),
        actor=session.actor,
        actor_kind=session.actor_kind,
        action="source_asked",
        purpose=desk.thing.code,
        subject=ports.index.of_number(str(number.value)) if number else session.holder,
        terminal=session.terminal,
        case=desk.draft.id,
        result=outcome.value,
        detail={"call": call.id, "facts": sorted(call.yields.values())},
    )
