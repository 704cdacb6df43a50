"""The same act twice is one act."""

from contextlib import suppress

import pytest

from onething.ports import Conflict, KeyReused
from onething.storage.unit_of_work import DatabaseRecords
from tests.storage.made_records import NOW, later

ANSWER = {"case_number": "XX26000001", "receipt": {"applicant": "陈*"}}


def test_a_retry_gets_the_first_answer(records: DatabaseRecords) -> None:
    with records.act() as uow:
        assert uow.keys.begin("holder", "key", "body", NOW) is None
        uow.keys.finish("holder", "key", ANSWER)
    with records.act() as uow:
        assert uow.keys.begin("holder", "key", "body", later(5)) == ANSWER


def test_the_same_key_with_another_body_is_refused(records: DatabaseRecords) -> None:
    with records.act() as uow:
        uow.keys.begin("holder", "key", "body", NOW)
        uow.keys.finish("holder", "key", ANSWER)
    with pytest.raises(KeyReused), records.act() as uow:
        uow.keys.begin("holder", "key", "another body", NOW)


def test_another_actor_s_key_says_nothing(records: DatabaseRecords) -> None:
    with records.act() as uow:
        uow.keys.begin("holder", "key", "body", NOW)
        uow.keys.finish("holder", "key", ANSWER)
    with records.act() as uow:
        assert uow.keys.begin("stranger", "key", "body", NOW) is None


def test_an_act_that_failed_leaves_its_key_free(records: DatabaseRecords) -> None:
    with suppress(ZeroDivisionError), records.act() as uow:
        uow.keys.begin("holder", "key", "body", NOW)
        raise ZeroDivisionError
    with records.act() as uow:
        assert uow.keys.begin("holder", "key", "body", NOW) is None


def test_a_key_without_an_answer_is_not_done_again(records: DatabaseRecords) -> None:
    with records.act() as uow:
        uow.keys.begin("holder", "key", "body", NOW)
    with pytest.raises(Conflict), records.act() as uow:
        uow.keys.begin("holder", "key", "body", NOW)


def test_only_a_begun_key_is_finished(records: DatabaseRecords) -> None:
    with pytest.raises(LookupError), records.act() as uow:
        uow.keys.finish("holder", "key", ANSWER)


def test_old_keys_are_forgotten(records: DatabaseRecords) -> None:
    with records.act() as uow:
        uow.keys.begin("holder", "old", "body", later(-10))
        uow.keys.begin("holder", "new", "body", NOW)
        assert uow.keys.purge(before=NOW) == 1
        assert uow.keys.begin("holder", "old", "body", NOW) is None
