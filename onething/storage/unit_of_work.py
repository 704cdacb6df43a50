"""One transaction for each act, and the repositories in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import copy
from functools import cached_property

from sqlalchemy import Connection

from onething.storage.audit import DatabaseAudit
from onething.storage.calendars import DatabaseCalendars
from onething.storage.cases import DatabaseCases
from onething.storage.catalog_desk import DatabaseCatalogDesk
from onething.storage.connections import Connections
from onething.storage.data_needs import DatabaseDataNeeds
from onething.storage.disputes import DatabaseDisputes
from onething.storage.drafts import DatabaseDrafts
from onething.storage.engines import Limits, is_sqlite, make_read_engine, make_write_engine, sqlite_file
from onething.storage.files import DatabaseFiles
from onething.storage.fleet import (
    DatabaseConfigurations,
    DatabaseEnrolmentCodes,
    DatabaseIntakes,
    DatabaseTerminalCommands,
    DatabaseTerminalEvents,
)
from onething.storage.fleet_watch import DatabaseAlerts, DatabaseTerminalReports
from onething.storage.handling import (
    DatabaseCasePeople,
    DatabaseNotices,
    DatabaseOrders,
    DatabaseOriginals,
    DatabasePullCursors,
    DatabaseWarnings,
)
from onething.storage.handovers import DatabaseHandovers
from onething.storage.jobs import DatabaseJobs
from onething.storage.keyring import KeyRing
from onething.storage.keys import DatabaseKeys
from onething.storage.messages import DatabaseMessages
from onething.storage.oversight import DatabaseApprovals, DatabaseProvinceReports
from onething.storage.partner_events import DatabasePartnerEvents
from onething.storage.partner_nonces import DatabasePartnerNonces
from onething.storage.phones import DatabasePhoneAccounts, DatabasePhoneSignIns, DatabasePhoneTokens
from onething.storage.ratings import DatabaseRatings
from onething.storage.refusals import RecordsUnavailable
from onething.storage.results import DatabaseResults
from onething.storage.retention import DatabaseRetention
from onething.storage.revisions import DatabaseRevisions
from onething.storage.same_event import DatabaseClaims
from onething.storage.schema_version import is_current_on
from onething.storage.sealing import RetentionOf, Sealer, kept_with_the_case
from onething.storage.sessions import DatabaseSessions
from onething.storage.showing_codes import DatabaseShowingCodes
from onething.storage.staff import DatabaseStaff, DatabaseStaffSessions
from onething.storage.staff_calls import DatabaseStaffCalls
from onething.storage.stepping_up import DatabaseStepUps
from onething.storage.tallies import DatabaseTallies
from onething.storage.terminals import DatabaseTerminals
from onething.storage.together import DatabaseInvitations, DatabaseMandates
from onething.storage.transactions import transaction
from onething.storage.uploads import DatabaseUploads
from onething.storage.write_queue import WriteQueue


class DatabaseUnitOfWork:
    """``UnitOfWork`` on one connection; each kind of records is made when an act first asks for it."""

    def __init__(
        self, connection: Connection, sealer: Sealer, division: str, principal: str | None = None
    ) -> None:
        self.connection = connection
        self.sealer = sealer
        self.division = division
        self.principal = principal

    revisions = cached_property(lambda u: DatabaseRevisions(u.connection, u.division))
    terminals = cached_property(lambda u: DatabaseTerminals(u.connection, u.sealer))
    sessions = cached_property(lambda u: DatabaseSessions(u.connection, u.sealer))
    drafts = cached_property(lambda u: DatabaseDrafts(u.connection, u.sealer))
    files = cached_property(lambda u: DatabaseFiles(u.connection, u.division))
    cases = cached_property(lambda u: DatabaseCases(u.connection, u.sealer))
    jobs = cached_property(lambda u: DatabaseJobs(u.connection, u.division))
    keys = cached_property(lambda u: DatabaseKeys(u.connection, u.sealer))
    partner_events = cached_property(lambda u: DatabasePartnerEvents(u.connection))
    partner_nonces = cached_property(lambda u: DatabasePartnerNonces(u.connection))
    audit = cached_property(
        lambda u: DatabaseAudit(u.connection, u.sealer.keyring.audit, u.division, u.principal)
    )
    staff_calls = cached_property(lambda u: DatabaseStaffCalls(u.connection, u.division))
    tallies = cached_property(lambda u: DatabaseTallies(u.connection, u.division))
    results = cached_property(lambda u: DatabaseResults(u.connection, u.sealer, u.division))
    ratings = cached_property(lambda u: DatabaseRatings(u.connection, u.sealer))
    disputes = cached_property(lambda u: DatabaseDisputes(u.connection, u.sealer))
    data_needs = cached_property(lambda u: DatabaseDataNeeds(u.connection))
    approvals = cached_property(lambda u: DatabaseApprovals(u.connection, u.sealer))
    province_reports = cached_property(lambda u: DatabaseProvinceReports(u.connection, u.division))
    notices = cached_property(lambda u: DatabaseNotices(u.connection))
    originals = cached_property(lambda u: DatabaseOriginals(u.connection))
    warnings = cached_property(lambda u: DatabaseWarnings(u.connection))
    orders = cached_property(lambda u: DatabaseOrders(u.connection))
    case_people = cached_property(lambda u: DatabaseCasePeople(u.connection))
    pull_cursors = cached_property(lambda u: DatabasePullCursors(u.connection))
    staff = cached_property(lambda u: DatabaseStaff(u.connection, u.sealer))
    staff_sessions = cached_property(lambda u: DatabaseStaffSessions(u.connection))
    calendars = cached_property(lambda u: DatabaseCalendars(u.connection, u.division))
    catalog_desk = cached_property(lambda u: DatabaseCatalogDesk(u.connection, u.division))
    enrolment_codes = cached_property(lambda u: DatabaseEnrolmentCodes(u.connection, u.sealer))
    configurations = cached_property(lambda u: DatabaseConfigurations(u.connection, u.sealer))
    terminal_commands = cached_property(lambda u: DatabaseTerminalCommands(u.connection, u.sealer))
    terminal_reports = cached_property(lambda u: DatabaseTerminalReports(u.connection))
    alerts = cached_property(lambda u: DatabaseAlerts(u.connection, u.sealer))
    terminal_events = cached_property(lambda u: DatabaseTerminalEvents(u.connection, u.sealer))
    intakes = cached_property(lambda u: DatabaseIntakes(u.connection, u.sealer))
    retention = cached_property(lambda u: DatabaseRetention(u.connection))
    phone_accounts = cached_property(lambda u: DatabasePhoneAccounts(u.connection, u.sealer))
    phone_sign_ins = cached_property(lambda u: DatabasePhoneSignIns(u.connection, u.sealer))
    phone_tokens = cached_property(lambda u: DatabasePhoneTokens(u.connection, u.sealer))
    claims = cached_property(lambda u: DatabaseClaims(u.connection))
    messages = cached_property(lambda u: DatabaseMessages(u.connection, u.sealer))
    handovers = cached_property(lambda u: DatabaseHandovers(u.connection, u.sealer))
    showing_codes = cached_property(lambda u: DatabaseShowingCodes(u.connection, u.sealer))
    step_ups = cached_property(lambda u: DatabaseStepUps(u.connection, u.sealer))
    invitations = cached_property(lambda u: DatabaseInvitations(u.connection, u.sealer))
    mandates = cached_property(lambda u: DatabaseMandates(u.connection, u.sealer))
    uploads = cached_property(lambda u: DatabaseUploads(u.connection, u.sealer))


class DatabaseRecords:
    """``Records`` in one database.

    ``division`` is written to records that do not name their own; ``retention_of`` says for each
    fact in which retention class its value is sealed.
    """

    def __init__(
        self,
        url: str,
        keyring: KeyRing,
        *,
        division: str = "411523",
        retention_of: RetentionOf = kept_with_the_case,
        limits: Limits | None = None,
    ) -> None:
        self.sealer = Sealer(keyring, retention_of)
        self._division = division
        self._principal: str | None = None
        limits = limits or Limits()
        self._writers = Connections(make_write_engine(url, limits), limits.answer)
        self._readers = self._listers = Connections(make_read_engine(url, limits), limits.answer)
        self._queue: WriteQueue | None = None
        if is_sqlite(url):
            self._queue = WriteQueue(sqlite_file(url), limits.busy)
            self._listers = Connections(make_read_engine(url, limits, mapped=True), limits.answer)

    def on_behalf_of(self, principal: str) -> DatabaseRecords:
        """The same database; every audit row written there names the principal."""
        same = copy(self)
        same._principal = principal
        return same

    def for_lists(self) -> DatabaseRecords:
        """The same database; what is read there are lists out of very many records."""
        same = copy(self)
        same._readers = self._listers
        return same

    @contextmanager
    def act(self) -> Iterator[DatabaseUnitOfWork]:
        """Raises ``Conflict`` for a lost race, ``RecordsUnavailable`` when the database cannot."""
        with self._queue.turn() if self._queue else nullcontext(), self._transaction() as uow:
            yield uow

    @contextmanager
    def _transaction(self) -> Iterator[DatabaseUnitOfWork]:
        with self._writers.borrow() as connection, transaction(connection):
            yield DatabaseUnitOfWork(connection, self.sealer, self._division, self._principal)

    @contextmanager
    def read(self) -> Iterator[DatabaseUnitOfWork]:
        """Each query sees what was committed before it; writing is refused by the database."""
        with self._readers.borrow() as connection:
            yield DatabaseUnitOfWork(connection, self.sealer, self._division, self._principal)

    def is_ready(self) -> bool:
        """Whether the database answers and has the tables of this version."""
        try:
            with self._readers.borrow() as connection:
                return is_current_on(connection)
        except RecordsUnavailable:
            return False

    def close(self) -> None:
        """Give every connection back."""
        self._writers.close()
        self._readers.close()
        self._listers.close()
        if self._queue:
            self._queue.close()
