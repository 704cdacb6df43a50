"""What nobody goes on with is forgotten after its time, and nothing else is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from onething.domain.records import Session, StoredFile
from onething.forgetting import FORGOTTEN, Forgotten, Now
from onething.storage.unit_of_work import DatabaseRecords
from tests.storage.made_records import NOW, made_draft

LATER = NOW + timedelta(days=1)


def _page(identifier: str, owner: str) -> StoredFile:
    return StoredFile(identifier, owner, "paper", "0" * 64, "image/jpeg", 1, 1, 1, NOW)


def test_a_draft_that_nobody_goes_on_with_is_forgotten_with_its_papers(records: DatabaseRecords) -> None:
    left, touched, handed_in = (made_draft(subject=name) for name in ("1", "2", "3"))
    touched = replace(touched, updated_at=LATER + timedelta(days=1))
    handed_in = replace(handed_in, state="submitted")
    with records.act() as uow:
        for draft in (left, touched, handed_in):
            uow.drafts.add(draft)
            uow.files.add(_page(f"page-of-{draft.id}", draft.id))
    with records.act() as uow:
        assert uow.retention.forget_left_drafts(LATER) == 1
    with records.read() as uow:
        assert uow.drafts.find(left.id) is None
        assert uow.files.find(f"page-of-{left.id}") is None
        for kept in (touched, handed_in):
            assert uow.drafts.find(kept.id) is not None
            assert uow.files.find(f"page-of-{kept.id}") is not None


def test_what_was_on_a_card_is_forgotten_after_the_sitting(records: DatabaseRecords) -> None:
    over = Session("s-1", "terminal-1", "a" * 32, {"name": "王小明"}, "card", NOW, NOW, "411523")
    running = replace(over, id="s-2", expires_at=LATER + timedelta(hours=1))
    with records.act() as uow:
        uow.sessions.add(over, "digest-1")
        uow.sessions.add(running, "digest-2")
    with records.act() as uow:
        assert uow.retention.forget_sessions(LATER) == 1
    with records.read() as uow:
        assert uow.sessions.find("s-1") is None
        assert uow.sessions.find("s-2") is not None


@pytest.mark.parametrize("what", FORGOTTEN, ids=lambda what: what.name)
def test_everything_that_is_forgotten_can_be_forgotten_twice(
    records: DatabaseRecords, what: Forgotten
) -> None:
    now = Now(LATER, LATER, timedelta(days=90))
    for _ in range(2):
        with records.act() as uow:
            assert what.forget(uow, now) == 0
