"""One transaction for each act, and the repositories in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

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
from onething.storage.jobs import DatabaseJobs
from onething.storage.keyring import KeyRing
from onething.storage.keys import DatabaseKeys
from onething.storage.migrate import is_current_on
from onething.storage.oversight import DatabaseApprovals, DatabaseProvinceReports
from onething.storage.partner_events import DatabasePartnerEvents
from onething.storage.partner_nonces import DatabasePartnerNonces
from onething.storage.ratings import DatabaseRatings
from onething.storage.refusals import RecordsUnavailable
from onething.storage.results import DatabaseResults
from onething.storage.revisions import DatabaseRevisions
from onething.storage.sealing import RetentionOf, Sealer, kept_with_the_case
from onething.storage.sessions import DatabaseSessions
from onething.storage.staff import DatabaseStaff, DatabaseStaffSessions
from onething.storage.staff_calls import DatabaseStaffCalls
from onething.storage.tallies import DatabaseTallies
from onething.storage.terminals import DatabaseTerminals
from onething.storage.write_queue import WriteQueue


class DatabaseUnitOfWork:
    """``UnitOfWork`` on one connection."""

    def __init__(self, connection: Connection, sealer: Sealer, division: str) -> None:
        self.connection = connection
        self.revisions = DatabaseRevisions(connection, division)
        self.terminals = DatabaseTerminals(connection, sealer)
        self.sessions = DatabaseSessions(connection, sealer)
        self.drafts = DatabaseDrafts(connection, sealer)
        self.files = DatabaseFiles(connection, division)
        self.cases = DatabaseCases(connection, sealer)
        self.jobs = DatabaseJobs(connection, division)
        self.keys = DatabaseKeys(connection, sealer)
        self.partner_events = DatabasePartnerEvents(connection)
        self.partner_nonces = DatabasePartnerNonces(connection)
        self.audit = DatabaseAudit(connection, sealer.keyring.audit, division)
        self.staff_calls = DatabaseStaffCalls(connection, division)
        self.tallies = DatabaseTallies(connection, division)
        self.results = DatabaseResults(connection, sealer, division)
        self.ratings = DatabaseRatings(connection, sealer)
        self.disputes = DatabaseDisputes(connection, sealer)
        self.data_needs = DatabaseDataNeeds(connection)
        self.approvals = DatabaseApprovals(connection, sealer)
        self.province_reports = DatabaseProvinceReports(connection, division)
        self.notices = DatabaseNotices(connection)
        self.originals = DatabaseOriginals(connection)
        self.warnings = DatabaseWarnings(connection)
        self.orders = DatabaseOrders(connection)
        self.case_people = DatabaseCasePeople(connection)
        self.pull_cursors = DatabasePullCursors(connection)
        self.staff = DatabaseStaff(connection, sealer)
        self.staff_sessions = DatabaseStaffSessions(connection)
        self.calendars = DatabaseCalendars(connection, division)
        self.catalog_desk = DatabaseCatalogDesk(connection, division)
        self.enrolment_codes = DatabaseEnrolmentCodes(connection, sealer)
        self.configurations = DatabaseConfigurations(connection, sealer)
        self.terminal_commands = DatabaseTerminalCommands(connection, sealer)
        self.terminal_reports = DatabaseTerminalReports(connection)
        self.alerts = DatabaseAlerts(connection, sealer)
        self.terminal_events = DatabaseTerminalEvents(connection, sealer)
        self.intakes = DatabaseIntakes(connection, sealer)


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
        limits = limits or Limits()
        self._writers = Connections(make_write_engine(url, limits), limits.answer)
        self._readers = Connections(make_read_engine(url, limits), limits.answer)
        self._queue = WriteQueue(sqlite_file(url), limits.busy) if is_sqlite(url) else None

    @contextmanager
    def act(self) -> Iterator[DatabaseUnitOfWork]:
        """Raises ``Conflict`` for a lost race, ``RecordsUnavailable`` when the database cannot."""
        with self._queue.turn() if self._queue else nullcontext(), self._transaction() as uow:
            yield uow

    @contextmanager
    def _transaction(self) -> Iterator[DatabaseUnitOfWork]:
        with self._writers.borrow() as connection, connection.begin():
            yield DatabaseUnitOfWork(connection, self.sealer, self._division)

    @contextmanager
    def read(self) -> Iterator[DatabaseUnitOfWork]:
        """Each query sees what was committed before it; writing is refused by the database."""
        with self._readers.borrow() as connection:
            yield DatabaseUnitOfWork(connection, self.sealer, self._division)

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
        if self._queue:
            self._queue.close()
