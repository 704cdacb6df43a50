"""Inviting the people of an application to authorise on their own phones, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from onething.domain.assurance import REAL_NAME
from onething.domain.dictionary import Label
from onething.domain.errors import AlreadySubmitted, BadFields, FieldError, NotFound, TooBusy
from onething.domain.invitations import (
    MOST_FOR_EACH_DRAFT,
    OPEN_STATES,
    Invitation,
    InvitationOver,
    InvitationState,
    NothingToAuthorise,
    TooManyInvitations,
    draw_code,
    spaced,
)
from onething.domain.masking import mask_id_number, mask_name
from onething.domain.messages import MessageKind
from onething.domain.people import find_mobile
from onething.domain.records import AuditRow, Session
from onething.domain.situation import Right, base_of
from onething.domain.values import Origin, Value
from onething.ports import Conflict, Once, Ports, UnitOfWork
from onething.services.authorising import authorised_by_phone, must_be_asked
from onething.services.desk import Desk, lay_out, work_on
from onething.services.invitation_wording import INVITATION_STATE
from onething.services.messaging import tell
from onething.services.phone_tokens import digest_of
from onething.services.wording import both, numbered

_TRIES = 5


def invite(
    ports: Ports, session: Session, draft_id: str, role: str, once: Once, mobile: str | None = None
) -> dict[str, Any]:
    """Invite the person of a role: a link and a code, said this once; an earlier invitation is called back.

    With ``mobile`` the link is sent there too. Raises ``NotFound``, ``NothingToAuthorise``,
    ``TooManyInvitations``, ``BadFields`` and ``ports.KeyReused``.
    """
    number = _mobile(mobile)
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                now = ports.clock.now()
                first = uow.keys.begin(session.holder, once.key, once.body_digest, now)
                if first is not None:
                    return dict(first)
                answer = _invited(ports, uow, session, draft_id, role, number, now)
                uow.keys.finish(session.holder, once.key, answer)
                return answer
        except Conflict:
            continue
    raise TooBusy


def _mobile(text: str | None) -> str | None:
    found = find_mobile(text) if text else None
    if text and found is None:
        wrong = Label("请填写11位手机号码", "Please fill in a mobile number of 11 digits")
        raise BadFields(fields=[FieldError("mobile", "bad_mobile", wrong)])
    return found


def _invited(
    ports: Ports,
    uow: UnitOfWork,
    session: Session,
    draft_id: str,
    role: str,
    mobile: str | None,
    now: datetime,
) -> dict[str, Any]:
    desk = lay_out(ports, uow, session, draft_id)
    _must_need(desk, role)
    _end_earlier(uow, draft_id, role, now)
    token = ports.chance.token()
    code = code_of(token)
    invitation = _new(ports, desk, session, role, token, code, now)
    uow.invitations.add(invitation)
    note(uow, session, invitation, now, "person_invited")
    if invitation.invited or mobile:
        tell(
            ports,
            uow,
            MessageKind.INVITATION,
            invitation.invited,
            about=invitation.id,
            link=f"/m/invitations/{invitation.id}",
            mobile=mobile,
            link_outside=f"/m/invited/{token}",
        )
    return {
        **line_of(desk, invitation, now),
        "link": link_of(ports, token),
        "code": spaced(code),
    }


def _end_earlier(uow: UnitOfWork, draft_id: str, role: str, now: datetime) -> None:
    """One invitation for each role: what was sent before is worth nothing."""
    earlier = uow.invitations.list_of_draft(draft_id)
    if len(earlier) >= MOST_FOR_EACH_DRAFT:
        raise TooManyInvitations
    for each in earlier:
        if each.role == role and each.state in OPEN_STATES:
            called_back = replace(each, state=InvitationState.CALLED_BACK, answered_at=now)
            uow.invitations.save(called_back, each)


def _must_need(desk: Desk, role: str) -> None:
    if desk.draft.state != "open":
        raise AlreadySubmitted
    must_be_asked(desk, role)
    if desk.draft.progress.get("rights", {}).get(role) == Right.PROVEN.value:
        raise NothingToAuthorise


def code_of(token: str) -> str:
    """Drawn out of the token, whose chance it shares; it does not lead back to it."""
    drawn = iter(hashlib.sha256(f"invitation code {token}".encode()).digest())
    return draw_code(lambda letters: letters[next(drawn) % len(letters)])


def _new(
    ports: Ports, desk: Desk, session: Session, role: str, token: str, code: str, now: datetime
) -> Invitation:
    number = desk.values.get(f"{role}.id_number")
    return Invitation(
        id=ports.chance.id(),
        draft=desk.draft.id,
        thing=desk.thing.code,
        role=role,
        sender=session.holder,
        token=digest_of(token),
        code=digest_of(code),
        made_at=now,
        expires_at=now + timedelta(days=desk.thing.roles[base_of(role)].invitation.days),
        division=session.division,
        invited=ports.index.of_number(str(number.value)) if number else None,
        is_known=number is not None,
    )


def link_of(ports: Ports, token: str) -> str:
    """Where the invited person goes; the token says nothing of anybody."""
    return f"{ports.settings.public_url}/m/invited/{token}"


def list_invitations(ports: Ports, session: Session, draft_id: str) -> list[dict[str, Any]]:
    """Every invitation of this person's draft, the last made first; raises ``NotFound``."""
    with ports.records.read() as uow:
        desk = lay_out(ports, uow, session, draft_id)
        invitations = uow.invitations.list_of_draft(draft_id)
    now = ports.clock.now()
    return [line_of(desk, each, now) for each in invitations]


