"""Telling citizens what has become of their things: written within the act, sent by the worker.

The inbox has a message as soon as the act is committed; ``messaging_out`` carries it to their phones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from onething.domain.cases import CaseState, Event, EventKind
from onething.domain.messages import Message, MessageKind, end_of, rings_at, wordings
from onething.domain.records import Case, Job
from onething.domain.results import ShipmentState
from onething.ports import Ports, UnitOfWork

SEND_MESSAGE = "send_message"


def tell(
    ports: Ports,
    uow: UnitOfWork,
    kind: MessageKind,
    holder: str | None,
    *,
    about: str,
    link: str,
    end: str = "",
    until_on: date | None = None,
    mobile: str | None = None,
    link_outside: str | None = None,
    code: str | None = None,
) -> Message:
    """Tell somebody within the act that it comes from; there is no message without the act, nor twice.

    ``holder`` is the blind index of their number, or None for somebody of whom only ``mobile`` is known.
    ``about`` is the id of what it is about, ``link`` a path that begins with /m/. ``link_outside`` goes out
    in place of it where the secret in it must not stand in the inbox; it, ``mobile`` and ``code`` are sealed.
    """
    now = ports.clock.now()
    goes_out = bool(set(wordings()[kind].ways) & ports.message_ways.ways.keys())
    sealed = {"mobile": mobile, "link": link_outside, "code": code} if goes_out else {}
    to = {name: text for name, text in sealed.items() if text is not None}
    division = ports.settings.division
    message = Message(
        ports.chance.id(), kind, about, link, now, division, holder, end, until_on, to=to or None
    )
    uow.messages.add(message)
    if goes_out:
        payload = {"message": message.id}
        uow.jobs.add(Job(ports.chance.id(), SEND_MESSAGE, payload, rings_at(kind, now)))
    return message


def tell_of_case(
    ports: Ports, uow: UnitOfWork, kind: MessageKind, case: Case, *, until_on: date | None = None
) -> None:
    """Tell the applicant of their case."""
    tell(
        ports,
        uow,
        kind,
        case.holder,
        about=case.id,
        link=f"/m/cases/{case.number}",
        end=end_of(case.number),
        until_on=until_on,
    )


def note_events(ports: Ports, uow: UnitOfWork, case: Case, events: Sequence[Event]) -> None:
    """A case's new events, if its applicant is told of any of them; one act rings once for each kind."""
    told = {news.kind: news for news in _news(case, events)}
    if MessageKind.RESULTS_READY in told:
        told.pop(MessageKind.PART_FINISHED, None)
    for news in told.values():
        tell_of_case(ports, uow, news.kind, case, until_on=news.until_on)


@dataclass(frozen=True)
class _News:
    kind: MessageKind
    until_on: date | None = None


_KINDS: Mapping[EventKind, MessageKind] = {
    EventKind.SUBMITTED: MessageKind.SUBMITTED,
    EventKind.SUPPLEMENT_ASKED: MessageKind.SUPPLEMENT_WANTED,
    EventKind.REFUSED: MessageKind.CASE_REFUSED,
    EventKind.PART_DENIED: MessageKind.PART_REFUSED,
    EventKind.PART_COMPLETED: MessageKind.PART_FINISHED,
    EventKind.CASE_CLOSED: MessageKind.RESULTS_READY,
    EventKind.DISPUTE_SETTLED: MessageKind.DISPUTE_DECIDED,
}
_PARCELS: Mapping[str, MessageKind] = {
    ShipmentState.ACCEPTED.value: MessageKind.DELIVERY_SENT,
    ShipmentState.RETURNED.value: MessageKind.DELIVERY_FAILED,
    ShipmentState.REFUSED.value: MessageKind.DELIVERY_FAILED,
    ShipmentState.LOST.value: MessageKind.DELIVERY_FAILED,
}


def _news(case: Case, events: Sequence[Event]) -> Iterator[_News]:
    for event in events:
        kind = _kind_of(case, event)
        if kind is not None:
            until = event.data.get("until_on")
            yield _News(kind, date.fromisoformat(until) if until else None)


def _kind_of(case: Case, event: Event) -> MessageKind | None:
    if event.kind is EventKind.SHIPMENT_MOVED:
        return _PARCELS.get(str(event.data.get("state")))
    if event.kind is EventKind.SUPPLEMENT_LAPSED:
        return MessageKind.CASE_REFUSED if case.state == CaseState.REFUSED else None
    return _KINDS.get(event.kind)
