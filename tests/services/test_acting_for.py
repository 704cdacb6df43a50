"""A case handed in by somebody with a mandate: the principal's, within the scope, and saying who signed."""

import secrets
from collections.abc import Iterator

import pytest

from onething.domain.errors import BadFields, NotFound
from onething.domain.mandates import NotByMandate
from onething.domain.records import Session
from onething.ports import Once
from onething.services import acting_for, following, mandating, rating
from onething.services.form_document import form_document
from tests.services.county import County
from tests.services.office import office
from tests.services.phones import on_phone


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished) as emptied:
        yield emptied


def mandated(county: County, principal: Session, thing: str) -> str:
    card = county.card("stranger", "man")
    once = Once(secrets.token_urlsafe(16), "0" * 64)
    to = card["name"], card["id_number"]
    return str(mandating.grant(county.ports, principal, to, ([thing], ()), 30, once)["id"])


def test_the_form_says_who_acted_and_the_case_is_the_principals(county: County) -> None:
    mother, agent = on_phone(county, "chen", "mother"), on_phone(county, "stranger", "man")
    acting = acting_for.act_for(county.ports, agent, mandated(county, mother, "P-NEWBORN"))
    number = county.submit(acting, county.ready_birth(acting))["case_number"]
    assert following.view_case(county.ports, mother, number)["number"] == number
    assert following.view_case(county.ports, acting, number)["number"] == number
    with pytest.raises(NotFound):
        following.view_case(county.ports, agent, number)
    with pytest.raises(NotByMandate):
        rating.rate(county.ports, following.actor_of(acting), number, level="satisfied", channel="phone")
    with county.ports.records.read() as uow:
        case = uow.cases.find_by_number(number)
        assert case is not None
        values, files = following.case_values(uow, case), uow.files.list_of(case.draft)
    content = form_document(county.ports, case, values, files)
    assert content.applicant_name == county.card("chen", "mother")["name"]
    assert county.card("stranger", "man")["name"] in content.agent_zh
    assert county.ports.forms.render(content).startswith(b"%PDF")
    other = acting_for.act_for(county.ports, agent, mandated(county, mother, "P-RETIRE"))
    assert following.list_cases(county.ports, other)["cases"] == []
    with pytest.raises(NotFound):  # a case of hers, and not of this mandate's
        following.view_case(county.ports, other, number)


def test_single_matters_and_whole_things_stand_beside_each_other_or_are_refused(county: County) -> None:
    things, matters = mandating.scope_of(county.ports, ["P-RETIRE"], [("P-NEWBORN", "BIRTH-CERT")])
    _, catalog = county.ports.catalogs.current()
    assert set(things) == {"P-RETIRE", "P-NEWBORN"}
    assert set(matters) == {"BIRTH-CERT", *catalog.things["P-RETIRE"].matters}
    assert mandating.scope_of(county.ports, ["P-RETIRE"], []) == (["P-RETIRE"], ())
    shared = next(
        (one, other, both)
        for one in catalog.things
        for other in catalog.things
        if one != other
        and (both := catalog.things[one].matters.keys() & catalog.things[other].matters)
        and (catalog.things[other].matters.keys() - both)
    )
    one, other, both = shared
    alone = next(iter(catalog.things[other].matters.keys() - both))
    with pytest.raises(BadFields):
        mandating.scope_of(county.ports, [one], [(other, alone)])
