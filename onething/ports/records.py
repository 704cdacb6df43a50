"""The database as the rules need it: repositories, one unit of work for each act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from onething.domain.cases import Event
from onething.domain.records import (
    AuditRow,
    Case,
    Draft,
    Job,
    JobQueue,
    Revision,
    Session,
    StaffCall,
    StoredFile,
    Terminal,
)
from onething.ports.fleet import (
    Alerts,
    Configurations,
    EnrolmentCodes,
    Intakes,
    TerminalCommands,
    TerminalEvents,
    TerminalReports,
)
from onething.ports.handling import CasePeople, Notices, Orders, Originals, PullCursors, Warnings
from onething.ports.handovers import Handovers
from onething.ports.messages import Messages
from onething.ports.phones import PhoneAccounts, PhoneSignIns, PhoneTokens
from onething.ports.reads import Tallies
from onething.ports.results import (
    Approvals,
    DataNeeds,
    Disputes,
    ProvinceReports,
    Ratings,
    Results,
)
from onething.ports.same_event import Claims
from onething.ports.showing_codes import ShowingCodes
from onething.ports.staff import Calendars, CatalogDesk, StaffAccounts, StaffSessions
from onething.ports.stepping_up import StepUps
from onething.ports.together import Invitations, Mandates
from onething.ports.uploads import Uploads


class Conflict(Exception):
    """Another writer was first; the act is refolded and tried again inside the service."""

    reason = "conflict"


class Revisions(Protocol):
    """Published catalogs, numbered from 1."""

    def find_current(self) -> Revision | None: ...

    def get(self, number: int) -> Revision: ...

    def add(self, revision: Revision) -> None: ...


class Terminals(Protocol):
    """Kiosks, the nonces they have used, and the secrets behind their offline codes."""

    def find(self, terminal_id: str) -> Terminal | None: ...

    def find_to_change(self, terminal_id: str) -> Terminal | None:
        """The same, and nobody else changes it until this act is over."""
        ...

    def find_by_key(self, public_key: bytes) -> Terminal | None:
        """The terminal whose present key this is."""
        ...

    def add(self, terminal: Terminal) -> None:
        """Raises ``Conflict`` when the number or the key is taken."""
        ...

    def save(self, terminal: Terminal) -> None:
        """All but id, number and division; raises ``Conflict`` when the key is another's."""
        ...

    def list_all(self) -> Sequence[Terminal]: ...

    def list_with_keys_before(self, before: datetime) -> Sequence[Terminal]:
        """Those in service whose key was made before that time."""
        ...

    def put_offline_secret(self, terminal_id: str, secret: str) -> None:
        """In base64; sealed where it is kept."""
        ...

    def count_offline_code(self, terminal_id: str) -> tuple[str, int] | None:
        """The secret and the number of the code to be given now, from 1; None without a secret."""
        ...

    def use_nonce(self, terminal_id: str, nonce: str, at: datetime) -> bool:
        """Whether the nonce was new; it is used now."""
        ...


class Sessions(Protocol):
    """Citizens' sessions at kiosks, found by the digest of their token."""

    def add(self, session: Session, token_digest: str) -> None: ...

    def find_by_token(self, token_digest: str) -> Session | None: ...

    def find(self, session_id: str) -> Session | None: ...

    def extend(self, session_id: str, expires_at: datetime) -> None: ...

    def end(self, session_id: str, at: datetime, cause: str) -> None: ...

    def end_all_of_terminal(self, terminal_id: str, at: datetime, cause: str) -> int: ...


class Drafts(Protocol):
    """Open and submitted drafts; values are sealed on the way in and opened on the way out."""

    def find(self, draft_id: str) -> Draft | None: ...

    def find_open(self, thing: str, holder: str, subject: str) -> Draft | None: ...

    def list_open_of(self, holder: str) -> Sequence[Draft]:
        """The last touched first."""
        ...

    def list_left(self, after: datetime, before: datetime) -> Sequence[str]:
        """Ids of open drafts last touched in that time, the first left first."""
        ...

    def add(self, draft: Draft) -> None:
        """Raises ``Conflict`` when there is an open draft of this thing, holder and subject."""
        ...

    def save(self, draft: Draft) -> None:
        """Write version + 1 over ``draft.version``; raises ``Conflict`` when it has moved on."""
        ...


class Files(Protocol):
    """The rows of kept files."""

    def add(self, file: StoredFile) -> None: ...

    def find(self, file_id: str) -> StoredFile | None: ...

    def list_of(self, owner: str) -> Sequence[StoredFile]: ...

    def remove(self, file_id: str) -> None: ...


class FileStore(Protocol):
    """The bytes of kept files, encrypted before they are stored; written before their row."""

    def put(self, file_id: str, data: bytes) -> None: ...

    def get(self, file_id: str) -> bytes: ...

    def remove(self, file_id: str) -> None: ...


class Cases(Protocol):
    """Cases, their parts, their events, and their sealed values."""

    def add(self, case: Case, events: Sequence[Event], values: Mapping[str, Mapping[str, Any]]) -> None: ...

    def find(self, case_id: str) -> Case | None: ...

    def find_by_number(self, number: str) -> Case | None: ...

    def find_by_part(self, part_id: str) -> Case | None: ...

    def list_of_holder(self, holder: str, limit: int = 20, before: Case | None = None) -> Sequence[Case]:
        """Newest first; those older than ``before``."""
        ...

    def list_to_settle(self, today: date, limit: int) -> Sequence[str]:
        """Ids of cases whose ``settle_on`` has come."""
        ...

    def list_events(self, case_id: str) -> Sequence[Event]: ...

    def get_values(self, case_id: str) -> Mapping[str, Mapping[str, Any]]:
        """Role to fact to ``Value.to_json()``."""
        ...

    def append(self, case: Case, events: Sequence[Event]) -> None:
        """Append events and write the projections in ``case``; raises ``Conflict`` on a lost race."""
        ...

    def save_values(self, case_id: str, values: Mapping[str, Mapping[str, Any]]) -> None:
        """Seal the given roles' values anew (results that departments returned)."""
        ...