def call_back(ports: Ports, session: Session, draft_id: str, invitation_id: str) -> dict[str, Any]:
    """Take an unanswered invitation back; raises ``NotFound`` and ``InvitationOver``."""

    def change(uow: UnitOfWork, invitation: Invitation, now: datetime) -> Invitation:
        if invitation.state not in OPEN_STATES:
            raise InvitationOver
        called_back = replace(invitation, state=InvitationState.CALLED_BACK, answered_at=now)
        uow.invitations.save(called_back, invitation)
        note(uow, session, called_back, now, "invitation_called_back")
        return called_back

    return _changed(ports, session, draft_id, invitation_id, change)


def confirm(ports: Ports, session: Session, draft_id: str, invitation_id: str) -> dict[str, Any]:
    """Say that who answered is the person meant: only now does their authorisation count.

    Raises ``NotFound``, ``InvitationOver`` and ``WrongPerson``.
    """
    kept: list[Invitation] = []

    def change(uow: UnitOfWork, desk: Desk, now: datetime) -> Desk:
        invitation = _own(uow, draft_id, invitation_id)
        if invitation.state is not InvitationState.GIVEN or not invitation.is_open(now):
            raise InvitationOver
        said = dict(invitation.said)
        said["before"] = values_before(desk, invitation.role, said["person"])
        confirmed = replace(invitation, state=InvitationState.AUTHORISED, answered_at=now, said=said)
        uow.invitations.save(confirmed, invitation)
        note(uow, session, confirmed, now, "invitation_confirmed")
        kept[:] = [confirmed]
        values = person_values(invitation.role, said["person"])
        return authorised_by_phone(desk, invitation.role, values, said["sources"])

    desk = work_on(ports, session, draft_id, change, "authorisation_confirmed")
    return line_of(desk, kept[0], ports.clock.now())


def person_values(role: str, person: Mapping[str, Any]) -> dict[str, Value]:
    """What a phone has proven of its person, as values of a role."""
    return {
        f"{role}.{fact}": Value(value, Origin.IDENTITY, source=REAL_NAME) for fact, value in person.items()
    }


def values_before(desk: Desk, role: str, person: Mapping[str, Any]) -> dict[str, Any]:
    """The form's values, as they are sealed, which the proof of who somebody is takes the place of."""
    there = {key: desk.values.get(key) for key in person_values(role, person)}
    return {key: value.to_json() for key, value in there.items() if value is not None}


def _changed(
    ports: Ports,
    session: Session,
    draft_id: str,
    invitation_id: str,
    change: Callable[[UnitOfWork, Invitation, datetime], Invitation],
) -> dict[str, Any]:
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                now = ports.clock.now()
                desk = lay_out(ports, uow, session, draft_id)
                return line_of(desk, change(uow, _own(uow, draft_id, invitation_id), now), now)
        except Conflict:
            continue
    raise TooBusy


def _own(uow: UnitOfWork, draft_id: str, invitation_id: str) -> Invitation:
    invitation = uow.invitations.find(invitation_id)
    if invitation is None or invitation.draft != draft_id:
        raise NotFound
    return invitation


def line_of(desk: Desk, invitation: Invitation, now: datetime) -> dict[str, Any]:
    """One invitation as its sender sees it: who answered only where that is to be confirmed."""
    state = invitation.shown_state(now)
    given = state == InvitationState.GIVEN
    person = invitation.said.get("person", {}) if given else {}
    said = INVITATION_STATE[state]
    return {
        "id": invitation.id,
        "role": invitation.role,
        **both(numbered(desk.thing.roles[base_of(invitation.role)].label, invitation.role)),
        "state": state,
        "state_zh": said.zh,
        "state_en": said.en,
        "made_at": invitation.made_at.isoformat(),
        "expires_at": invitation.expires_at.isoformat(),
        "masked_name": mask_name(person["name"]) if person else None,
        "masked_id_number": mask_id_number(person["id_number"]) if person else None,
        "reason": invitation.said.get("reason"),
        "can_call_back": invitation.is_open(now),
        "can_confirm": given,
    }


def tell_sender(ports: Ports, uow: UnitOfWork, invitation: Invitation, kind: MessageKind) -> None:
    """Tell who sent an invitation that something became of it."""
    link = f"/m/invitations/of/{invitation.draft}"
    tell(ports, uow, kind, invitation.sender, about=invitation.id, link=link)


def note(uow: UnitOfWork, session: Session, invitation: Invitation, now: datetime, action: str) -> None:
    """An audit row about an invitation, for the person who acts: each sees their own side of it."""
    uow.audit.add(
        AuditRow(
            at=now,
            actor=session.actor,
            actor_kind=session.actor_kind,
            action=action,
            purpose=invitation.thing,
            subject=session.holder,
            terminal=session.terminal,
            case=invitation.draft,
            detail={"role": invitation.role, "invitation": invitation.id},
        )
    )
