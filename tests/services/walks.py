"""Walks through one-things, from the card to the last result: their data, and the steps that all take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from onething.services import attaching, authorising, filling, following, handling
from onething.worker import Worker
from sandbox.results import issue_result
from tests.services.county import County
from tests.services.test_pages import page


@dataclass(frozen=True)
class Walk:
    """Who comes for what: ``person`` is ``family.role`` of the sandbox, ``cards`` whose cards follow.

    ``declined`` are roles that do not come; ``typed`` all that the person has to type; ``scanned`` the
    papers that are scanned; ``results`` facts that departments find out and what is issued as ``of``.
    """

    thing: str
    person: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    chosen: tuple[str, ...] | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    cards: Mapping[str, str] = field(default_factory=dict)
    declined: tuple[str, ...] = ()
    typed: Mapping[str, Any] = field(default_factory=dict)
    scanned: tuple[str, ...] = ()
    found: tuple[str, ...] = ()
    order: tuple[frozenset[str], ...] = ()
    results: frozenset[tuple[str, str]] = frozenset()


def fill_in(county: County, walk: Walk) -> tuple[Any, dict[str, Any]]:
    """The session and the draft, filled in and signed, with nothing typed but ``walk.typed``."""
    session = county.sign_in(*walk.person.split("."))
    chosen = None if walk.chosen is None else list(walk.chosen)
    draft = county.open(session, walk.thing, chosen=chosen, answers=dict(walk.answers))
    for role, number in walk.counts.items():
        draft = filling.count(county.ports, session, draft["id"], role, number)
    draft = county.fetch(session, county.agree(session, draft))
    for role, person in walk.cards.items():
        card = county.card(*person.split("."))
        draft = authorising.authorise(county.ports, session, draft["id"], role, card)
        draft = county.fetch(session, county.agree(session, draft))
    for role in walk.declined:
        draft = authorising.decline(county.ports, session, draft["id"], role)
    draft = county.fetch(session, county.agree(session, draft))
    draft = filling.fill(county.ports, session, draft["id"], walk.typed)
    draft = county.fetch(session, county.agree(session, draft))
    for material in walk.scanned:
        attaching.add_paper(county.ports, session, draft["id"], material, page())
    return session, county.sign(session, draft)


def typed_in(draft: Mapping[str, Any]) -> set[str]:
    """The facts that the person had to give, questions apart."""
    questions = {each["fact"] for each in draft["questions"]}
    fields = [each for section in draft["form"]["sections"] for each in section["fields"]]
    return {each["fact"] for each in fields if each["state"] == "typed"} - questions


def to_scan(draft: Mapping[str, Any]) -> set[str]:
    """The materials that must be handed in."""
    return {each["id"] for each in draft["materials"] if each["required"] and each["how"] == "submit"}


def handle(county: County, number: str, *, rounds: int = 10) -> list[dict[str, Any]]:
    """Deliver the case's parts as they become due and complete each with the sandbox's own result."""
    worker, done = Worker(county.ports, "walk"), dict[str, dict[str, Any]]()
    for _ in range(rounds):
        worker.work_once()
        parts = [each["body"] for each in county.sandbox.list_parts()]
        waiting = [each for each in parts if each["case_number"] == number and each["part"] not in done]
        if not waiting:
            break
        for part in waiting:
            result = issue_result(part["thing"], part["matter"], part["part"], part["facts"])
            done[part["part"]] = {"matter": part["matter"], "facts": part["facts"], "result": result}
            _complete(county, part["part"], result)
    return list(done.values())


def _complete(county: County, part: str, result: Mapping[str, Any]) -> None:
    with county.ports.records.act() as uow:
        case = uow.cases.find_by_part(part)
    assert case is not None
    department = next(each.department for each in case.parts if each.id == part)
    event = {"event_id": f"{part}-completed", "part": part, "kind": "completed", "result": result}
    handling.take_event(county.ports, department, {**event, "at": "2026-11-23T10:00:00+08:00"})


def states_of(county: County, session: Any, number: str) -> set[str]:
    """The states of the case and of its parts."""
    case = following.view_case(county.ports, session, number)
    return {case["state"], *(part["state"] for part in case["parts"])}


def issued(done: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """The documents that came out, each with whose it is."""
    return {(each["document"], each["of"]) for part in done for each in part["result"]["documents"]}
