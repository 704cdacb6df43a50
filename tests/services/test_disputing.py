"""A value called wrong: in a draft, in a case, answered by who keeps the record; nothing waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from onething.domain.actors import Actor
from onething.domain.cases import EventKind
from onething.domain.catalog import Label
from onething.domain.clocks import day_of
from onething.domain.errors import BadFields, NotFound, TooManyPages
from onething.domain.records import Session
from onething.domain.values import Origin, Value
from onething.ports import Once, PaperRefused
from onething.services import answering_disputes, disputing, filling
from onething.services.outcome_refusals import (
    AlreadyDisputed,
    AlreadySettled,
    NotFromARegister,
    WordsNeeded,
)
from tests.services.county import County, field
from tests.services.office import citizen, find, forward, kinds, office, officer, planted, told
from tests.services.test_pages import page

FACT = "child.birth_hospital"
OWN, CORRECTED = "新县中医院", "新县人民医院东院区"
SAID = Label("经核实，登记时误选，已更正", "It was chosen by mistake and is corrected")


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished) as made:
        yield made


def begun(county: County) -> tuple[Session, dict[str, Any]]:
    session = county.sign_in()
    return session, county.fetch(session, county.agree(session, county.open(session)))


def dispute(county: County, session: Session, draft: dict[str, Any], **changes: Any) -> dict[str, Any]:
    said = {"fact": FACT, "value": OWN, **changes}
    return disputing.dispute_in_draft(county.ports, session, draft["id"], **said)


def open_at(county: County, department: str = "WJ") -> list[dict[str, Any]]:
    return answering_disputes.list_open(county.ports, officer(department))


def answer(county: County, dispute_id: str, outcome: str = "explained", **changes: Any) -> dict[str, Any]:
    said = {"outcome": outcome, "reason": SAID, **changes}
    return answering_disputes.answer(county.ports, officer("WJ"), dispute_id, **said)


def test_a_disputed_value_goes_on_as_the_person_says_and_is_marked(county: County) -> None:
    session, draft = begun(county)
    register = field(draft, FACT)["value"]
    draft = dispute(county, session, draft)
    shown = field(draft, FACT)
    assert (shown["state"], shown["value"], shown["source"]["id"]) == ("disputed", OWN, "birth_register")
    (listed,) = open_at(county)
    due_on, _ = county.ports.working_days.after(day_of(county.ports.clock.now()), 10)
    assert (listed["fact"], listed["source"], listed["due_on"]) == (
        FACT,
        "birth_register",
        due_on.isoformat(),
    )
    assert OWN not in str(listed)  # a list shows no value
    assert open_at(county, "GA") == []
    seen = answering_disputes.get_dispute(county.ports, officer("WJ"), listed["id"])
    assert (seen["register_value"], seen["own_value"]) == (register, OWN)
    with pytest.raises(NotFound):
        answering_disputes.get_dispute(county.ports, officer("GA"), listed["id"])


def test_what_no_register_gave_is_simply_changed(county: County) -> None:
    session, draft = begun(county)
    draft = county.fill(session, draft, child__name="李想")
    for fact, value in (("child.name", "李响"), ("mother.name", "陈梅"), ("child.nothing", "x")):
        with pytest.raises(NotFromARegister):
            dispute(county, session, draft, fact=fact, value=value)
    with pytest.raises(BadFields):
        dispute(county, session, draft, value=field(draft, FACT)["value"])
    with pytest.raises(BadFields):
        dispute(county, session, draft, value="\x1b@")
    assert open_at(county) == []


def test_one_dispute_at_a_time_and_a_retry_is_the_same(county: County) -> None:
    session, draft = begun(county)
    once = Once("key-1", "0" * 64)
    dispute(county, session, draft, once=once)
    dispute(county, session, draft, once=once)
    assert len(open_at(county)) == 1
    with pytest.raises(AlreadyDisputed):
        dispute(county, session, draft, value="别的医院")


def test_evidence_is_cleaned_kept_and_shown_to_who_answers(county: County) -> None:
    session, draft = begun(county)
    with pytest.raises(PaperRefused):
        dispute(county, session, draft, evidence=[b"not a picture"])
    dispute(county, session, draft, evidence=[page()])
    (listed,) = open_at(county)
    (file_id,) = listed["evidence"]
    data, media_type = answering_disputes.get_evidence(county.ports, officer("WJ"), listed["id"], file_id)
    assert (data[:2], media_type) == (b"\xff\xd8", "image/jpeg")
    with pytest.raises(NotFound):
        answering_disputes.get_evidence(county.ports, officer("GA"), listed["id"], file_id)


def test_a_correction_is_taken_into_the_draft(county: County) -> None:
    session, draft = begun(county)
    dispute(county, session, draft)
    (listed,) = open_at(county)
    answer(county, listed["id"], "corrected", value=CORRECTED)
    shown = field(filling.view_draft(county.ports, session, draft["id"]), FACT)
    assert (shown["state"], shown["value"]) == ("found", CORRECTED)
    assert shown["source"]["as_of"] == day_of(county.ports.clock.now()).isoformat()
    with pytest.raises(AlreadySettled):
        answer(county, listed["id"])


@pytest.mark.parametrize("outcome", ["explained", "rejected"])
def test_any_other_answer_leaves_what_the_person_said(county: County, outcome: str) -> None:
    session, draft = begun(county)
    dispute(county, session, draft)
    answer(county, open_at(county)[0]["id"], outcome)
    shown = field(filling.view_draft(county.ports, session, draft["id"]), FACT)
    assert (shown["state"], shown["value"]) == ("disputed", OWN)


def test_an_answer_says_what_and_why(county: County) -> None:
    session, draft = begun(county)
    dispute(county, session, draft)
    dispute_id = open_at(county)[0]["id"]
    for wrong in ({"outcome": "open"}, {"outcome": "maybe"}, {"reason": Label(" ", "")}):
        with pytest.raises(WordsNeeded):
            answer(county, dispute_id, **wrong)
    for value in (None, "\u202e"):
        with pytest.raises(BadFields):
            answer(county, dispute_id, "corrected", value=value)
    with pytest.raises(NotFound):
        answering_disputes.answer(county.ports, officer("GA"), dispute_id, outcome="explained", reason=SAID)
    assert len(open_at(county)) == 1


def test_a_dispute_goes_with_the_case_and_holds_nothing_up(county: County) -> None:
    county.ports = replace(county.ports, settings=replace(county.ports.settings, window_accepts=False))
    session = county.sign_in()
    draft = county.ready_birth(session)
    dispute(county, session, draft)
    number = county.submit(session, draft)["case_number"]
    assert kinds(county, number) == ["submitted", "accepted", "dispute_opened"]
    own = Actor(session.id, "citizen", holder=session.holder)
    (shown,) = answering_disputes.list_of_case(county.ports, own, number)
    assert (shown["state"], shown["own_value"]) == ("open", OWN)
    answer(county, shown["id"], "corrected", value=CORRECTED)
    assert kinds(county, number)[-1] == "dispute_settled"
    assert OWN not in str(told(county, number, EventKind.DISPUTE_OPENED))
    with county.ports.records.read() as uow:
        kept = uow.cases.get_values(find(county, number).id)["child"]["birth_hospital"]
    assert (kept["value"], kept["origin"], "disputed" in kept) == (CORRECTED, "register", False)


def test_a_value_taken_back_before_submission_is_no_dispute_any_more(county: County) -> None:
    session = county.sign_in()
    draft = county.ready_birth(session)
    dispute(county, session, draft)
    draft = county.fill(session, draft, child__birth_hospital="又一家医院")
    assert len(open_at(county)) == 1  # still not what the register says
    draft = county.fill(session, draft, child__birth_hospital=None)
    assert open_at(county) == []
    number = county.submit(session, draft)["case_number"]
    assert "dispute_opened" not in kinds(county, number)


def in_case(county: County) -> str:
    value = Value("新县妇幼保健院", Origin.REGISTER, "birth_register", "2026-11-01")
    return planted(county, values={"child": {"birth_hospital": value}})


def dispute_case(county: County, number: str, **changes: Any) -> dict[str, Any]:
    said = {"fact": FACT, "value": OWN, **changes}
    return disputing.dispute_in_case(county.ports, citizen(county), number, **said)


def test_in_a_case_the_citizen_s_value_goes_on_marked(county: County) -> None:
    number = in_case(county)
    dispute_case(county, number)
    with pytest.raises(AlreadyDisputed):
        dispute_case(county, number, value="别的医院")
    with county.ports.records.read() as uow:
        kept = uow.cases.get_values(find(county, number).id)["child"]["birth_hospital"]
    assert (kept["value"], kept["disputed"]) == (OWN, "新县妇幼保健院")
    assert told(county, number, EventKind.DISPUTE_OPENED)[0]["source"] == "birth_register"
    stranger = Actor("session-2", "citizen", holder="b" * 32)
    with pytest.raises(NotFound):
        disputing.dispute_in_case(county.ports, stranger, number, fact=FACT, value=OWN)


def add(county: County, number: str, *pages: bytes, once: Once | None = None) -> None:
    disputing.add_evidence(county.ports, citizen(county), number, FACT, pages, once)


def test_evidence_is_added_until_the_answer_and_no_more_than_five_pages(county: County) -> None:
    number = in_case(county)
    with pytest.raises(NotFound):
        add(county, number, page())
    dispute_case(county, number, evidence=[page()])
    once = Once("key-2", "0" * 64)
    for _ in range(2):
        add(county, number, page(), once=once)
    with pytest.raises(PaperRefused):
        add(county, number, page(), b"not a picture")
    (listed,) = open_at(county)
    assert len(listed["evidence"]) == 2
    for file_id in listed["evidence"]:
        answering_disputes.get_evidence(county.ports, officer("WJ"), listed["id"], file_id)
    with pytest.raises(TooManyPages):
        add(county, number, *[page()] * 4)
    stranger = Actor("session-2", "citizen", holder="b" * 32)
    with pytest.raises(NotFound):
        disputing.add_evidence(county.ports, stranger, number, FACT, [page()])
    answer(county, listed["id"])
    with pytest.raises(NotFound):
        add(county, number, page())


def test_pages_that_come_at_the_same_moment_all_stay(county: County) -> None:
    number = in_case(county)
    dispute_case(county, number)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: add(county, number, page()), range(4)))
    (listed,) = open_at(county)
    assert len(listed["evidence"]) == 4


def test_departments_that_have_the_old_value_are_sent_the_new_one(county: County) -> None:
    number = in_case(county)
    dispute_case(county, number)
    answer(county, open_at(county)[0]["id"], "corrected", value=CORRECTED)
    with county.ports.records.read() as uow:
        sent = [job.payload["part"] for job in uow.jobs.list_unfinished() if job.kind == "deliver_supplement"]
    needing = {part.id for part in find(county, number).parts if part.matter == "BIRTH-CERT"}
    assert set(sent) == needing


def test_a_late_answer_shows(county: County) -> None:
    dispute_case(county, in_case(county))
    forward(county, days=40)
    assert open_at(county)[0]["is_late"]


def test_a_department_is_told_which_of_its_facts_is_disputed(county: County) -> None:
    county.ports = replace(county.ports, settings=replace(county.ports.settings, without_system=frozenset()))
    value = Value(OWN, Origin.TYPED, "birth_register", "2026-11-01", disputed="新县妇幼保健院")
    number = planted(county, chosen=["BIRTH-CERT"], values={"child": {"birth_hospital": value}})
    (body,) = [p["body"] for p in county.sandbox.list_parts() if p["body"]["case_number"] == number]
    assert (body["disputed"], body["facts"][FACT]) == ([FACT], OWN)
