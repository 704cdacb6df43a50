"""Each of the thirteen one-things over HTTP: card, form, window, departments, results handed out, rating.

Consent, form, submission, results and rating go through gunicorn with the kiosk's signatures, and the
departments call back there; what a clerk does at the window are the acts behind the console's pages.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from werkzeug.test import TestResponse

from onething.domain.actors import Actor
from onething.domain.catalog import Catalog, Matter
from onething.domain.records import Case
from onething.packs.reading import read_catalog
from onething.services import accepting, issuing, paying, result_files
from onething.services.outcome_refusals import ResultWithheld
from tests.databases import fresh_database
from tests.http.test_journey import multipart, page, signature
from tests.http.thirteen_walks import THIRTEEN
from tests.http.whole_county import WholeCounty, whole_county
from tests.http.world import Sitting
from tests.services.ready_made import pack
from tests.services.walks import Walk, to_scan, typed_in

CLERK = Actor("clerk-1", "staff", roles=frozenset({"clerk"}))
Draft = dict[str, Any]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def county(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeCounty]:
    folder = tmp_path_factory.mktemp("thirteen")
    with fresh_database(request, folder) as url, whole_county(folder, url) as made:
        yield made


def test_somebody_comes_for_each() -> None:
    assert set(THIRTEEN) == set(read_catalog(pack().data).things)
    assert len(THIRTEEN) == 13


@pytest.mark.slow
@pytest.mark.parametrize("thing", THIRTEEN)
def test_from_the_card_to_the_rating(county: WholeCounty, thing: str) -> None:
    walk = THIRTEEN[thing]
    sitting = county.sit_down(walk.person)
    draft = fill_in(county, sitting, walk)
    nothing_is_asked_that_a_department_finds_out(county, draft, walk)
    number = submit(sitting, draft)
    nothing_goes_out_before_the_window_accepts(county, sitting, number)
    accepting.accept_case(county.ports, CLERK, number)
    there = county.work_until_closed(number)
    case = sitting.get(f"/cases/{number}")
    assert case["state"] == "closed"
    chosen = {each["code"] for each in draft["matters"] if each["chosen"]}
    assert {part["matter"]: part["state"] for part in case["parts"]} == dict.fromkeys(chosen, "completed")
    assert "accepted" in {notice["kind"] for notice in case["notices"]}
    results_are_those_declared(county, there, case)
    what_departments_found_out_is_kept_and_sent_on(county, there)
    hand_over(county, there, sitting, county.cards[walk.person]["id_number"])
    every_result_has_its_file(county, number, case)
    rate_once(county, there, sitting)


def fill_in(county: WholeCounty, sitting: Sitting, walk: Walk) -> Draft:
    """Through the form as the walk says, to the signature; typed and scanned is nothing else."""
    opening = {"thing": walk.thing, "answers": dict(walk.answers)}
    if walk.chosen is not None:
        opening["chosen"] = list(walk.chosen)
    draft = sitting.post("/drafts", opening)
    where = f"/drafts/{draft['id']}"
    for role, count in walk.counts.items():
        draft = sitting.put(f"{where}/counts", {"role": role, "number": count})
    draft = agree(sitting, draft)
    for role, person in walk.cards.items():
        sitting.post(f"{where}/authorisations", {"role": role, "card": county.cards[person]})
        draft = agree(sitting, sitting.get(where))
    sitting.put(f"{where}/values", {"values": dict(walk.typed)})
    draft = agree(sitting, sitting.get(where))
    assert (typed_in(draft), to_scan(draft)) == (set(walk.typed), set(walk.scanned))
    for material in walk.scanned:
        body, kind = multipart(page())
        sitting.post(f"{where}/materials/{material}/pages", body, **{"content-type": kind})
    draft = dict(sitting.put(f"{where}/signature", signature()))
    assert (draft["missing"], draft["ready"]) == ([], True)
    return draft


def agree(sitting: Sitting, draft: Draft) -> Draft:
    """Consent to every source that is named, and have them asked."""
    where = f"/drafts/{draft['id']}"
    sitting.put(f"{where}/consent", {"sources": {each["id"]: True for each in draft["consent"]["sources"]}})
    return dict(sitting.post(f"{where}/fetching", {}))


def submit(sitting: Sitting, draft: Draft) -> str:
    answer = act(sitting, f"/drafts/{draft['id']}/submission", {})
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["case_number"])


def act(sitting: Sitting, path: str, body: Any) -> TestResponse:
    return sitting.ask("POST", path, body, key=secrets.token_urlsafe(24))


def nothing_is_asked_that_a_department_finds_out(county: WholeCounty, draft: Draft, walk: Walk) -> None:
    """What a chosen matter produces is neither typed nor wanted, whoever else needs it."""
    matters = catalog_of(county).get_thing(walk.thing).matters
    chosen = [matters[each["code"]] for each in draft["matters"] if each["chosen"]]
    produced = {fact for matter in chosen for fact in matter.produces_facts}
    fields = [each for section in draft["form"]["sections"] for each in section["fields"]]
    assert {each["fact"] for each in fields if each["editable"]} & produced == set()
    assert typed_in(draft) & produced == set()


def nothing_goes_out_before_the_window_accepts(county: WholeCounty, sitting: Sitting, number: str) -> None:
    county.deliver()
    case = sitting.get(f"/cases/{number}")
    assert case["state"] == "received"
    assert {part["state"] for part in case["parts"]} == {"waiting"}
    assert county.sandbox.list_parts(case=number) == []


def catalog_of(county: WholeCounty) -> Catalog:
    return county.ports.catalogs.current()[1]


def matters_of(county: WholeCounty, case: Case) -> list[Matter]:
    """The matters of a case's parts, as declared."""
    declared = catalog_of(county).get_thing(case.thing).matters
    return [declared[part.matter] for part in case.parts]


