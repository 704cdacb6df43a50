"""Who may do an act: kinds of actors and roles of staff."""

from __future__ import annotations

from onething.domain.actors import Actor
from onething.domain.errors import NotFound
from onething.domain.staff import Role, RoleMissing


def must_be(actor: Actor, *who: str) -> None:
    """The actor is of one of these kinds (``citizen``, ``department``, ``worker``) or has one of these roles.

    Raises ``RoleMissing``.
    """
    if actor.kind not in who and not actor.has(*who):
        raise RoleMissing


def must_be_of(actor: Actor, department: str) -> None:
    """An officer or a system of that very department; for any other there is no such thing (``NotFound``)."""
    must_be(actor, "department", Role.DEPARTMENT)
    if actor.department != department:
        raise NotFound
