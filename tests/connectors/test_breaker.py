"""The breaker opens after failures in a row, lets one call look, and closes again."""

import logging

import pytest

from onething.connectors.breaker import Breaker


class Stopwatch:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def breaker(watch: Stopwatch) -> Breaker:
    return Breaker("birth_register", failures_to_open=3, open_seconds=5, monotonic=watch)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        assert breaker.admit()
        breaker.failed("slow")


def test_it_opens_at_the_third_failure_in_a_row(breaker: Breaker) -> None:
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.admit()
    breaker.failed("slow")
    assert not breaker.admit()


def test_after_a_while_one_call_may_look(breaker: Breaker, watch: Stopwatch) -> None:
    fail(breaker, 3)
    watch.seconds = 4.9
    assert not breaker.admit()
    watch.seconds = 5.0
    assert breaker.admit()
    assert not breaker.admit()
    breaker.succeeded()
    assert breaker.admit()
    assert breaker.admit()


def test_a_failed_look_opens_it_again_at_once(breaker: Breaker, watch: Stopwatch) -> None:
    fail(breaker, 3)
    watch.seconds = 5.0
    fail(breaker, 1)
    watch.seconds = 9.9
    assert not breaker.admit()
    watch.seconds = 10.0
    assert breaker.admit()


def test_an_abandoned_look_leaves_room_for_the_next(breaker: Breaker, watch: Stopwatch) -> None:
    fail(breaker, 3)
    watch.seconds = 5.0
    assert breaker.admit()
    breaker.abandoned()
    assert breaker.admit()


def test_lost_and_back_are_logged_once_each(
    breaker: Breaker, watch: Stopwatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    fail(breaker, 3)
    for seconds in (5.0, 10.0):
        watch.seconds = seconds
        fail(breaker, 1)
    watch.seconds = 15.0
    assert breaker.admit()
    breaker.succeeded()
    breaker.succeeded()
    assert [record.getMessage() for record in caplog.records] == [
        "source birth_register is left alone after 3 failures: slow",
        "source birth_register answers again",
    ]
