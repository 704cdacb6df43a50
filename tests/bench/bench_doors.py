"""A case read and a submission through the whole application, signature apart, against a bare Flask call."""

import secrets
from collections.abc import Callable
from typing import Any

from .driver_alone import driver_alone, recorded
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
            rows += [
                _read(
                    f"a case read, 30 values opened, audited, on {database}, CPU",
                    bound,
                    made,
                    f"/cases/{number}/receipt",
                ),
                _read(
                    f"a case's progress read, audited, on {database}, CPU", bound, made, f"/cases/{number}"
                ),
                _submissions(f"a whole submission on {database}, CPU", made),
            ]
    return rows


def _read(name: str, bound: float, made: Installation, path: str) -> Row:
    environ = made.environ("GET", path)
    with recorded() as sent:
        call(made.world.app, environ)
    with driver_alone(made.database_url) as write:
        alone = _against_bare(AT_ONCE, lambda: write(sent))
    measured = _against_bare(AT_ONCE, lambda: call(made.world.app, environ))
    return _row(name, bound, measured, alone)


def _submissions(name: str, made: Installation) -> Row:
    asked = iter([_submission(made) for _ in range(SUBMITTED_AT_ONCE * (ROUNDS + 1))])
    measured = _against_bare(SUBMITTED_AT_ONCE, lambda: call(made.world.app, next(asked)))
    return _row(name, None, measured)


def _submission(made: Installation) -> dict[str, Any]:
    path = f"/drafts/{made.ready_draft()}/submission"
    return made.environ("POST", path, b"{}", idempotency_key=secrets.token_urlsafe(24))


def _row(name: str, bound: float | None, measured: Comparison, alone: Comparison | None = None) -> Row:
    note = f"{measured.ours_ms:.2f} ms against {measured.limit_ms:.3f} ms"
    if alone:
        note += f"; its statements by the driver alone {alone.ours_ms:.2f} ms ({alone.ratio:.1f})"
    return Row(name, bound, round(measured.ratio, 1), UNIT, note)


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
