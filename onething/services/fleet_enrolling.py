"""A terminal comes with a code and a key of its own making; and changes that key later."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from onething.domain.actors import Actor
from onething.domain.dictionary import Label
from onething.domain.enrolment_codes import (
    CODE_ID,
    TRIES_FOR_EACH_ADDRESS,
    TRIES_FOR_EACH_CODE,
    TRIES_IN_ALL,
    EnrolmentCode,
    EnrolmentNotValid,
)
from onething.domain.errors import Refusal
from onething.domain.fleet import AlertKind, TerminalReport
from onething.domain.fleet_health import HealthWord
from onething.domain.records import Terminal
from onething.domain.terminals import (
    IllegalTerminalMove,
    TerminalAct,
    check_words,
    next_state,
    thumbprint,
)
from onething.ports import Conflict, Ports, UnitOfWork
from onething.services.fleet import move_to_active
from onething.services.fleet_notes import note

TRIES_KEPT = timedelta(hours=1)
RENEW_AT = 0.75
_WHOLE_SERVER = "server"
_SECRET_BYTES = 32


class KeyInUse(Refusal):
    """Another terminal has this very key."""

    reason = "terminal_key_in_use"
    status_hint = "conflict"
    text = Label("这把密钥已有终端使用", "Another terminal has this key")


class BadProof(Refusal):
    """The new key did not sign for itself."""

    reason = "bad_key_proof"
    text = Label("新密钥的证明不正确", "The proof of the new key is not right")


@dataclass(frozen=True)
class Claim:
    """What a terminal sends to be enrolled: ``body`` is all of it as it was sent, ``proof`` its HMAC in hex.

    ``public_key`` are the 32 raw bytes of the key that signed the request; ``address`` where it came from.
    """

    code: str
    public_key: bytes
    boot_id: str
    versions: Mapping[str, Any]
    serials: Mapping[str, Any]
    body: bytes = field(repr=False)
    proof: str = field(repr=False)
    address: str
    offline_secret: str | None = field(default=None, repr=False)


def enrol_by_code(ports: Ports, claim: Claim) -> dict[str, Any]:
    """Who the terminal is, and the server's keys; raises ``EnrolmentNotValid``, always after the same time.

    The attempt is counted and committed before anything is compared. The same key with the same code gets
    the same answer again while the code lives: an answer that was lost is no dead end.
    """
    started = time.monotonic()
    try:
        if _is_flood(ports, claim.address):
            # Not waited for: the floods are what this answers, and it tells nothing about any code.
            raise EnrolmentNotValid
        code = _count_attempt(ports, claim)
        return _take(ports, claim, code)
    except (EnrolmentNotValid, Conflict, IllegalTerminalMove):
        time.sleep(max(0.0, ports.settings.enrolment_answer_seconds - (time.monotonic() - started)))
        raise EnrolmentNotValid from None


def renew_key(ports: Ports, terminal: Terminal, public_key: bytes, proof: bytes) -> dict[str, Any]:
    """A second key beside the present one, until it is first used; raises ``BadProof`` and ``KeyInUse``.

    ``proof`` is the new key's own signature over ``onething-renew:<terminal>:<base64 of the key>``. Offered
    again it is the same offer.
    """
    said = f"onething-renew:{terminal.id}:{base64.b64encode(public_key).decode()}".encode()
    if not ports.fleet_keys.is_signed(said, proof, public_key):
        raise BadProof
    with ports.records.act() as uow:
        other = uow.terminals.find_by_key(public_key)
        if other is not None and other.id != terminal.id:
            raise KeyInUse
        present = uow.terminals.find_to_change(terminal.id)
        assert present is not None
        if public_key not in (present.public_key, present.next_key):
            uow.terminals.save(replace(present, next_key=public_key))
            note(ports, uow, terminal, Actor(terminal.id, "terminal"), "key_offered")
    return {"accepted": True, "check_words": check_words(public_key)}


def take_next_key(ports: Ports, terminal: Terminal) -> Terminal:
    """The new key was used for the first time: the old one is worth nothing any more."""
    now = ports.signature_clock.now()
    with ports.records.act() as uow:
        present = uow.terminals.find_to_change(terminal.id)
        if present is None or present.next_key != terminal.next_key:
            return present or terminal
        renewed = replace(present, public_key=present.next_key, next_key=None, key_made_at=now)
        uow.terminals.save(renewed)
        uow.alerts.close(terminal.id, AlertKind.KEY_EXPIRING, "", now)
        note(ports, uow, terminal, Actor(terminal.id, "terminal"), "key_renewed")
    return renewed


def shall_renew(ports: Ports, terminal: Terminal, now: datetime) -> bool:
    """Whether three quarters of the key's time are over and no new one was offered yet."""
    if terminal.key_made_at is None or terminal.next_key is not None:
        return False
    return now - terminal.key_made_at >= timedelta(days=ports.settings.terminal_key_days) * RENEW_AT


def _is_flood(ports: Ports, address: str) -> bool:
    minute_at = ports.signature_clock.now().replace(second=0, microsecond=0)
    with ports.records.act() as uow:
        in_all = uow.enrolment_codes.count_try(_WHOLE_SERVER, minute_at)
        from_here = uow.enrolment_codes.count_try(f"address:{address}"[:80], minute_at)
    return in_all > TRIES_IN_ALL or from_here > TRIES_FOR_EACH_ADDRESS


