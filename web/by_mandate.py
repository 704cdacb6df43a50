"""Requests on another person's behalf: which mandate, and what may be done by one at all."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, g, request

from onething.domain.mandates import NotByMandate
from onething.services import acting_for
from web.current import act_on_behalf_of, current_ports, current_session

HEADER = "Acting-For"
_COOKIE = "phone-acting"
_LONGEST = 64
_LASTS = timedelta(hours=8)
_READ = frozenset({"GET", "HEAD"})
_ALL = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
# Blueprint to methods. What is not here stays the principal's own: signing in, messages, mandates, ratings,
# e-licences, who has read their data.
_BY_MANDATE = {
    "phone_drafts": _ALL,
    "phone_materials": _ALL,
    "phone_uploads": _ALL,
    "phone_invitations": _ALL,
    "phone_submission": _ALL,
    "phone_cases": _READ,
    "phone_supplements": _ALL,
    "phone.drafts": _ALL,
    "phone.choosing": _ALL,
    "phone.consent": _ALL,
    "phone.form": _ALL,
    "phone.materials": _ALL,
    "phone.signature": _ALL,
    "phone.review": _ALL,
    "phone.uploading": _ALL,
    "phone.cases": _READ,
    "phone.inviting": _ALL,
}


def of_header() -> str:
    """The mandate that a program names for this request, or an empty text."""
    return request.headers.get(HEADER, "")[:_LONGEST]


def of_cookie() -> str:
    """The mandate that this browser acts by, in the rooms where that is possible; elsewhere an empty text.

    A page where nobody can act for another shows one's own things, whatever else is going on.
    """
    return request.cookies.get(_COOKIE, "")[:_LONGEST] if may_be_done() else ""


def may_be_done() -> bool:
    """Whether this request is one of those that a mandate can cover."""
    return request.method in _BY_MANDATE.get(request.blueprint or "", ())


def act_for(mandate: str) -> None:
    """Have this request done on the principal's behalf; nothing changes without a mandate.

    Raises ``NotByMandate``, ``NotFound`` and ``MandateOver``.
    """
    if not mandate:
        return
    if not may_be_done():
        raise NotByMandate
    g.acting_by = mandate
    g.citizen = acting_for.act_for(current_ports(), current_session(), mandate)
    act_on_behalf_of(g.citizen.holder)


def find_acting() -> str | None:
    """The masked name of whom this request is done for; None when it is one's own."""
    return acting_for.name_of(current_session()) if "acting_by" in g else None


def keep(answer: Response, mandate: str) -> None:
    """Have this browser act by a mandate from here on; empty ends it."""
    answer.set_cookie(
        _COOKIE,
        mandate,
        max_age=_LASTS if mandate else timedelta(0),
        path="/m",
        secure=current_ports().settings.public_url.startswith("https://"),
        httponly=True,
        samesite="Lax",
    )
