"""The terminal's signature on every request: RFC 9421 with Ed25519, the body's digest by RFC 9530."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NoReturn

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Request
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from werkzeug.exceptions import BadRequest

from onething.domain.records import Terminal
from onething.domain.terminals import TerminalState, thumbprint
from onething.ports import Ports
from onething.services.fleet_enrolling import take_next_key
from web.refusals import (
    NonceReplayed,
    SignatureMissing,
    SignatureRefused,
    SignatureStale,
    TerminalInLobby,
    TerminalSuspended,
    TerminalUnknown,
)

TAG = "kiosk"
ENROL_TAG = "kiosk-enrol"
IN_SERVICE = frozenset({TerminalState.ACTIVE})
# Whose key is looked at, besides stolen ones; the others are strangers here.
_KNOWN = frozenset({TerminalState.ACTIVE, TerminalState.LOBBY, TerminalState.SUSPENDED})
_KEY_BYTES = 32
MAX_AGE = timedelta(seconds=60)
SKEW = timedelta(seconds=30)
COVERED = ("@method", "@authority", "@path", "@query", "content-digest")
COVERED_WHEN_THERE = ("content-type", "idempotency-key")
# What a kiosk may sign at all.
SIGNABLE = ("signature", "signature-input", "content-digest", *COVERED_WHEN_THERE, "citizen-session")
NONCE = re.compile(r"[A-Za-z0-9_-]{22,128}")


def check_terminal(
    request: Request, ports: Ports, states: Collection[TerminalState] = IN_SERVICE
) -> Terminal:
    """The terminal in one of these states that signed this request.

    Raises ``SignatureRefused``, ``TerminalSuspended`` or ``TerminalInLobby``. The nonce is used up only by a
    good signature, so that nobody can spend another's.
    """
    now = ports.signature_clock.now()
    terminal, parameters = _find_signer(request, ports)
    _use_nonce(ports, terminal, str(parameters.get("nonce", "")), now)
    _must_be_in(terminal, states)
    return terminal


def check_counted(
    request: Request, ports: Ports, states: Collection[TerminalState]
) -> tuple[Terminal, datetime]:
    """The same for a request whose body carries a counter of its own: no nonce is kept for it.

    The second is when it was signed, by the terminal's clock.
    """
    terminal, parameters = _find_signer(request, ports)
    _must_be_in(terminal, states)
    return terminal, datetime.fromtimestamp(parameters["created"], UTC)


def check_new_key(request: Request, ports: Ports) -> bytes:
    """The key, 32 raw bytes, that a machine wants to be enrolled with, and that signed this request itself.

    Sent again it is the same attempt to enrol, which is counted: no nonce is kept for strangers.
    """
    body = request.get_data(cache=True)
    keys = _KeyInBody(body)
    _verify(request, body, keys, ports, ENROL_TAG)
    return keys.raw


@dataclass(frozen=True)
class SignedMessage:
    """What a kiosk may have signed: ``components`` by name, as RFC 9421 sections 2.1 and 2.2 write them."""

    headers: Mapping[str, str]
    components: Mapping[str, str]


class _Components:
    """Looks a signed component up; whole ones only, none of the RFC's parameters."""

    def __init__(self, message: SignedMessage) -> None:
        self._components = message.components

    def resolve(self, component: Any) -> str:
        """The component's value; raises the library's exception when a kiosk does not sign such a thing."""
        value = self._components.get(component.value)
        if value is None or component.params:
            raise HTTPMessageSignaturesException("not a component that kiosks sign")
        return value


class _Keys(HTTPSignatureKeyResolver):
    """Where the key of a signature is found."""

    failed: Exception | None = None

    def resolve_private_key(self, key_id: str) -> NoReturn:
        raise NotImplementedError


class _EnrolledKeys(_Keys):
    """Looks the key id up among the terminals; one that was offered a new key may use either."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self.found: Terminal | None = None
        self.with_next = False

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        if self.found is None:
            self.found = self._find(key_id)
        key = self.found.next_key if self.found and self.with_next else None
        key = key or (self.found.public_key if self.found else None)
        if self.found is None or key is None or not _is_known(self.found):
            raise TerminalUnknown
        return _public_key(key)

    def turn_to_next(self) -> bool:
        """Whether there is another key to be tried."""
        if self.with_next or self.found is None or self.found.next_key is None:
            return False
        self.with_next = True
        return True

    def _find(self, key_id: str) -> Terminal | None:
        try:
            with self._ports.records.read() as uow:
                return uow.terminals.find(key_id)
        except Exception as error:
            # The library would make a wrong signature of a database that is away.
            self.failed = error
            raise


class _KeyInBody(_Keys):
    """The key that a new machine brings; its id is its thumbprint."""

    def __init__(self, body: bytes) -> None:
        self.raw = _read_key(body)

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        if key_id != thumbprint(self.raw):
            raise TerminalUnknown
        return Ed25519PublicKey.from_public_bytes(self.raw)


def _read_key(body: bytes) -> bytes:
    try:
        raw = base64.b64decode(orjson.loads(body)["public_key"], validate=True)
    except (ValueError, KeyError, TypeError):
        raise SignatureMissing("no key") from None
    if len(raw) != _KEY_BYTES:
        raise SignatureMissing("no key")
    return raw


@lru_cache(maxsize=4096)
def _public_key(raw: bytes) -> Ed25519PublicKey:
    """Reading a key takes half as long as verifying with it."""
    return Ed25519PublicKey.from_public_bytes(raw)


class _Verifier(HTTPMessageVerifier):
    """The library's verifier, by our clock, and telling a wrong clock from a wrong signature."""

    def __init__(self, keys: _Keys, ports: Ports) -> None:
        super().__init__(
            signature_algorithm=algorithms.ED25519,
            key_resolver=keys,
            component_resolver_class=_Components,
        )
        self._ports = ports
        self._now = ports.signature_clock.now()

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:  # noqa: ARG002
        """Refuse what was created more than MAX_AGE + SKEW ago or more than SKEW ahead, or has expired."""
        created = sig_input.params.get("created")
        if type(created) is not int:
            raise SignatureMissing("no created")
        age = self._now.timestamp() - created
        expires = sig_input.params.get("expires", created + MAX_AGE.total_seconds())
        if not -SKEW.total_seconds() <= age <= (MAX_AGE + SKEW).total_seconds():
            self._refuse_stale()
        if self._now.timestamp() > expires + SKEW.total_seconds():
            self._refuse_stale()

    def _refuse_stale(self) -> NoReturn:
        now = self._now.astimezone(UTC)
        raise SignatureStale(now, self._ports.fleet_keys.sign(now.isoformat().encode()))


