"""What the phones' door asks of the world: who providers say it is, and the records of signing in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from onething.domain.phones import PhoneAccount, PhoneSignIn, PhoneStep, PhoneToken, Provider
from onething.ports.staff import OutwardStep


@dataclass(frozen=True)
class ProvenUser:
    """Who a provider says it is: ``subject`` is its own name for them.

    ``name`` and ``id_number`` (GB 11643) only from a provider that has proven the person; ``union`` where the
    provider has one name for its user over all apps of ours.
    """

    subject: str = field(repr=False)
    name: str | None = field(default=None, repr=False)
    id_number: str | None = field(default=None, repr=False)
    union: str | None = field(default=None, repr=False)


class CodeProvider(Protocol):
    """WeChat, Alipay: a code that the phone was given is changed for the user's name there, once."""

    def identify(self, code: str) -> ProvenUser:
        """Raises ``PhoneSignInRefused`` and ``ProviderAway``."""
        ...


class RealNameProvider(Protocol):
    """OpenID Connect with PKCE; its ID token says the person's name and number."""

    def begin(self, return_to: str) -> OutwardStep:
        """Raises ``ProviderAway``."""
        ...

    def finish(self, return_to: str, kept: Mapping[str, str], answer: Mapping[str, str]) -> ProvenUser:
        """Raises ``PhoneSignInRefused``, ``RealNameMissing`` and ``ProviderAway``."""
        ...


class WebProvider(Protocol):
    """WeChat's own browser, sent away from a page and back to it with a code."""

    def begin(self, return_to: str) -> OutwardStep: ...

    def finish(self, kept: Mapping[str, str], answer: Mapping[str, str]) -> ProvenUser:
        """Raises ``PhoneSignInRefused`` and ``ProviderAway``."""
        ...


@dataclass(frozen=True)
class PhoneProof:
    """The providers of this installation; ``real_names`` and ``wechat_pages`` are None when not offered."""

    codes: Mapping[Provider, CodeProvider] = field(default_factory=dict)
    real_names: RealNameProvider | None = None
    wechat_pages: WebProvider | None = None


class PhoneAccounts(Protocol):
    """Users of providers, and the people they are bound to."""

    def add(self, account: PhoneAccount) -> None:
        """Raises ``Conflict`` when the provider's user is known."""
        ...

    def save(self, account: PhoneAccount) -> None: ...

    def find(self, account_id: str) -> PhoneAccount | None: ...

    def find_by_subject(self, provider: Provider, subject: str) -> PhoneAccount | None: ...

    def list_of_holder(self, holder: str) -> Sequence[PhoneAccount]:
        """Those bound to this person, the first bound first."""
        ...


class PhoneSignIns(Protocol):
    """Phones signed in."""

    def add(self, sign_in: PhoneSignIn) -> None: ...

    def save(self, sign_in: PhoneSignIn) -> None:
        """Raises ``Conflict`` when it has ended meanwhile."""
        ...

    def find(self, sign_in_id: str) -> PhoneSignIn | None: ...

    def list_open_of(self, account_id: str, now: datetime) -> Sequence[PhoneSignIn]:
        """The last begun first."""
        ...


class PhoneTokens(Protocol):
    """Access and refresh tokens by their digests, outward steps, and refusals counted by the minute."""

    def add(self, tokens: Sequence[PhoneToken]) -> None: ...

    def find(self, digest: str) -> PhoneToken | None: ...

    def use(self, token: PhoneToken) -> bool:
        """Whether it was unused; it is used now, as ``used_at``, ``salt`` and ``used_under`` say."""
        ...

    def add_step(self, step: PhoneStep) -> None: ...

    def use_step(self, digest: str, at: datetime) -> PhoneStep | None:
        """The step if it was live and unused; it is used now, and what was kept is forgotten."""
        ...

    def count_refusal(self, scope: str, minute_at: datetime) -> None: ...

    def get_refusals(self, scope: str, minute_at: datetime) -> int: ...
