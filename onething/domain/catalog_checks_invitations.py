"""Checks of how a role's person is invited: by whom there is an answer to wait for, and in which order."""

from __future__ import annotations

from onething.domain.catalog import InvitationTerms, Role, Thing
from onething.domain.catalog_checks_found import Found
from onething.domain.catalog_problems import Path

LONGEST_DAYS = 60
_OWN_CARD = "card"


def check_invitations(thing: Thing, found: Found) -> None:
    """Refuse terms that nobody could meet: no end, nobody to invite, each waiting for the other."""
    for role in thing.roles.values():
        if role.invitation != InvitationTerms():
            _check_terms(thing, role, found)


def _check_terms(thing: Thing, role: Role, found: Found) -> None:
    path: Path = ("things", thing.code, "roles", role.id, "invitation")
    terms = role.invitation
    if not 1 <= terms.days <= LONGEST_DAYS:
        found.add(
            (*path, "days"),
            "out_of_range",
            f"邀请的有效期要在 1 到 {LONGEST_DAYS} 天之间",
            f"an invitation is good for 1 to {LONGEST_DAYS} days",
        )
    if _OWN_CARD not in role.right:
        found.add(
            path,
            "nobody_to_invite",
            "只有 right 中有 card 的角色才能邀请本人授权",
            "only somebody who can authorise in person can be invited: 'right' has no 'card'",
        )
    for at, other in enumerate(terms.after):
        if found.known((*path, "after", at), "role", other, thing.roles) and _waits_for(
            thing, other, role.id
        ):
            found.add(
                (*path, "after", at),
                "circle",
                f"“{role.id}”和“{other}”互相等待",
                f"'{role.id}' and '{other}' would each wait for the other",
            )


def _waits_for(thing: Thing, role: str, wanted: str) -> bool:
    """Whether a role waits, over however many others, for the wanted one (or is it)."""
    seen: set[str] = set()
    waiting = [role]
    while waiting:
        each = waiting.pop()
        if each == wanted:
            return True
        if each not in seen and each in thing.roles:
            seen.add(each)
            waiting += thing.roles[each].invitation.after
    return False
