"""What the console asks of the world: its accounts, its sessions, proof of who someone is, uploads."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from onething.domain.calendar_checks import CalendarProblem, ListedYear
from onething.domain.catalog import Catalog
from onething.domain.records import AuditRow
from onething.domain.staff import Failures, SecondFactor, Staff, StaffSession


class StaffAccounts(Protocol):
    """The console's accounts; passwords only as hashes, second factors sealed."""

    def add(self, staff: Staff, password_hash: str | None) -> None:
        """Raises ``Conflict`` when the login is taken."""
        ...

    def save(self, staff: Staff) -> None: ...

    def find(self, staff_id: str) -> Staff | None: ...

    def find_by_login(self, login: str) -> Staff | None: ...

    def list_all(self) -> Sequence[Staff]:
        """By login."""
        ...

    def find_password(self, staff_id: str) -> str | None: ...

    def set_password(self, staff_id: str, password_hash: str) -> None: ...

    def find_second_factor(self, staff_id: str) -> SecondFactor | None: ...

    def set_second_factor(self, staff_id: str, factor: SecondFactor | None) -> None: ...


class StaffSessions(Protocol):
    """Console sessions, found by the digest of their token; and failures to begin one."""

    def add(self, session: StaffSession, token_digest: str) -> None: ...

    def find_by_token(self, token_digest: str) -> StaffSession | None: ...

    def touch(self, session_id: str, at: datetime) -> None: ...

    def end(self, session_id: str, at: datetime, cause: str) -> None: ...

    def end_all_of(self, staff_id: str, at: datetime, cause: str) -> int: ...

    def get_failures(self, login_digest: str) -> Failures: ...

    def set_failures(self, login_digest: str, failures: Failures) -> None: ...


@dataclass(frozen=True)
class UploadedYear:
    """One upload of a year's working days; the newest of a year counts, older ones stay as history."""

    id: str
    year: int
    off: tuple[date, ...]
    work: tuple[date, ...]
    notice: str
    uploaded_by: str
    uploaded_at: datetime


class Calendars(Protocol):
    """Uploaded working-day calendars; rows are only ever added."""

    def add(self, year: UploadedYear) -> None: ...

    def list_current(self) -> Sequence[UploadedYear]:
        """The newest upload of each year, by year."""
        ...

    def list_history(self, limit: int = 100) -> Sequence[UploadedYear]:
        """Newest first."""
        ...


@dataclass(frozen=True)
class Upload:
    """A pack that was uploaded to the desk: plain data when it could be read, and every problem."""

    id: str
    name: str
    digest: str
    data: Mapping[str, Any] | None
    problems: Sequence[Mapping[str, Any]]
    uploaded_by: str
    uploaded_at: datetime
    published_as: int | None = None


class CatalogDesk(Protocol):
    """Uploaded packs, the list of revisions, and what still runs."""

    def add(self, upload: Upload) -> None: ...

    def find(self, upload_id: str) -> Upload | None: ...

    def list_recent(self, limit: int = 20) -> Sequence[Upload]:
        """Newest first, without their data."""
        ...

    def mark_published(self, upload_id: str, number: int) -> None: ...

    def list_revisions(self, before: int | None, limit: int) -> Sequence[Mapping[str, Any]]:
        """Newest first: number, digest, published_by, published_at."""
        ...

    def count_open_parts(self) -> Mapping[str, int]:
        """Department to the number of its parts that have not ended."""
        ...


@dataclass(frozen=True)
class AuditQuery:
    """What is looked for in the audit; empty fields ask for nothing. ``subject`` is a blind index."""

    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    case: str | None = None
    from_at: datetime | None = None
    before_at: datetime | None = None


@dataclass(frozen=True)
class AuditEntry:
    """An audit row as it lies in the table; ``position`` is its place in the chain, None before sealing."""

    number: int
    row: AuditRow
    position: int | None


