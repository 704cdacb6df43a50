"""What is put down for the province within an act, for the worker to send afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from onething.domain.cases import Event
from onething.domain.province_steps import is_told
from onething.domain.ratings import Rating, RatingAppeal
from onething.domain.records import Job
from onething.ports import Ports, UnitOfWork

REPORT_CASE = "report_case"
REPORT_RATING = "report_rating"
REPORT_APPEAL = "report_appeal"


def note_events(ports: Ports, uow: UnitOfWork, case_id: str, events: Iterable[Event], now: datetime) -> None:
    """A case's new events, if the province is told of any of them."""
    if ports.settings.reports_to_province and any(map(is_told, events)):
        uow.jobs.add(Job(ports.chance.id(), REPORT_CASE, {"case": case_id}, now))


def note_rating(ports: Ports, uow: UnitOfWork, rating: Rating) -> None:
    """A rating goes to the province's rating system."""
    if ports.settings.reports_to_province:
        uow.jobs.add(Job(ports.chance.id(), REPORT_RATING, {"rating": rating.id}, rating.rated_at))


def note_appeal(ports: Ports, uow: UnitOfWork, appeal: RatingAppeal, now: datetime) -> None:
    """What became of an appeal goes there too."""
    if ports.settings.reports_to_province:
        uow.jobs.add(Job(ports.chance.id(), REPORT_APPEAL, {"appeal": appeal.id}, now))