def _count_attempt(ports: Ports, claim: Claim) -> EnrolmentCode:
    if not CODE_ID.fullmatch(claim.code):
        raise EnrolmentNotValid
    with ports.records.act() as uow:
        now = ports.signature_clock.now()
        code = uow.enrolment_codes.count_attempt(claim.code, now, TRIES_FOR_EACH_CODE)
    if code is None or code.secret is None:
        raise EnrolmentNotValid
    return code


def _take(ports: Ports, claim: Claim, code: EnrolmentCode) -> dict[str, Any]:
    assert code.secret is not None
    good = hmac.digest(code.secret.encode(), claim.body, hashlib.sha256).hex()
    if not hmac.compare_digest(good.encode(), claim.proof.encode()):
        _note_guess(ports, code)
        raise EnrolmentNotValid
    with ports.records.act() as uow:
        terminal = uow.terminals.find_to_change(code.terminal)
        assert terminal is not None
        if code.used_by is None:
            return _answer(ports, _claimed(ports, uow, terminal, claim, code))
    if code.used_by != thumbprint(claim.public_key) or terminal.public_key != claim.public_key:
        raise EnrolmentNotValid
    return _answer(ports, terminal)


def _note_guess(ports: Ports, code: EnrolmentCode) -> None:
    """The last try of a code that was not it is in the terminal's history."""
    if code.attempts < TRIES_FOR_EACH_CODE:
        return
    with ports.records.act() as uow:
        terminal = uow.terminals.find(code.terminal)
        assert terminal is not None
        note(ports, uow, terminal, Actor("unknown", "terminal"), "code_guessed", {"attempts": code.attempts})


def _claimed(
    ports: Ports, uow: UnitOfWork, terminal: Terminal, claim: Claim, code: EnrolmentCode
) -> Terminal:
    now, actor = ports.signature_clock.now(), Actor(terminal.id, "terminal")
    if not uow.enrolment_codes.use(code.id, thumbprint(claim.public_key), now):
        raise EnrolmentNotValid
    lobby = replace(
        terminal,
        state=next_state(TerminalAct.CLAIM, terminal.state),
        state_since_at=now,
        public_key=claim.public_key,
        next_key=None,
        enrolled_at=now,
        key_made_at=now,
    )
    uow.terminals.save(lobby)
    uow.alerts.close_all_of(terminal.id, now)
    _begin_report(uow, lobby, claim, now)
    if claim.offline_secret is not None:
        _keep_offline_secret(uow, terminal.id, claim.offline_secret)
    said = {"words": check_words(claim.public_key), "serials": claim.serials, "versions": claim.versions}
    note(ports, uow, terminal, actor, "claim", {**said, "code_by": code.issued_by})
    if ports.settings.activate_unseen:
        return move_to_active(ports, uow, actor, lobby)
    return lobby


def _keep_offline_secret(uow: UnitOfWork, terminal_id: str, secret: str) -> None:
    try:
        raw = base64.b64decode(secret, validate=True)
    except (binascii.Error, ValueError):
        raise EnrolmentNotValid from None
    if len(raw) != _SECRET_BYTES:
        raise EnrolmentNotValid
    uow.terminals.put_offline_secret(terminal_id, secret)


def _begin_report(uow: UnitOfWork, terminal: Terminal, claim: Claim, now: datetime) -> None:
    """The first word of a new machine: its heartbeats are counted from here."""
    known = uow.terminal_reports.find(terminal.id)
    report = TerminalReport(
        terminal=terminal.id,
        boot_id=claim.boot_id,
        left_boot_id=None,
        counter=-1,
        signed_at=now,
        heard_at=now,
        body={"versions": dict(claim.versions), "devices": {}},
        health=HealthWord.OK,
        health_reason="",
        health_since_at=now,
    )
    uow.terminal_reports.put(report, known.counter if known else None)


def _answer(ports: Ports, terminal: Terminal) -> dict[str, Any]:
    assert terminal.public_key is not None
    return {
        "terminal": terminal.id,
        "number": terminal.number,
        "hall_zh": terminal.hall,
        "hall_en": terminal.hall_en,
        "division": terminal.division,
        "check_words": check_words(terminal.public_key),
        "state": str(terminal.state),
        "server_key": base64.b64encode(ports.fleet_keys.public_key).decode(),
        "outbox_key": base64.b64encode(ports.fleet_keys.outbox_key).decode(),
        "server_time": ports.signature_clock.now().isoformat(),
    }


def describe_self(ports: Ports, terminal: Terminal) -> dict[str, Any]:
    """What a terminal may know of itself in the lobby and later."""
    return {
        "state": str(terminal.state),
        "number": terminal.number,
        "hall_zh": terminal.hall,
        "hall_en": terminal.hall_en,
        "server_time": ports.signature_clock.now().isoformat(),
        "check_words": check_words(terminal.public_key) if terminal.public_key else "",
        "configuration": terminal.configuration,
    }
