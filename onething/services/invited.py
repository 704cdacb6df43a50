"""The invited person, on a phone of their own: opening an invitation, authorising, signing, or saying no."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from onething.domain.errors import BadSignature, NotFound, TooBusy
from onething.domain.invitations import (
    AGREED_STATES,
    TRIES_FOR_EACH_ADDRESS,
    TRIES_FOR_EACH_PERSON,
    TRIES_IN_ALL,
    WRONG_PEOPLE,
    Invitation,
    InvitationNotValid,
    InvitationOver,
    InvitationState,
    NothingToTakeBack,
    SignatureNeeded,
    TooManyInvitationTries,
    plain_code,
)
from onething.domain.messages import MessageKind
from onething.domain.records import Draft, Session, StoredFile
from onething.domain.situation import base_of
from onething.domain.values import Value
from onething.ports import CleanPage, Conflict, PaperRefused, Ports, UnitOfWork
from onething.services.authorising import authorised_by_phone, refused_by_phone
from onething.services.desk import Desk, desk_of, work_on
from onething.services.invited_view import line_of, must_be_their_turn, sources_about, view_of
from onething.services.inviting import note, person_values, tell_sender, values_before
from onething.services.phone_tokens import digest_of
from onething.services.taking_back import without_person

_TRIES = 5
_ANSWERABLE = (InvitationState.SENT, InvitationState.OPENED)


def signature_of(role: str) -> str:
    """Under which name a draft keeps the signature of an invited person."""
    return f"signature:{role}"


def open_invitation(ports: Ports, session: Session, secret: str, address: str) -> dict[str, Any]:
    """Open the invitation of a link's token or of a typed code.

    Raises ``InvitationNotValid`` whatever is wrong, and ``TooManyInvitationTries``.
    """
    started = time.monotonic()
    try:
        with _counted(ports, session, address):
            found = _opened(ports, session, secret)
            if found is None:
                raise InvitationNotValid
    except InvitationNotValid:
        # As long whatever was wrong, so that its time tells nothing either.
        time.sleep(max(0.0, ports.settings.enrolment_answer_seconds - (time.monotonic() - started)))
        raise
    return view_invitation(ports, session, found.id)


def _opened(ports: Ports, session: Session, secret: str) -> Invitation | None:
    for _ in range(_TRIES):
        try:
            with ports.records.act() as uow:
                return _open(ports, uow, session, secret)
        except Conflict:
            continue
    raise TooBusy


def _open(ports: Ports, uow: UnitOfWork, session: Session, secret: str) -> Invitation | None:
    now = ports.clock.now()
    of_code = uow.invitations.find_by_code(digest_of(plain_code(secret)))
    invitation = uow.invitations.find_by_token(digest_of(secret.strip())) or of_code
    draft = uow.drafts.find(invitation.draft) if invitation else None
    if invitation is None or draft is None or draft.state != "open" or not invitation.is_open(now):
        return None
    if not _is_for(ports, invitation, draft, session):
        _count_wrong_person(ports, uow, session, invitation, now)
        return None
    if invitation.state is not InvitationState.SENT:
        return invitation
    opened = replace(
        invitation,
        state=InvitationState.OPENED,
        opened_at=now,
        invited=session.holder,
        said={**invitation.said, "person": dict(session.card)},
    )
    uow.invitations.save(opened, invitation)
    note(uow, session, opened, now, "invitation_opened")
    return opened


def _is_for(ports: Ports, invitation: Invitation, draft: Draft, session: Session) -> bool:
    """Whether this is the person: the one whose number the form has, or had, or else the first to come.

    Nobody answers for themselves: the sender and the draft's own holder are never the other person.
    """
    number = draft.values.get(invitation.role, {}).get("id_number")
    named = ports.index.of_number(str(Value.from_json(number).value)) if number else None
    expected = {each for each in (invitation.invited, named) if each is not None}
    if session.holder in (invitation.sender, draft.holder):
        return False
    return expected <= {session.holder}


def _count_wrong_person(
    ports: Ports, uow: UnitOfWork, session: Session, invitation: Invitation, now: datetime
) -> None:
    """Somebody else has the link or code: after some of them it is locked, and its sender sees that."""
    wrong = invitation.wrong_people + 1
    state = InvitationState.LOCKED if wrong >= WRONG_PEOPLE else invitation.state
    uow.invitations.save(replace(invitation, wrong_people=wrong, state=state), invitation)
    locked = state is InvitationState.LOCKED
    note(uow, session, invitation, now, "invitation_locked" if locked else "invitation_tried_by_another")
    if locked:
        tell_sender(ports, uow, invitation, MessageKind.INVITATION_LOCKED)


@contextmanager
def _counted(ports: Ports, session: Session, address: str) -> Iterator[None]:
    """A try: those that find nothing are counted by the minute, and too many stop all tries."""
    minute_at = ports.clock.now().replace(second=0, microsecond=0)
    limits = {
        "invitation:all": TRIES_IN_ALL,
        f"invitation:address:{address}"[:80]: TRIES_FOR_EACH_ADDRESS,
        f"invitation:{session.holder}"[:80]: TRIES_FOR_EACH_PERSON,
    }
    with ports.records.read() as uow:
        if any(uow.phone_tokens.get_refusals(scope, minute_at) >= most for scope, most in limits.items()):
            raise TooManyInvitationTries
    try:
        yield
    except InvitationNotValid:
        with ports.records.act() as uow:
            for scope in limits:
                uow.phone_tokens.count_refusal(scope, minute_at)
        raise


def list_mine(ports: Ports, session: Session) -> list[dict[str, Any]]:
    """What others ask of this person, the last first; also what has come without a link."""
    now = ports.clock.now()
    listed = []
    with ports.records.read() as uow:
        for invitation in uow.invitations.list_of_invited(session.holder):
            draft = uow.drafts.find(invitation.draft)
            if draft is not None and _is_for(ports, invitation, draft, session):
                listed.append(line_of(desk_of(ports, draft, ()), invitation, now))
    return listed


def view_invitation(ports: Ports, session: Session, invitation_id: str) -> dict[str, Any]:
    """What concerns this person, and nothing else of the application; raises ``NotFound``."""
    with ports.records.act() as uow:
        now = ports.clock.now()
        invitation, desk = _theirs(ports, uow, session, invitation_id)
        note(uow, session, invitation, now, "invitation_read")
    return view_of(ports, desk, invitation, now)


def _theirs(ports: Ports, uow: UnitOfWork, session: Session, invitation_id: str) -> tuple[Invitation, Desk]:
    invitation = uow.invitations.find(invitation_id)
    draft = uow.drafts.find(invitation.draft) if invitation else None
    if invitation is None or draft is None or invitation.invited != session.holder:
        raise NotFound
    if not _is_for(ports, invitation, draft, session):
        raise NotFound
    return invitation, desk_of(ports, draft, tuple(uow.files.list_of(draft.id)))


def authorise(
    ports: Ports,
    session: Session,
    invitation_id: str,
    sources: Mapping[str, bool],
    image: bytes | None = None,
    *,
    photograph: bool = False,
) -> dict[str, Any]:
    """Agree: the role is proven, and each source named with yes may be asked about this person.

    ``image`` is their signature (PNG), where the one-thing wants it, or a ``photograph`` of one on paper.
    Raises ``InvitationOver``, ``NotYourTurn``, ``SignatureNeeded``, ``BadSignature``, ``PaperRefused``,
    ``WrongPerson`` and ``NotFound``.
    """
    page = _signature(ports, image, photograph=photograph)

    def change(uow: UnitOfWork, desk: Desk, invitation: Invitation, now: datetime) -> Desk:
        role = invitation.role
        must_be_their_turn(desk, role)
        if page is None and desk.thing.roles[base_of(role)].invitation.signs:
            raise SignatureNeeded
        asked = {each["id"] for each in sources_about(ports, desk, role)}
        agreed = sorted(source for source, yes in sources.items() if yes and source in asked)
        before = values_before(desk, role, session.card)
        said = {"person": dict(session.card), "sources": agreed, "before": before}
        state = InvitationState.AUTHORISED if invitation.is_known else InvitationState.GIVEN
        answered = replace(invitation, state=state, answered_at=now, said=said)
        uow.invitations.save(answered, invitation)
        note(uow, session, answered, now, "person_authorised")
        tell_sender(ports, uow, answered, MessageKind.INVITATION_ANSWERED)
        if page is not None:
            _keep_signature(ports, uow, desk, role, page, now)
        if state is InvitationState.GIVEN:
            return desk
        return authorised_by_phone(desk, role, person_values(role, session.card), agreed)

    return _answered(ports, session, invitation_id, change, "authorisation_given")


def refuse(ports: Ports, session: Session, invitation_id: str, reason: str) -> dict[str, Any]:
    """Say no, with a reason that the sender reads. Raises ``InvitationOver`` and ``NotFound``."""

    def change(uow: UnitOfWork, desk: Desk, invitation: Invitation, now: datetime) -> Desk:
        said = {"person": dict(session.card), "reason": reason}
        refused = replace(invitation, state=InvitationState.REFUSED, answered_at=now, said=said)
        uow.invitations.save(refused, invitation)
        note(uow, session, refused, now, "person_refused")
        tell_sender(ports, uow, refused, MessageKind.INVITATION_ANSWERED)
        return refused_by_phone(desk, invitation.role)

    return _answered(ports, session, invitation_id, change, "authorisation_refused")


def take_back(ports: Ports, session: Session, invitation_id: str) -> dict[str, Any]:
    """Take a yes back until the application is handed in: what it opened is forgotten, the sender is told.

    Raises ``NothingToTakeBack``, ``AlreadySubmitted`` and ``NotFound``.
    """

    def change(uow: UnitOfWork, desk: Desk, invitation: Invitation, now: datetime) -> Desk:
        role, before = invitation.role, invitation.said.get("before", {})
        said = {"person": dict(session.card)}
        taken_back = replace(invitation, state=InvitationState.TAKEN_BACK, answered_at=now, said=said)
        uow.invitations.save(taken_back, invitation)
        note(uow, session, taken_back, now, "person_took_back")
        tell_sender(ports, uow, taken_back, MessageKind.INVITATION_TAKEN_BACK)
        _drop_signature(uow, desk, role)
        if invitation.state is InvitationState.GIVEN:
            return refused_by_phone(desk, role)
        return without_person(uow, desk, role, before, now)

    return _answered(ports, session, invitation_id, change, "authorisation_taken_back", _must_have_agreed)


def _must_wait(invitation: Invitation, now: datetime) -> None:
    if invitation.state not in _ANSWERABLE or not invitation.is_open(now):
        raise InvitationOver


def _must_have_agreed(invitation: Invitation, _now: datetime) -> None:
    if invitation.state not in AGREED_STATES:
        raise NothingToTakeBack


def _answered(
    ports: Ports,
    session: Session,
    invitation_id: str,
    change: Callable[[UnitOfWork, Desk, Invitation, datetime], Desk],
    action: str,
    must: Callable[[Invitation, datetime], None] = _must_wait,
) -> dict[str, Any]:
    with ports.records.read() as uow:
        draft_id = _theirs(ports, uow, session, invitation_id)[0].draft

    def lay(ports: Ports, uow: UnitOfWork, session: Session, _draft_id: str) -> Desk:
        return _theirs(ports, uow, session, invitation_id)[1]

    def answer(uow: UnitOfWork, desk: Desk, now: datetime) -> Desk:
        invitation = _theirs(ports, uow, session, invitation_id)[0]
        must(invitation, now)
        return change(uow, desk, invitation, now)

    work_on(ports, session, draft_id, answer, action, lay)
    return view_invitation(ports, session, invitation_id)


def _signature(ports: Ports, image: bytes | None, *, photograph: bool) -> CleanPage | None:
    if not image:
        return None
    if photograph:
        image = ports.paper.take_photograph(image)[0].data
    try:
        return ports.paper.take_signature(image)
    except PaperRefused:
        raise BadSignature from None


def _drop_signature(uow: UnitOfWork, desk: Desk, role: str) -> None:
    for old in (each for each in desk.files if each.material == signature_of(role)):
        uow.files.remove(old.id)


def _keep_signature(
    ports: Ports, uow: UnitOfWork, desk: Desk, role: str, page: CleanPage, now: datetime
) -> None:
    """Bytes first; those of a try that failed have no row and are swept away."""
    _drop_signature(uow, desk, role)
    file = StoredFile(
        id=ports.chance.id(),
        owner=desk.draft.id,
        material=signature_of(role),
        sha256=page.sha256,
        media_type=page.media_type,
        size=len(page.data),
        width=page.width,
        height=page.height,
        created_at=now,
    )
    ports.files.put(file.id, page.data)
    uow.files.add(file)
