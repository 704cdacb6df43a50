"""What was looked at stays written: every later change to an audit row shows."""

from typing import Any

import pytest

from onething.storage import audit_chain
from onething.storage.audit_chain import (
    AuditHead,
    BrokenRow,
    find_broken,
    find_head,
    find_tail,
    seal_audit,
)
from onething.storage.keyring import KeyRing
from onething.storage.unit_of_work import DatabaseRecords
from tests.storage.made_records import later, made_audit_row, made_case, made_values, submitted


@pytest.fixture
def chain(records: DatabaseRecords, monkeypatch: pytest.MonkeyPatch) -> DatabaseRecords:
    """Nine sealed rows and one that waits, to be read in batches that end in their midst."""
    monkeypatch.setattr(audit_chain, "_AT_ONCE", 4)
    with records.act() as uow:
        for place in range(10):
            uow.audit.add(made_audit_row(at=later(place), subject=None if place == 3 else "a" * 32))
    assert seal_audit(records, limit=6) == 6
    assert seal_audit(records, limit=3) == 3
    return records


def test_rows_are_sealed_in_batches(chain: DatabaseRecords) -> None:
    assert find_head(chain).position == 9
    tail = find_tail(chain)
    assert (tail.rows, tail.oldest_at) == (1, later(9))
    assert find_broken(chain) is None
    assert seal_audit(chain) == 1
    assert seal_audit(chain) == 0
    tail = find_tail(chain)
    assert (tail.rows, tail.oldest_at) == (0, None)
    assert find_broken(chain) is None


def test_nothing_is_sealed_at_the_start(records: DatabaseRecords) -> None:
    assert find_head(records).position == 0
    assert find_broken(records) is None
    assert seal_audit(records) == 0


@pytest.mark.parametrize(
    "edit",
    [
        "actor = 'nobody'",
        "subject = NULL",
        "at = '2020-01-01 00:00:00+00:00'",
        "detail = '{}'",
        "digest = 'f'",
    ],
)
def test_an_edited_row_is_named(chain: DatabaseRecords, as_superuser: Any, edit: str) -> None:
    as_superuser(f"UPDATE audit SET {edit} WHERE position = 5 RETURNING 1")
    broken = find_broken(chain)
    assert broken is not None
    assert (broken.position, broken.reason) == (5, "edited")


def test_an_edited_row_of_the_tail_is_named(chain: DatabaseRecords, as_superuser: Any) -> None:
    as_superuser("UPDATE audit SET result = 'x' WHERE position IS NULL RETURNING 1")
    broken = find_broken(chain)
    assert broken is not None
    assert (broken.position, broken.reason) == (None, "edited")


def test_a_deleted_row_is_named(chain: DatabaseRecords, as_superuser: Any) -> None:
    as_superuser("DELETE FROM audit WHERE position = 5 RETURNING 1")
    assert find_broken(chain) == BrokenRow(5, None, "missing")


def test_closing_the_gap_does_not_hide_it(chain: DatabaseRecords, as_superuser: Any) -> None:
    as_superuser("DELETE FROM audit WHERE position = 5 RETURNING 1")
    for position in range(6, 10):
        as_superuser(f"UPDATE audit SET position = {position - 1} WHERE position = {position} RETURNING 1")
    broken = find_broken(chain)
    assert broken is not None
    assert (broken.position, broken.reason) == (5, "resealed")


def test_exchanged_rows_are_named(chain: DatabaseRecords, as_superuser: Any) -> None:
    for old, new in ((5, 100), (6, 5), (100, 6)):
        as_superuser(f"UPDATE audit SET position = {new} WHERE position = {old} RETURNING 1")
    broken = find_broken(chain)
    assert broken is not None
    assert (broken.position, broken.reason) == (5, "resealed")


def test_a_cut_tail_shows_against_the_anchor(chain: DatabaseRecords, as_superuser: Any) -> None:
    anchor = find_head(chain)
    as_superuser("DELETE FROM audit WHERE position >= 7 OR position IS NULL RETURNING 1")
    assert find_broken(chain) is None
    assert find_broken(chain, anchor) == BrokenRow(7, None, "cut")


def test_a_forked_chain_shows_against_the_anchor(chain: DatabaseRecords) -> None:
    anchor = find_head(chain)
    assert find_broken(chain, anchor) is None
    forked = AuditHead(anchor.position, "f" * 64)
    broken = find_broken(chain, forked)
    assert broken is not None
    assert (broken.position, broken.reason) == (9, "resealed")


def test_who_has_no_key_cannot_write_a_row(chain: DatabaseRecords, database_url: str) -> None:
    stranger = DatabaseRecords(database_url, KeyRing.new())
    with stranger.act() as uow:
        uow.audit.add(made_audit_row())
    stranger.close()
    broken = find_broken(chain)
    assert broken is not None
    assert broken.reason == "edited"


def test_without_audit_there_is_no_read_in_an_act(records: DatabaseRecords, as_superuser: Any) -> None:
    case = made_case()
    with records.act() as uow:
        uow.cases.add(case, [submitted(case)], made_values())
    as_superuser("ALTER TABLE audit RENAME TO audit_gone")
    try:
        with pytest.raises(Exception, match="audit"):
            _read_and_say_so(records, case.id)
    finally:
        as_superuser("ALTER TABLE audit_gone RENAME TO audit")


def _read_and_say_so(records: DatabaseRecords, case_id: str) -> None:
    with records.act() as uow:
        uow.cases.get_values(case_id)
        uow.audit.add(made_audit_row())
