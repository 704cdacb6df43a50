"""The console's records on both databases: accounts, sessions, failures, calendars, packs, audit."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from onething.domain.records import AuditRow, Revision
from onething.domain.staff import Failures, Role, SecondFactor, Staff, StaffSession, Stage
from onething.ports import Conflict
from onething.ports.staff import AuditQuery, Upload, UploadedYear
from onething.storage.audit_chain import seal_audit
from onething.storage.audit_search import DatabaseAuditSearch
from onething.storage.unit_of_work import DatabaseRecords

NOW = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
CLERK = Staff("s1", "liming", "李明", frozenset({Role.CLERK, Role.SUPERVISOR}), "411523", NOW, hall="新县")


@pytest.fixture
def with_clerk(records: DatabaseRecords) -> DatabaseRecords:
    with records.act() as uow:
        uow.staff.add(CLERK, "hash")
    return records


def test_an_account_is_kept_and_changed(with_clerk: DatabaseRecords) -> None:
    changed = replace(CLERK, roles=frozenset({Role.DEPARTMENT}), department="GA", disabled_at=NOW)
    with with_clerk.act() as uow:
        assert uow.staff.find("s1") == CLERK
        assert uow.staff.find_by_login("liming") == CLERK
        assert uow.staff.find_by_login("nobody") is None
        uow.staff.save(changed)
        uow.staff.set_password("s1", "other hash")
    with with_clerk.read() as uow:
        assert uow.staff.list_all() == [changed]
        assert uow.staff.find_password("s1") == "other hash"


def test_a_login_is_given_once(with_clerk: DatabaseRecords) -> None:
    with pytest.raises(Conflict), with_clerk.act() as uow:
        uow.staff.add(replace(CLERK, id="s2"), None)


def test_a_second_factor_is_sealed(with_clerk: DatabaseRecords, as_superuser: Any) -> None:
    factor = SecondFactor("JBSWY3DPEHPK3PXP", 7, frozenset({"a", "b"}))
    with with_clerk.act() as uow:
        assert uow.staff.find_second_factor("s1") is None
        uow.staff.set_second_factor("s1", factor)
    with with_clerk.read() as uow:
        assert uow.staff.find_second_factor("s1") == factor
    [(kept,)] = as_superuser("SELECT sealed_factor FROM staff_proofs")
    assert b"JBSWY3DP" not in bytes(kept)
    with with_clerk.act() as uow:
        uow.staff.set_second_factor("s1", None)
        assert uow.staff.find_second_factor("s1") is None


def test_sessions_end_and_stay_ended(with_clerk: DatabaseRecords) -> None:
    session = StaffSession("n1", "s1", Stage.OPEN, "password", NOW, NOW)
    with with_clerk.act() as uow:
        uow.staff_sessions.add(session, "digest 1")
        uow.staff_sessions.add(replace(session, id="n2"), "digest 2")
        uow.staff_sessions.touch("n1", NOW + timedelta(minutes=5))
        uow.staff_sessions.end("n1", NOW, "signed_out")
        uow.staff_sessions.touch("n1", NOW + timedelta(hours=1))
        assert uow.staff_sessions.end_all_of("s1", NOW, "disabled") == 1
    with with_clerk.read() as uow:
        found = uow.staff_sessions.find_by_token("digest 1")
        assert uow.staff_sessions.find_by_token("digest 3") is None
    assert found is not None
    assert (found.seen_at, found.end_cause) == (NOW + timedelta(minutes=5), "signed_out")


def test_old_sessions_and_failures_are_forgotten(with_clerk: DatabaseRecords) -> None:
    old = StaffSession("n1", "s1", Stage.OPEN, "password", NOW, NOW)
    with with_clerk.act() as uow:
        uow.staff_sessions.add(old, "digest 1")
        uow.staff_sessions.add(replace(old, id="n2", seen_at=NOW + timedelta(days=2)), "digest 2")
        uow.staff_sessions.set_failures("digest", Failures(1, NOW, None))
        assert uow.staff_sessions.purge(NOW + timedelta(days=1)) == 2
    with with_clerk.read() as uow:
        assert uow.staff_sessions.find_by_token("digest 1") is None
        assert uow.staff_sessions.find_by_token("digest 2") is not None


def test_failures_are_counted_for_any_name(records: DatabaseRecords) -> None:
    failed = Failures(3, NOW, NOW + timedelta(minutes=15))
    with records.act() as uow:
        assert uow.staff_sessions.get_failures("digest") == Failures()
        uow.staff_sessions.set_failures("digest", failed)
        uow.staff_sessions.set_failures("digest", replace(failed, count=4))
    with records.read() as uow:
        assert uow.staff_sessions.get_failures("digest") == replace(failed, count=4)


def test_the_newest_upload_of_a_year_counts(records: DatabaseRecords) -> None:
    first = UploadedYear("c1", 2027, (date(2027, 1, 1),), (), "first", "s1", NOW)
    second = replace(first, id="c2", notice="second", uploaded_at=NOW + timedelta(hours=1))
    other = replace(first, id="c3", year=2028, off=(date(2028, 1, 3),))
    with records.act() as uow:
        for each in (second, first, other):
            uow.calendars.add(each)
    with records.read() as uow:
        assert uow.calendars.list_current() == [second, other]
        assert [each.id for each in uow.calendars.list_history()] == ["c2", "c3", "c1"]


def test_uploads_and_revisions(records: DatabaseRecords) -> None:
    upload = Upload("u1", "a.zip", "d", {"pack": {"b": 1}}, ({"reason": "x"},), "s1", NOW)
    with records.act() as uow:
        uow.catalog_desk.add(upload)
        for number in (1, 2, 3):
            uow.revisions.add(Revision(number, "d" * 64, {}, "test", NOW))
        uow.catalog_desk.mark_published("u1", 3)
    with records.read() as uow:
        found = uow.catalog_desk.find("u1")
        [recent] = uow.catalog_desk.list_recent()
        revisions = uow.catalog_desk.list_revisions(3, 5)
        assert uow.catalog_desk.find("u2") is None
        assert uow.catalog_desk.count_open_parts() == {}
    assert found is not None
    assert (found.data, found.published_as) == ({"pack": {"b": 1}}, 3)
    assert (recent.id, recent.data) == ("u1", None)
    assert [each["number"] for each in revisions] == [2, 1]


def test_the_audit_is_searched_by_any_combination(records: DatabaseRecords) -> None:
    search = DatabaseAuditSearch(records)
    rows = [
        AuditRow(NOW, "s1", "staff", "case_read", "case", subject="a" * 32, case="c1"),
        AuditRow(NOW + timedelta(days=1), "s1", "staff", "audit_read", "audit"),
        AuditRow(NOW + timedelta(days=2), "w1", "worker", "part_delivered", "delivery", case="c1"),
    ]
    with records.act() as uow:
        for row in rows:
            uow.audit.add(row)
    assert seal_audit(records, limit=2) == 2

    def found(before: int | None = None, **asked: Any) -> list[AuditRow]:
        return [each.row for each in search.list_rows(AuditQuery(**asked), before, 10)]

    assert found() == rows[::-1]
    assert found(actor="s1") == [rows[1], rows[0]]
    assert found(case="c1", action="case_read") == [rows[0]]
    assert found(subject="a" * 32) == [rows[0]]
    assert found(from_at=NOW + timedelta(hours=1), before_at=NOW + timedelta(days=2)) == [rows[1]]
    newest = search.list_rows(AuditQuery(), None, 1)[0]
    assert newest.position is None
    assert found(before=newest.number) == [rows[1], rows[0]]
    assert search.find_waiting() == (1, NOW + timedelta(days=2))
    report = search.verify()
    assert (report.head_position, report.waiting, report.broken_reason) == (2, 1, None)
