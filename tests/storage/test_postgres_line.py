"""The line to PostgreSQL: prepared once, waited for seldom, and nothing lost on the way."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import psycopg
import pytest

from onething.storage import postgres_line
from onething.storage.postgres_line import PostgresLine


@pytest.fixture
def line(postgres_url: str) -> Iterator[PostgresLine]:
    with PostgresLine.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as opened:
        opened.run([("CREATE TEMPORARY TABLE kept (id integer PRIMARY KEY, said text)", ())])
        yield opened


def _kept(line: PostgresLine) -> list[tuple[int, str]]:
    return line.run([("SELECT id, said FROM kept ORDER BY id", ())])[0].fetchall()


def test_values_come_back_as_they_went(line: PostgresLine) -> None:
    at = datetime(2026, 11, 23, 8, 0, 0, 5, UTC)
    values = ("𠮷'; --", 2**40, b"\0\xff", date(2026, 2, 28), at, True, None)
    text = "SELECT $1::text, $2::bigint, $3::bytea, $4::date, $5::timestamptz, $6::boolean, $7::text"
    for _ in range(2):
        assert line.run([(text, values)])[0].fetchall() == [values]


def test_a_text_is_never_cut(line: PostgresLine) -> None:
    with pytest.raises(psycopg.DataError, match="NUL"):
        line.run([("INSERT INTO kept VALUES (1, $1)", ("whole\0lost",))])
    assert _kept(line) == []


def test_what_runs_later_runs_in_its_order(line: PostgresLine) -> None:
    line.begin()
    line.run_later("INSERT INTO kept VALUES (1, $1)", ("first",))
    changed, found = line.run([("UPDATE kept SET said = $1", ("then",)), ("SELECT said FROM kept", ())])
    assert (changed.rowcount, found.fetchall()) == (1, [("then",)])
    line.run_later("INSERT INTO kept VALUES (2, $1)", ("last",))
    line.run([("COMMIT", ())])
    assert _kept(line) == [(1, "then"), (2, "last")]


def test_an_error_later_stops_the_commit(line: PostgresLine) -> None:
    line.begin()
    line.run([("INSERT INTO kept VALUES (1, 'here')", ())])
    line.run_later("INSERT INTO kept VALUES (1, 'again')", ())
    with pytest.raises(psycopg.errors.UniqueViolation) as raised:
        line.run([("COMMIT", ())])
    assert raised.value.diag.constraint_name == "kept_pkey"
    line.rollback()
    assert _kept(line) == []


def test_a_rollback_forgets_what_was_to_run_and_nothing_that_is_prepared(line: PostgresLine) -> None:
    with line.cursor() as cursor:
        for _ in range(10):
            cursor.execute("SELECT 1")
    line.begin()
    line.run_later("INSERT INTO kept VALUES (1, 'never')", ())
    line.rollback()
    line.begin()
    line.run([("INSERT INTO kept VALUES (2, 'never')", ())])
    line.rollback()
    line.begin()
    line.run([("INSERT INTO kept VALUES (2, 'never')", ())])
    line.rollback()
    assert _kept(line) == []


def test_outside_a_transaction_nothing_waits(line: PostgresLine) -> None:
    line.run_later("INSERT INTO kept VALUES (1, 'now')", ())
    assert _kept(line) == [(1, "now")]


def test_statements_too_many_to_prepare_are_sent_whole(
    line: PostgresLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'onething%'"
    before = line.run([(count, ())])[0].fetchall()
    monkeypatch.setattr(postgres_line, "_MOST_PREPARED", 0)
    line.begin()
    line.run([("INSERT INTO kept VALUES (1, $1)", ("whole",))])
    line.run([("COMMIT", ())])
    assert _kept(line) == [(1, "whole")]
    assert line.run([(count, ())])[0].fetchall() == before
