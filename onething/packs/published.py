"""The published revisions as catalogs and working-day calendars, read once and kept in memory."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date
from threading import Lock

from onething.domain.catalog import Catalog, CatalogError
from onething.domain.imprint import Imprint
from onething.domain.records import Revision
from onething.domain.working_days import WorkingCalendar, Year
from onething.packs.calendar import read_calendar
from onething.packs.reading import read_published
from onething.ports import Records

_LOOK_AGAIN_S = 2.0


class NothingPublished(CatalogError):
    """No catalog was ever published here: ``onething catalog publish`` does it."""

    reason = "nothing_published"


class PublishedCatalogs:
    """The port ``Catalogs``, and the working days: uploaded years, then the current revision's.

    Which revision is current is asked of the database at most every two seconds.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._lock = Lock()
        self._read: dict[int, tuple[Catalog, WorkingCalendar, Imprint]] = {}
        self._uploaded: Mapping[int, Year] = {}
        self._current = 0
        self._looked_at = float("-inf")

    def current(self) -> tuple[int, Catalog]:
        """The current revision's number and catalog; raises ``NothingPublished``."""
        with self._lock:
            if time.monotonic() - self._looked_at > _LOOK_AGAIN_S:
                self._look()
            return self._current, self._read[self._current][0]

    def get(self, revision: int) -> Catalog:
        """The catalog of a revision that was published at some time."""
        with self._lock:
            return self._kept(revision)[0]

    def imprint(self, revision: int) -> Imprint:
        """When a revision was published, and the digest of its data."""
        with self._lock:
            return self._kept(revision)[2]

    def after(self, day: date, days: int) -> tuple[date, bool]:
        """The port ``WorkingDays``: uploaded years first, then the current revision's."""
        return self._calendar().after(day, days)

    def between(self, after: date, until: date) -> int:
        """The port ``WorkingDays``: uploaded years first, then the current revision's."""
        return self._calendar().between(after, until)

    def published_years(self) -> Mapping[int, Year]:
        """The port ``WorkingDays``: the current revision's years alone."""
        self.current()
        return self._read[self._current][1].years

    def _calendar(self) -> WorkingCalendar:
        return WorkingCalendar({**self.published_years(), **self._uploaded})

    def _look(self) -> None:
        with self._records.read() as uow:
            revision = uow.revisions.find_current()
            uploaded = uow.calendars.list_current()
        if revision is None:
            raise NothingPublished("no catalog has been published")
        if revision.number not in self._read:
            self._keep(revision)
        self._uploaded = {each.year: Year(frozenset(each.off), frozenset(each.work)) for each in uploaded}
        self._current, self._looked_at = revision.number, time.monotonic()

    def _kept(self, number: int) -> tuple[Catalog, WorkingCalendar, Imprint]:
        if number not in self._read:
            with self._records.read() as uow:
                self._keep(uow.revisions.get(number))
        return self._read[number]

    def _keep(self, revision: Revision) -> None:
        data = revision.data
        imprint = Imprint(revision.number, revision.digest, revision.published_at)
        self._read[revision.number] = (read_published(data), read_calendar(data.get("calendar", {})), imprint)
