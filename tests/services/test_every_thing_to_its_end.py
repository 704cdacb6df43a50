"""Every one-thing of the county: through its parts to results, oversight, province and rating."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from onething.domain.oversight import oversight_of
from onething.packs.reading import read_catalog
from onething.services import issuing, overseeing, paying, rating
from tests.services.county import County
from tests.services.office import CLERK, NUMBER, citizen, complete_all, find, office, planted
from tests.services.ready_made import pack

THINGS = tuple(read_catalog(pack().data).things)


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished, reports_to_province=True) as made:
        yield made


def test_there_are_the_thirteen_of_the_first_list() -> None:
    assert len(THINGS) == 13


@pytest.mark.parametrize("thing", THINGS)
def test_to_the_end(county: County, thing: str) -> None:
    number = planted(county, thing)
    complete_all(county, number)
    case = find(county, number)
    assert case.state == "closed", {part.matter: part.state.value for part in case.parts}
    _, catalog = county.ports.catalogs.current()
    declared = catalog.get_thing(thing)

    shown = issuing.list_results(county.ports, CLERK, number)["results"]
    named = {part.matter for part in case.parts if declared.matters[part.matter].result is not None}
    assert {each["matter"] for each in shown} == named
    for unpaid in {each["matter"] for each in shown if each["withheld"] == "fee_unpaid"}:
        paying.record_payment(county.ports, CLERK, number, unpaid, proof="缴款书")
    ids = [each["id"] for each in shown]
    after = issuing.hand_out(county.ports, CLERK, number, results=ids, card_checked=True, receiver=NUMBER)
    assert {each["state"] for each in after["results"]} == {"issued"}

    watched = {(item.matter, item.department) for item in oversight_of(catalog, declared, case.plan)}
    approvals = overseeing.view_approvals(county.ports, CLERK, number)
    assert {(each["matter"], each["supervisor"]) for each in approvals} == watched
    assert {each["state"] for each in approvals} <= {"sent"}

    reported = county.sandbox.get_province()["cases"]
    (there,) = [each for each in reported if each["case"]["body"]["projectNo"] == number]
    statuses = [step["body"]["status"] for step in there["steps"]]
    assert statuses == ["05", *["12", "10"] * len(case.parts), "10"]
    assert there["case"]["body"]["applicantType"] == ("1" if declared.audience == "person" else "2")

    rating.rate(county.ports, citizen(county), number, level="very_satisfied", channel="window")
    for part in case.parts:
        rating.rate(
            county.ports, citizen(county), number, level="satisfied", channel="window", matter=part.matter
        )
    assert rating.view_ratings(county.ports, citizen(county), number)["may_rate"] == [
        {"occasion": "submission", "matter": None}
    ]
