"""What goes in comes out the same, on both databases; nothing half-done stays."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from onething.domain.cases import Event, EventKind, PartState
from onething.domain.records import Case, Revision, StaffCall
from onething.domain.terminals import TerminalState
from onething.ports import Conflict, Records
from onething.storage.unit_of_work import DatabaseRecords
from tests.storage.made_records import (
    NOW,
    later,
    made_audit_row,
    made_case,
    made_draft,
    made_file,
    made_session,
    made_terminal,
    made_values,
    submitted,
)


def test_they_are_the_records_the_rules_ask_for(records: DatabaseRecords) -> None:
    asked: Records = records
    assert asked.is_ready()


def test_a_revision_is_found_again(records: DatabaseRecords) -> None:
    first = Revision(1, "0" * 64, {"things": [{"code": "P-NEWBORN", "zh": "新生儿出生"}]}, "editor", NOW)
    second = replace(first, number=2, digest="1" * 64)
    with records.act() as uow:
        assert uow.revisions.find_current() is None
        uow.revisions.add(first)
        uow.revisions.add(second)
    with records.read() as uow:
        assert uow.revisions.find_current() == second
        assert uow.revisions.get(1) == first
        with pytest.raises(LookupError):
            uow.revisions.get(3)


def test_a_revision_number_is_given_once(records: DatabaseRecords) -> None:
    first = Revision(1, "0" * 64, {}, "editor", NOW)
    with records.act() as uow:
        uow.revisions.add(first)
    with pytest.raises(Conflict), records.act() as uow:
        uow.revisions.add(replace(first, digest="1" * 64))


def test_terminals_are_listed_by_number(records: DatabaseRecords) -> None:
    second, first = (
        made_terminal(number="B"),
        made_terminal(number="A", state=TerminalState.SUSPENDED, state_since_at=later(5)),
    )
    with records.act() as uow:
        uow.terminals.add(second)
        uow.terminals.add(first)
    with records.read() as uow:
        assert uow.terminals.list_all() == [first, second]
        assert uow.terminals.find(first.id) == first
        assert uow.terminals.find("nobody") is None


def test_a_nonce_is_used_once_by_each_terminal(records: DatabaseRecords) -> None:
    with records.act() as uow:
        assert uow.terminals.use_nonce("terminal-1", "n", NOW)
        assert not uow.terminals.use_nonce("terminal-1", "n", later(1))
        assert uow.terminals.use_nonce("terminal-2", "n", NOW)
        assert uow.partner_nonces.use("WJ", "n", NOW)
        assert not uow.partner_nonces.use("WJ", "n", later(1))


def test_old_nonces_are_forgotten(records: DatabaseRecords) -> None:
    with records.act() as uow:
        for age in range(3):
            uow.terminals.use_nonce("terminal-1", f"n{age}", later(-age))
            uow.partner_nonces.use("WJ", f"n{age}", later(-age))
    with records.act() as uow:
        assert uow.terminals.purge_nonces(before=NOW) == 2
        assert uow.partner_nonces.purge_nonces(before=later(-1)) == 1
        assert not uow.terminals.use_nonce("terminal-1", "n0", NOW)
        assert uow.terminals.use_nonce("terminal-1", "n1", NOW)


def test_a_session_ends_once(records: DatabaseRecords) -> None:
    session, other = made_session(), made_session(terminal="terminal-2")
    with records.act() as uow:
        uow.sessions.add(session, "digest-1")
        uow.sessions.add(other, "digest-2")
        assert uow.sessions.find_by_token("digest-1") == session
        assert uow.sessions.find_by_token("digest-3") is None
        uow.sessions.extend(session.id, later(3600))
        uow.sessions.end(session.id, later(10), "finished")
        uow.sessions.end(session.id, later(20), "idle")
        uow.sessions.extend(session.id, later(7200))
    with records.read() as uow:
        ended = replace(session, expires_at=later(3600), ended_at=later(10), end_cause="finished")
        assert uow.sessions.find_by_token("digest-1") == ended


def test_a_terminal_that_starts_again_ends_its_sessions_only(records: DatabaseRecords) -> None:
    mine = [made_session(), made_session()]
    other = made_session(terminal="terminal-2")
    with records.act() as uow:
        for number, session in enumerate([*mine, other]):
            uow.sessions.add(session, f"digest-{number}")
        uow.sessions.end(mine[0].id, NOW, "finished")
        assert uow.sessions.end_all_of_terminal("terminal-1", later(1), "restart") == 1
        assert uow.sessions.find_by_token("digest-2") == other


def test_a_draft_is_found_again_and_saved(records: DatabaseRecords) -> None:
    draft = made_draft()
    with records.act() as uow:
        uow.drafts.add(draft)
        assert uow.drafts.find(draft.id) == draft
        assert uow.drafts.find_open(draft.thing, draft.holder, draft.subject) == draft
        assert uow.drafts.find_open(draft.thing, draft.holder, "child-2") is None
        uow.drafts.save(replace(draft, updated_at=later(1), progress={}, values={"father": {"name": {}}}))
    with records.read() as uow:
        saved = uow.drafts.find(draft.id)
    expected = {"father": {"name": {}}}
    assert saved == replace(draft, updated_at=later(1), progress={}, values=expected, version=1)


def test_a_person_has_one_open_draft_for_each_thing_and_subject(records: DatabaseRecords) -> None:
    draft = made_draft()
    with records.act() as uow:
        uow.drafts.add(draft)
        uow.drafts.add(replace(draft, id="of-the-twin", subject="child-2"))
    with pytest.raises(Conflict), records.act() as uow:
        uow.drafts.add(replace(draft, id="again"))
    with records.act() as uow:
        uow.drafts.save(replace(draft, state="submitted"))
        uow.drafts.add(replace(draft, id="the-next"))


def test_a_draft_that_moved_on_is_not_overwritten(records: DatabaseRecords) -> None:
    draft = made_draft()
    with records.act() as uow:
        uow.drafts.add(draft)
        uow.drafts.save(draft)
    with pytest.raises(Conflict), records.act() as uow:
        uow.drafts.save(replace(draft, values={}))
    with records.read() as uow:
        kept = uow.drafts.find(draft.id)
    assert kept is not None
    assert kept.values == draft.values


def test_files_of_an_owner_are_listed_in_their_order(records: DatabaseRecords) -> None:
    second, first = made_file(created_at=later(1)), made_file()
    with records.act() as uow:
        for file in (second, first, made_file(owner="draft-2")):
            uow.files.add(file)
        assert uow.files.list_of("draft-1") == [first, second]
        uow.files.remove(first.id)
        assert uow.files.find(first.id) is None
        assert uow.files.find(second.id) == second


def test_a_case_is_found_in_every_way(records: DatabaseRecords) -> None:
    case, values = made_case(), made_values()
    with records.act() as uow:
        uow.cases.add(case, [submitted(case)], values)
    with records.read() as uow:
        assert uow.cases.find(case.id) == case
        assert uow.cases.find_by_number(case.number) == case
        assert uow.cases.find_by_part(case.parts[1].id) == case
        assert uow.cases.list_events(case.id) == [submitted(case)]
        assert uow.cases.get_values(case.id) == values
        assert uow.cases.find_by_number(case.number.lower()) is None
        assert uow.cases.find_by_number(case.number[:-1]) is None
        assert uow.cases.find("nothing") is None
        assert uow.cases.get_values("nothing") == {}


def test_a_holder_s_cases_come_newest_first(records: DatabaseRecords) -> None:
    cases = [made_case(submitted_at=later(place)) for place in range(4)]
    stranger = made_case(holder="b" * 32)
    with records.act() as uow:
        for case in (*cases, stranger):
            uow.cases.add(case, [submitted(case)], {})
    with records.read() as uow:
        assert uow.cases.list_of_holder("a" * 32, limit=3) == [cases[3], cases[2], cases[1]]
        assert uow.cases.list_of_holder("c" * 32) == []
        assert uow.cases.list_of_holder("a" * 32, 2, cases[2]) == [cases[1], cases[0]]
        assert uow.cases.list_of_holder("a" * 32, 2, cases[0]) == []


def test_a_holder_s_cases_of_one_moment_are_each_listed_once(records: DatabaseRecords) -> None:
    cases = [made_case(submitted_at=later(0)) for _ in range(5)]
    with records.act() as uow:
        for case in cases:
            uow.cases.add(case, [submitted(case)], {})
    listed: list[Case] = []
    with records.read() as uow:
        while page := uow.cases.list_of_holder("a" * 32, 2, listed[-1] if listed else None):
            listed += page
    assert sorted(each.id for each in listed) == sorted(each.id for each in cases)


@pytest.mark.parametrize("same", ["id", "number", "draft"])
def test_id_number_and_draft_have_one_case(records: DatabaseRecords, same: str) -> None:
    case = made_case()
    other = made_case(**{same: getattr(case, same)})
    with records.act() as uow:
        uow.cases.add(case, [submitted(case)], {})
    with pytest.raises(Conflict), records.act() as uow:
        uow.cases.add(other, [submitted(other)], {})
    with records.read() as uow:
        assert uow.cases.list_of_holder("a" * 32) == [case]


def test_events_are_appended_with_their_projections(records: DatabaseRecords) -> None:
    case = made_case()
    event = Event(2, EventKind.PART_DISPATCHED, later(1), case.parts[0].id, {"reference": "GA-1"})
    moved = replace(case.parts[0], state=PartState.DISPATCHED, due_on=date(2026, 12, 3))
    changed = replace(case, sequence=2, due_on=date(2026, 12, 4), parts=(moved, case.parts[1]))
    with records.act() as uow:
        uow.cases.add(case, [submitted(case)], {})
        uow.cases.append(changed, [event])
    with records.read() as uow:
        assert uow.cases.find(case.id) == changed
        assert uow.cases.list_events(case.id) == [submitted(case), event]


def test_a_lost_race_for_an_event_is_a_conflict(records: DatabaseRecords) -> None:
    case = made_case()
    first = Event(2, EventKind.PART_DISPATCHED, later(1), case.parts[0].id)
    second = Event(2, EventKind.PART_DISPATCHED, later(2), case.parts[1].id)
    with records.act() as uow:
        uow.cases.add(case, [submitted(case)], {})
        uow.cases.append(replace(case, sequence=2), [first])
    with pytest.raises(Conflict), records.act() as uow:
        uow.cases.append(replace(case, sequence=2), [second])
    with records.read() as uow:
        assert uow.cases.list_events(case.id) == [submitted(case), first]


def test_values_of_one_role_are_sealed_anew(records: DatabaseRecords) -> None:
    case, values = made_case(), made_values()
    child = {"id_number": {"value": "x", "origin": "register"}}
    with records.act() as uow:
        uow.cases.add(case, [submitted(case)], values)
        uow.cases.save_values(case.id, {"child": child})
    with records.read() as uow:
        assert uow.cases.get_values(case.id) == {**values, "child": child}


def test_each_partner_event_is_new_once(records: DatabaseRecords) -> None:
    with records.act() as uow:
        assert uow.partner_events.is_new("WJ", "event-1", NOW)
        assert not uow.partner_events.is_new("WJ", "event-1", later(1))
        assert uow.partner_events.is_new("GA", "event-1", NOW)


def test_a_subject_can_see_who_looked(records: DatabaseRecords) -> None:
    rows = [made_audit_row(at=later(place), case=f"case-{place}") for place in range(3)]
    with records.act() as uow:
        for row in (*rows, made_audit_row(subject="b" * 32), made_audit_row(subject=None)):
            uow.audit.add(row)
    with records.read() as uow:
        assert uow.audit.list_of_subject("a" * 32, limit=2) == [rows[2], rows[1]]


def test_calls_for_staff_wait_in_their_order(records: DatabaseRecords) -> None:
    first = StaffCall("call-1", "terminal-1", "form", None, NOW)
    second = StaffCall("call-2", "terminal-2", "home", "printer", later(1))
    with records.act() as uow:
        uow.staff_calls.add(second)
        uow.staff_calls.add(first)
    with records.read() as uow:
        assert uow.staff_calls.list_open() == [first, second]


def test_an_act_that_fails_leaves_nothing(records: DatabaseRecords) -> None:
    case = made_case()
    with suppress(ZeroDivisionError), records.act() as uow:
        uow.audit.add(made_audit_row())
        uow.cases.add(case, [submitted(case)], made_values())
        raise ZeroDivisionError
    with records.read() as uow:
        assert uow.cases.find(case.id) is None
        assert uow.audit.list_of_subject("a" * 32) == []


def test_a_read_cannot_write(records: DatabaseRecords) -> None:
    with pytest.raises(Exception, match=r"readonly|read-only"), records.read() as uow:
        uow.audit.add(made_audit_row())
    with records.act() as uow:
        assert uow.audit.list_of_subject("a" * 32) == []


def test_times_are_utc_and_never_naive(records: DatabaseRecords) -> None:
    shanghai = timezone(timedelta(hours=8))
    with records.act() as uow:
        uow.audit.add(made_audit_row(at=NOW.astimezone(shanghai)))
        found = uow.audit.list_of_subject("a" * 32)[0]
    assert found.at == NOW
    assert found.at.tzinfo is UTC
    with pytest.raises(ValueError, match="time zone"), records.act() as uow:
        uow.audit.add(made_audit_row(at=datetime(2026, 11, 20)))  # noqa: DTZ001


def test_records_say_which_county_they_are_of(records: DatabaseRecords, as_superuser: object) -> None:
    assert callable(as_superuser)
    case = made_case(division="411500")
    with records.act() as uow:
        uow.cases.add(case, [submitted(case)], {})
        uow.files.add(made_file())
    assert as_superuser("SELECT division FROM cases") == [("411500",)]
    assert as_superuser("SELECT DISTINCT division FROM parts") == [("411500",)]
    assert as_superuser("SELECT division FROM files") == [("411523",)]
