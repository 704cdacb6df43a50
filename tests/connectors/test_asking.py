"""Deadline and hedge, without a network."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from onething.connectors.asking import Asking, ask_hedged
from onething.connectors.exchange import ExchangeFailed

Step = tuple[float, bytes | str]


class Attempts:
    """Attempts that take their time and then answer (bytes) or fail (a reason)."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.made = 0
        self.cancelled = 0

    async def __call__(self) -> bytes:
        seconds, outcome = self.steps[self.made]
        self.made += 1
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if isinstance(outcome, str):
            raise ExchangeFailed(outcome)
        return outcome


def run(work: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes | str:
    # In a thread of its own: a browser that an earlier test opened keeps a loop in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_run, work).result()


def _run(work: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes | str:
    try:
        return asyncio.run(work())
    except ExchangeFailed as failed:
        return failed.reason


@pytest.mark.parametrize(
    ("steps", "outcome", "made"),
    [
        ([(0, b"first")], b"first", 1),
        ([(0.04, b"first"), (0.2, b"second")], b"first", 2),
        ([(0.3, b"first"), (0, b"second")], b"second", 2),
        ([(0, "down"), (0, b"second")], b"second", 2),
        ([(0, "down"), (0, "down")], "down", 2),
        ([(0, "too_large")], "too_large", 1),
        ([(0.05, "down"), (0.1, b"second")], b"second", 2),
        ([(0.05, b"first"), (0, "down")], b"first", 2),
        ([(0.3, b"first"), (0, "refused_by_gateway")], "refused_by_gateway", 2),
    ],
)
def test_at_most_two_attempts_and_the_first_good_one_wins(
    steps: list[Step], outcome: bytes | str, made: int
) -> None:
    attempts = Attempts(*steps)
    assert run(lambda: ask_hedged(attempts, 0.02)) == outcome
    assert attempts.made == made


def test_the_slower_attempt_is_called_off() -> None:
    attempts = Attempts((5, b"first"), (0, b"second"))
    assert run(lambda: ask_hedged(attempts, 0.01)) == b"second"
    assert attempts.cancelled == 1


def test_past_the_deadline_both_are_called_off() -> None:
    attempts, asking = Attempts((5, b""), (5, b"")), Asking(hedge_after_s=0.01)
    assert run(lambda: asking.ask("s", attempts, bytes, 0.05)) == "slow"
    assert attempts.cancelled == 2


def test_a_source_that_is_always_slow_is_not_asked_twice_for_it() -> None:
    asking = Asking(hedge_after_s=0.02)
    first, later = Attempts((0.05, b"a"), (0.05, b"b")), Attempts((0.05, b"c"))

    async def both() -> bytes:
        await asking.ask("s", first, bytes, 1)
        return await asking.ask("s", later, bytes, 1)

    assert run(both) == b"c"
    assert (first.made, later.made) == (2, 1)
    assert asking.late_after_s("s") > 0.08
    assert asking.late_after_s("another") == 0.02


def test_a_wrong_record_does_not_open_the_breaker() -> None:
    asking = Asking(hedge_after_s=1)

    def someone_else(_body: bytes) -> bytes:
        raise ExchangeFailed("wrong_record")

    async def many() -> bytes:
        for _ in range(10):
            with pytest.raises(ExchangeFailed, match="wrong_record"):
                await asking.ask("s", Attempts((0, b"x")), someone_else, 1)
        return await asking.ask("s", Attempts((0, b"right")), bytes, 1)

    assert run(many) == b"right"


def test_a_reader_that_breaks_leaves_the_breaker_as_it_was() -> None:
    asking = Asking(hedge_after_s=1)

    def broken(_body: bytes) -> bytes:
        raise ZeroDivisionError

    async def both() -> bytes:
        with pytest.raises(ZeroDivisionError):
            await asking.ask("s", Attempts((0, b"x")), broken, 1)
        return await asking.ask("s", Attempts((0, b"right")), bytes, 1)

    assert run(both) == b"right"