@dataclass(frozen=True)
class ChainReport:
    """What verifying the chain found. ``broken_row`` is None when all is whole.

    ``checked_from`` is the position at which the check began: 0 for the whole chain.
    """

    head_position: int
    head_seal: str
    checked_from: int
    waiting: int
    waiting_since: datetime | None
    broken_row: int | None = None
    broken_position: int | None = None
    broken_reason: str | None = None


class AuditSearch(Protocol):
    """Reading the audit; who calls it writes an audit row of their own."""

    def list_rows(self, query: AuditQuery, before: int | None, limit: int) -> Sequence[AuditEntry]:
        """Newest first."""
        ...

    def case_numbers(self, ids: Collection[str]) -> Mapping[str, str]:
        """Case id to number, for those there are."""
        ...

    def find_case_id(self, number: str) -> str | None: ...

    def find_waiting(self) -> tuple[int, datetime | None]:
        """How many rows wait for their seal, and since when the oldest does."""
        ...

    def verify(self) -> ChainReport:
        """Reads in batches of its own; not to be called inside a unit of work."""
        ...


class Passwords(Protocol):
    """Hashes of passwords (argon2id, RFC 9106)."""

    def hash(self, password: str) -> str: ...

    def verify(self, password_hash: str | None, password: str) -> bool:
        """With None the same work is done, and the answer is no."""
        ...

    def is_outdated(self, password_hash: str) -> bool: ...


class SecondFactors(Protocol):
    """Time-based one-time codes (RFC 6238) and recovery codes."""

    def make_secret(self) -> str: ...

    def make_recovery_codes(self) -> Sequence[str]: ...

    def uri(self, secret: str, login: str) -> str:
        """``otpauth://`` for an authenticator."""
        ...

    def picture(self, uri: str) -> str:
        """The QR of it as an SVG element."""
        ...

    def find_step(self, secret: str, code: str, at: datetime) -> int | None:
        """The time step this code is good for, or None; one step of drift is allowed."""
        ...


@dataclass(frozen=True)
class OutwardStep:
    """Where the browser is sent to sign in, and what must be kept until it is back."""

    address: str
    kept: Mapping[str, str] = field(repr=False)


class IdentityFailed(Exception):
    """The identity provider did not answer, or its answer proves nothing; ``detail`` is for the log."""

    reason = "identity_failed"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class IdentityProvider(Protocol):
    """OpenID Connect (authorization code with PKCE); the claim that names the login is configured."""

    @property
    def name(self) -> str: ...

    def begin(self, return_to: str) -> OutwardStep:
        """Raises ``IdentityFailed``."""
        ...

    def finish(self, return_to: str, kept: Mapping[str, str], answer: Mapping[str, str]) -> str:
        """The login proven by the provider's answer; raises ``IdentityFailed``."""
        ...


@dataclass(frozen=True)
class StaffProof:
    """How people at the console prove who they are; ``provider`` is None when none is configured."""

    passwords: Passwords
    second_factors: SecondFactors
    provider: IdentityProvider | None = None


@dataclass(frozen=True)
class ReadPack:
    """An uploaded pack as it was read: its plain data when there is any, and each problem's place."""

    data: Mapping[str, Any] | None
    problems: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class ReadCalendar:
    """An uploaded calendar file as it was read: its years, and what could not be read."""

    years: tuple[ListedYear, ...]
    problems: tuple[CalendarProblem, ...]


class CalendarReader(Protocol):
    """Reads uploaded calendars: YAML, JSON or CSV, by the name's ending."""

    def read(self, name: str, content: bytes) -> ReadCalendar: ...


class PackReader(Protocol):
    """Reads what an editor uploads; the packs' own rules stand behind it."""

    def read_files(self, files: Mapping[str, bytes]) -> ReadPack:
        """Files by their name inside the pack; raises ``PackRefused``."""
        ...

    def to_catalog(self, data: Mapping[str, Any]) -> Catalog:
        """The catalog in a pack's plain data; raises ``PackRefused`` when today's rules find mistakes."""
        ...

    def unpack(self, archive: bytes) -> Mapping[str, bytes]:
        """The files of a zip; raises ``PackRefused`` for one that is too large or leads outside."""
        ...