def _find_signer(request: Request, ports: Ports) -> tuple[Terminal, dict[str, Any]]:
    keys = _EnrolledKeys(ports)
    # RFC 9421 covers the body by its digest: read all of it first, and keep it for the view.
    body = request.get_data(cache=True)
    try:
        parameters = _verify(request, body, keys, ports, TAG)
    except SignatureRefused as refused:
        if type(refused) is not SignatureRefused or not keys.turn_to_next():
            raise
        parameters = _verify(request, body, keys, ports, TAG)
    if keys.found is None:
        raise TerminalUnknown
    return (take_next_key(ports, keys.found) if keys.with_next else keys.found), parameters


def _is_known(terminal: Terminal) -> bool:
    return terminal.state in _KNOWN or terminal.stolen_at is not None


def _must_be_in(terminal: Terminal, states: Collection[TerminalState]) -> None:
    if terminal.state in states:
        return
    if terminal.state is TerminalState.LOBBY:
        raise TerminalInLobby
    if terminal.state is TerminalState.RETIRED:
        raise TerminalUnknown
    raise TerminalSuspended


def _verify(request: Request, body: bytes, keys: _Keys, ports: Ports, tag: str) -> dict[str, Any]:
    if "Signature" not in request.headers or "Signature-Input" not in request.headers:
        raise SignatureMissing
    message = _message_of(request)
    try:
        # Without expect_tag the library refuses a second signature, whatever its tag.
        [result] = _Verifier(keys, ports).verify(message, max_age=None)
    except HTTPMessageSignaturesException as error:
        if keys.failed is not None:
            raise keys.failed from None
        _raise_cause(error)
    if result.parameters.get("tag") != tag:
        raise SignatureRefused("another tag")
    _must_cover(request, result.covered_components)
    if request.headers["Content-Digest"] != _digest_of(body):
        raise SignatureRefused("another body")
    return dict(result.parameters)


def _digest_of(body: bytes) -> str:
    """Content-Digest (RFC 9530) with SHA-256, the one algorithm kiosks use."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def _must_cover(request: Request, covered: Collection[str]) -> None:
    """Each component whole, without parameters; said here since the library parses every name again."""
    wanted = (*COVERED, *(name for name in COVERED_WHEN_THERE if name in request.headers))
    for name in wanted:
        if f'"{name}"' not in covered:
            raise SignatureMissing(f"{name} is not covered")


def _raise_cause(error: HTTPMessageSignaturesException) -> NoReturn:
    """The library wraps what a key resolver raises; what we raised ourselves comes out again."""
    if isinstance(error.__cause__, SignatureRefused):
        raise error.__cause__ from None
    raise SignatureRefused(str(error)) from error


def _message_of(request: Request) -> SignedMessage:
    """The request as it was sent: gunicorn says the target in RAW_URI, waitress and werkzeug in REQUEST_URI.

    ``request.url`` is decoded: %2F and Chinese in a query would not verify.
    """
    target = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    if not isinstance(target, str) or not target.startswith("/"):
        raise BadRequest
    path, _, query = target.partition("?")
    headers = {name: request.headers[name].strip() for name in SIGNABLE if name in request.headers}
    derived = {
        "@method": request.method,
        # Without the scheme's own port, as section 2.2.3 wants it.
        "@authority": request.host.lower(),
        "@path": path,
        "@query": f"?{query}",
    }
    return SignedMessage(headers, {**headers, **derived})


def _use_nonce(ports: Ports, terminal: Terminal, nonce: str, now: datetime) -> None:
    if not NONCE.fullmatch(nonce):
        raise SignatureMissing("no nonce of 128 bits")
    with ports.records.act() as uow:
        if not uow.terminals.use_nonce(terminal.id, nonce, now):
            raise NonceReplayed
