"""A case read and a submission through the whole application, signature apart, against a bare Flask call."""

import secrets
from collections.abc import Callable

from .installation import DATABASES, Installation, bare_flask, call, installed, without_signatures
from .rows import Comparison, Row, compare

AT_ONCE = 40
SUBMITTED_AT_ONCE = 5
ROUNDS = 9
BOUNDS = {"SQLite": 5.0, "PostgreSQL": 6.0}
UNIT = "x bare Flask"


def measure() -> list[Row]:
    """On each database: a read that opens the values, one that does not, and a whole submission."""
    rows: list[Row] = []
    for database in DATABASES:
        with installed(database) as made, without_signatures(made):
            number = made.submit().number
            bound = BOUNDS[database]
            opened = _read(made, f"/cases/{number}/receipt")
            progress = _read(made, f"/cases/{number}")
            rows += [
                _row(f"a case read, 30 values opened, audited, on {database}, CPU", bound, opened),
                _row(f"a case's progress read, audited, on {database}, CPU", bound, progress),
                _row(f"a whole submission on {database}, CPU", None, _submissions(made)),
            ]
    return rows


def _row(name: str, bound: float | None, measured: Comparison) -> Row:
    note = f"{measured.ours_ms:.2f} ms against {measured.limit_ms:.3f} ms"
    return Row(name, bound, round(measured.ratio, 1), UNIT, note)


def _read(made: Installation, path: str) -> Comparison:
    environ = made.environ("GET", path)
    return _against_bare(AT_ONCE, lambda: call(made.world.app, environ))


def _submissions(made: Installation) -> Comparison:
    drafts = [made.ready_draft() for _ in range(SUBMITTED_AT_ONCE * (ROUNDS + 1))]
    asked = iter(
        made.environ("POST", f"/drafts/{draft}/submission", b"{}", idempotency_key=secrets.token_urlsafe(24))
        for draft in drafts
    )
    return _against_bare(SUBMITTED_AT_ONCE, lambda: call(made.world.app, next(asked)))


def _against_bare(at_once: int, ours: Callable[[], object]) -> Comparison:
    """Both called so many times a round; milliseconds are of one call."""
    bare = bare_flask()
    measured = compare(lambda: _times(AT_ONCE, bare), lambda: _times(at_once, ours), rounds=ROUNDS)
    return Comparison(
        measured.ratio * AT_ONCE / at_once, measured.limit_ms / AT_ONCE, measured.ours_ms / at_once
    )


def _times(number: int, work: Callable[[], object]) -> None:
    for _ in range(number):
        work()
