"""One transaction for each act, and the repositories in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

from onething.storage.audit import DatabaseAudit
from onething.storage.cases import DatabaseCases
from onething.storage.drafts import DatabaseDrafts
from onething.storage.engines import Limits, make_read_engine, make_write_engine
from onething.storage.files import DatabaseFiles
from onething.storage.jobs import DatabaseJobs
from onething.storage.keyring import KeyRing
from onething.storage.keys import DatabaseKeys
from onething.storage.migrate import is_current_on
from onething.storage.partner_events import DatabasePartnerEvents
from onething.storage.partner_nonces import DatabasePartnerNonces
from onething.storage.refusals import RecordsUnavailable
from onething.storage.revisions import DatabaseRevisions
from onething.storage.sealing import RetentionOf, Sealer, kept_with_the_case
from onething.storage.sessions import DatabaseSessions
from onething.storage.staff_calls import DatabaseStaffCalls
from onething.storage.terminals import DatabaseTerminals


class DatabaseUnitOfWork:
    """``UnitOfWork`` on one connection."""

    def __init__(self, connection: Connection, sealer: Sealer, division: str) -> None:
        self.connection = connection
        self.revisions = DatabaseRevisions(connection, division)
        self.terminals = DatabaseTerminals(connection)
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
        self._writers = _Connections(make_write_engine(url, limits))
        self._readers = _Connections(make_read_engine(url, limits))

    @contextmanager
    def act(self) -> Iterator[DatabaseUnitOfWork]:
        """Raises ``Conflict`` for a lost race, ``RecordsUnavailable`` when the database cannot."""
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


class _Connections:
    """Connections kept open between acts: SQLAlchemy's pool takes as long as three queries."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._idle: deque[Connection] = deque()

    @contextmanager
    def borrow(self) -> Iterator[Connection]:
        connection = self._take()
        try:
            yield connection
        except RecordsUnavailable:
            # The others go to the same server: let them be made anew.
            self._discard(connection)
            self.close()
            raise
        except BaseException:
            self._discard(connection)
            raise
        self._idle.append(connection)

    def close(self) -> None:
        while self._idle:
            self._discard(self._idle.pop())
        self._engine.dispose()

    def _take(self) -> Connection:
        try:
            return self._idle.pop()
        except IndexError:
            pass
        try:
            return self._engine.connect()
        except PoolTimeout:
            raise RecordsUnavailable("every connection is in use") from None

    def _discard(self, connection: Connection) -> None:
        try:
            connection.close()
        except RecordsUnavailable:
            connection.invalidate()
