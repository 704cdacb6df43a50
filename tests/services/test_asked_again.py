"""A register that answered is asked again for what it was not asked for, and for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from onething.domain.errors import ConsentNeeded
from onething.domain.needs import NeedState, needs_of
from onething.domain.records import Session
from onething.services import filling
from tests.services.county import County, field, material
from tests.services.office import office

WITHOUT_CERTIFICATE = ["VACCINE", "HUKOU", "MED-INS", "SS-CARD"]
ALL_FIVE = ["BIRTH-CERT", *WITHOUT_CERTIFICATE]
LATER = "child.birth_hospital"  # of these five only the birth certificate wants it


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished) as made:
        made.sandbox.forget_calls()
        yield made
        made.sandbox.put_mood("birth_register", "ok")


def begun(county: County, family: str = "chen") -> tuple[Session, dict[str, Any]]:
    """A birth without its certificate, fetched: the birth register was asked for the rest."""
    session = county.sign_in(family)
    draft = county.open(session, chosen=WITHOUT_CERTIFICATE)
    return session, county.fetch(session, county.agree(session, draft))


def ticked(county: County, session: Session, draft: dict[str, Any]) -> dict[str, Any]:
    return filling.choose(county.ports, session, draft["id"], ALL_FIVE)


def consent_of(draft: dict[str, Any], source: str) -> dict[str, Any]:
    return next(dict(each) for each in draft["consent"]["sources"] if each["id"] == source)


def test_a_matter_ticked_later_asks_the_register_for_its_facts_alone(county: County) -> None:
    session, draft = begun(county)
    assert LATER not in str(draft["form"])
    draft = ticked(county, session, draft)
    assert field(draft, LATER)["state"] == "fetching"  # and not "not held", which nobody said
    asked = consent_of(draft, "birth_register")
    assert asked["asked"] is None
    assert [each["en"] for each in asked["facts"]] == ["Hospital of birth"]
    with pytest.raises(ConsentNeeded):
        county.fetch(session, draft)
    before = len(county.sandbox.list_calls("birth_register"))
    draft = county.fetch(session, county.agree(session, draft))
    assert field(draft, LATER)["state"] == "found"
    assert len(county.sandbox.list_calls("birth_register")) == before + 1
    assert _facts_asked(county, session) == [["child.birth_at", "child.birth_on", "child.sex"], [LATER]]


def _facts_asked(county: County, session: Session) -> list[list[str]]:
    """What the audit says the birth register was asked for, in order."""
    with county.ports.records.read() as uow:
        rows = uow.audit.list_of_subject(session.holder)[::-1]
    return [list(row.detail["facts"]) for row in rows if row.detail.get("call") == "birth_register:mother"]


def test_nothing_already_answered_is_asked_twice(county: County) -> None:
    session, draft = begun(county)
    draft = county.fetch(session, county.agree(session, ticked(county, session, draft)))
    county.sandbox.forget_calls()
    county.fetch(session, draft)
    filling.choose(county.ports, session, draft["id"], WITHOUT_CERTIFICATE)
    county.fetch(session, ticked(county, session, draft))
    assert county.sandbox.list_calls() == []


def test_an_answer_that_makes_a_new_fact_needed_asks_for_it(county: County) -> None:
    session = county.sign_in("pan", "seller")
    draft = county.open(session, "P-HOUSE-TRANSFER", answers={"application.contract_filed": False})
    draft = county.fetch(session, county.agree(session, draft))
    assert field(draft, "sale.price")["state"] == "found"
    draft = county.fill(session, draft, application__contract_filed=True)
    assert field(draft, "sale.contract_number")["state"] == "fetching"
    draft = county.fetch(session, county.agree(session, draft))
    assert field(draft, "sale.contract_number")["state"] == "found"


def test_a_second_asking_that_fails_takes_nothing_back_and_is_tried_again(county: County) -> None:
    session, draft = begun(county)
    draft = county.agree(session, ticked(county, session, draft))
    county.sandbox.put_mood("birth_register", "error_text")
    draft = county.fetch(session, draft)
    assert field(draft, LATER)["state"] == "unavailable"
    assert field(draft, "child.sex")["state"] == "found"
    assert material(draft, "birth_record")["state"] == "met"
    county.sandbox.put_mood("birth_register", "ok")
    draft = county.fetch(session, draft, "birth_register")
    assert field(draft, LATER)["state"] == "found"


def test_who_says_no_to_the_new_facts_types_them(county: County) -> None:
    session, draft = begun(county)
    draft = ticked(county, session, draft)
    county.sandbox.forget_calls()
    draft = county.fetch(session, county.agree(session, draft, "birth_register"))
    assert field(draft, LATER)["state"] == "refused"
    assert field(draft, "child.sex")["state"] == "found"
    assert county.sandbox.list_calls("birth_register") == []


def test_a_need_not_agreed_for_the_new_fact_bars_only_it(county: County) -> None:
    session, draft = begun(county)
    _put_need(county, NeedState.REVOKED)
    try:
        county.sandbox.forget_calls()
        draft = county.fetch(session, county.agree(session, ticked(county, session, draft)))
        assert county.sandbox.list_calls("birth_register") == []
        assert field(draft, LATER)["state"] == "unavailable"
        assert field(draft, "child.sex")["state"] == "found"
    finally:
        _put_need(county, NeedState.AGREED)
    draft = county.fetch(session, draft)
    assert field(draft, LATER)["state"] == "found"


def _put_need(county: County, state: NeedState) -> None:
    _, catalog = county.ports.catalogs.current()
    keys = {
        key
        for key in needs_of(catalog)
        if (key.source, key.fact, key.thing) == ("birth_register", "person.birth_hospital", "P-NEWBORN")
    }
    assert keys
    with county.ports.records.act() as uow:
        for need in uow.data_needs.list_all():
            if need.key in keys:
                uow.data_needs.save(replace(need, state=state), need.state)