def results_are_those_declared(county: WholeCounty, case: Case, seen: dict[str, Any]) -> None:
    """One result for each document that a matter declares, or for what it says comes of it."""
    documents = catalog_of(county).documents
    declared = []
    for matter in matters_of(county, case):
        names = [documents[name].label.zh for name, _ in matter.produces_documents]
        if not names and matter.result is not None:
            names = [matter.result.zh]
        declared += [(matter.code, name) for name in names]
    assert declared
    assert sorted((each["matter"], each["zh"]) for each in seen["results"]) == sorted(declared)
    assert {each["state"] for each in seen["results"]} == {"ready"}


def what_departments_found_out_is_kept_and_sent_on(county: WholeCounty, case: Case) -> None:
    """Facts that matters produce are with the case, and with every later part that needs them."""
    with county.ports.records.read() as uow:
        kept = uow.cases.get_values(case.id)
    delivered = {each["body"]["matter"]: each["body"] for each in county.sandbox.list_parts(case=case.number)}
    matters = matters_of(county, case)
    assert set(delivered) == {matter.code for matter in matters}
    for producer in matters:
        for fact in producer.produces_facts:
            role, _, name = fact.partition(".")
            value = kept[role][name]["value"]
            assert value not in (None, "")
            for matter in matters:
                if matter is not producer and fact in {need.fact for need in matter.facts}:
                    assert delivered[matter.code]["facts"][fact] == value, (matter.code, fact)


def hand_over(county: WholeCounty, case: Case, sitting: Sitting, receiver: str) -> None:
    """At the window, against the card; what has a fee only once it is paid."""
    ids = {each["id"]: each["matter"] for each in sitting.get(f"/cases/{case.number}")["results"]}
    with_fee = {each.code for each in matters_of(county, case) if each.fee and each.fee.amount_fen}

    def hand_out() -> None:
        issuing.hand_out(
            county.ports, CLERK, case.number, results=list(ids), card_checked=True, receiver=receiver
        )

    if with_fee:
        with pytest.raises(ResultWithheld) as withheld:
            hand_out()
        assert {ids[each.field] for each in withheld.value.fields} == with_fee
        assert {each.reason for each in withheld.value.fields} == {"fee_unpaid"}
    for matter in with_fee:
        paying.record_payment(county.ports, CLERK, case.number, matter, proof="41599000017")
    hand_out()
    seen = sitting.get(f"/cases/{case.number}")["results"]
    assert {(each["state"], each["way"]) for each in seen} == {("issued", "window")}


def every_result_has_its_file(county: WholeCounty, number: str, seen: dict[str, Any]) -> None:
    """The e-licence service gives each document that a department issued; decisions are written here."""
    for result in seen["results"]:
        given = result_files.get_result_file(county.ports, CLERK, number, result["id"])
        text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(given.data))
        assert result["zh"] in text or (result["identifier"] or number) in text.replace("\r\n", "")


def rate_once(county: WholeCounty, case: Case, sitting: Sitting) -> None:
    """The whole is rated, and not again."""
    path = f"/cases/{case.number}/ratings"
    said = {"occasion": "result", "level": "satisfied", "reasons": [], "named": True}
    first = act(sitting, path, said)
    assert first.status_code < 300, first.text
    second = act(sitting, path, {**said, "level": "very_satisfied"})
    assert second.get_json()["reason"] == "already_rated"
    with county.ports.records.read() as uow:
        (rating,) = uow.ratings.list_of(case.id)
    assert (rating.level, rating.matter) == ("satisfied", None)
    seen = sitting.get(f"/cases/{case.number}")
    (whole,) = [each for each in seen["services"] if each["matter"] is None]
    assert (whole["rated"]["level"], whole["may_rate"]) == ("satisfied", False)
