"""Who acts on a case: a citizen, a member of staff, a department's system, or the worker."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Who acts, as the audit names them; ``roles`` and ``department`` only for staff and departments.

    ``holder`` is the blind index of a citizen's number: their own cases carry it. ``things`` are the only
    ones that somebody acting by a mandate may touch.
    """

    id: str
    kind: str
    department: str | None = None
    roles: frozenset[str] = frozenset()
    terminal: str | None = None
    hall: str | None = None
    division: str | None = None
    holder: str | None = None
    things: tuple[str, ...] | None = None

    def has(self, *roles: str) -> bool:
        """Whether the actor has one of these roles."""
        return bool(self.roles & set(roles))


WORKER = Actor("worker", "worker")


def department_system(code: str) -> Actor:
    """A department's own system, speaking through the gateway."""
    return Actor(code, "department", department=code)