class Jobs(Protocol):
    """Due-time rows claimed under a lease by any number of workers."""

    def add(self, job: Job) -> None: ...

    def claim(self, worker: str, now: datetime, lease_seconds: float, limit: int) -> Sequence[Job]: ...

    def finish(self, job_id: str, worker: str) -> None: ...

    def retry(self, job_id: str, worker: str, due_at: datetime, error: str) -> None: ...

    def park(self, job_id: str, worker: str, error: str) -> None: ...

    def list_unfinished(self, limit: int = 100) -> Sequence[Job]: ...

    def list_queues(self) -> Sequence[JobQueue]: ...


@dataclass(frozen=True)
class Once:
    """What makes an act happen once: the sender's key and the digest of what was sent under it."""

    key: str
    body_digest: str


class Keys(Protocol):
    """Idempotency keys: the key row goes first, in the act's own transaction."""

    def begin(self, actor: str, key: str, body_digest: str, at: datetime) -> Mapping[str, Any] | None:
        """The first answer when the act was done before, else None; raises ``KeyReused``."""
        ...

    def finish(self, actor: str, key: str, answer: Mapping[str, Any]) -> None: ...


class KeyReused(Exception):
    """The same idempotency key with another body."""

    reason = "idempotency_key_reused"


class PartnerEvents(Protocol):
    """Which events of departments were taken already."""

    def is_new(self, department: str, event_id: str, at: datetime) -> bool:
        """Whether the event was unknown; it is known now."""
        ...


class PartnerNonces(Protocol):
    """Nonces of the gateway's signatures."""

    def use(self, partner: str, nonce: str, at: datetime) -> bool:
        """Whether the nonce was new; it is used now."""
        ...


class Audit(Protocol):
    """Audit rows, written in the act's own transaction: no audit, no act."""

    def add(self, row: AuditRow) -> None: ...

    def list_of_subject(self, subject: str, limit: int = 100) -> Sequence[AuditRow]: ...


class StaffCalls(Protocol):
    """Requests for a person at a kiosk."""

    def add(self, call: StaffCall) -> None: ...

    def list_open(self) -> Sequence[StaffCall]: ...

    def answer(self, call_id: str, at: datetime) -> bool:
        """Whether the call was open; somebody has come to it now."""
        ...


class UnitOfWork(Protocol):
    """One transaction; leaving its block commits it, an exception rolls it back."""

    @property
    def revisions(self) -> Revisions: ...
    @property
    def terminals(self) -> Terminals: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def files(self) -> Files: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def partner_events(self) -> PartnerEvents: ...
    @property
    def partner_nonces(self) -> PartnerNonces: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def staff_calls(self) -> StaffCalls: ...
    @property
    def tallies(self) -> Tallies: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def originals(self) -> Originals: ...
    @property
    def warnings(self) -> Warnings: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def case_people(self) -> CasePeople: ...
    @property
    def pull_cursors(self) -> PullCursors: ...
    @property
    def staff(self) -> StaffAccounts: ...
    @property
    def staff_sessions(self) -> StaffSessions: ...
    @property
    def calendars(self) -> Calendars: ...
    @property
    def catalog_desk(self) -> CatalogDesk: ...
    @property
    def results(self) -> Results: ...
    @property
    def ratings(self) -> Ratings: ...
    @property
    def disputes(self) -> Disputes: ...
    @property
    def data_needs(self) -> DataNeeds: ...
    @property
    def approvals(self) -> Approvals: ...
    @property
    def province_reports(self) -> ProvinceReports: ...
    @property
    def enrolment_codes(self) -> EnrolmentCodes: ...
    @property
    def configurations(self) -> Configurations: ...
    @property
    def terminal_commands(self) -> TerminalCommands: ...
    @property
    def terminal_reports(self) -> TerminalReports: ...
    @property
    def alerts(self) -> Alerts: ...
    @property
    def terminal_events(self) -> TerminalEvents: ...
    @property
    def intakes(self) -> Intakes: ...
    @property
    def phone_accounts(self) -> PhoneAccounts: ...
    @property
    def phone_sign_ins(self) -> PhoneSignIns: ...
    @property
    def phone_tokens(self) -> PhoneTokens: ...
    @property
    def claims(self) -> Claims: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def handovers(self) -> Handovers: ...
    @property
    def showing_codes(self) -> ShowingCodes: ...
    @property
    def step_ups(self) -> StepUps: ...
    @property
    def invitations(self) -> Invitations: ...
    @property
    def mandates(self) -> Mandates: ...
    @property
    def uploads(self) -> Uploads: ...


class Records(Protocol):
    """The database: a fresh unit of work for each act."""

    def act(self) -> AbstractContextManager[UnitOfWork]:
        """A write transaction (BEGIN IMMEDIATE on SQLite)."""
        ...

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """Reads outside a write transaction, on a connection in autocommit."""
        ...

    def on_behalf_of(self, principal: str) -> Records:
        """The same, each audit row saying on whose behalf: a blind index."""
        ...

    def is_ready(self) -> bool: ...
