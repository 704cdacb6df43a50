"""Houses and enterprises, each gone through whole: little is typed, little is scanned, all results come."""

from __future__ import annotations

import pytest

from onething.domain.errors import CounterOnly
from onething.services import submitting
from tests.services.county import County, field, material
from tests.services.walks import Walk, fill_in, handle, issued, states_of, to_scan, typed_in
from tests.services.walks_of_property import HOUSE, START, WALKS


@pytest.mark.parametrize("name", WALKS)
def test_from_the_card_to_the_last_result(county: County, name: str) -> None:
    walk = WALKS[name]
    session, draft = fill_in(county, walk)
    assert draft["missing"] == []
    assert typed_in(draft) == set(walk.typed)
    assert to_scan(draft) == set(walk.scanned)
    for fact in walk.found:
        assert field(draft, fact)["state"] == "found", fact
    number = county.submit(session, draft)["case_number"]
    done = handle(county, number)
    assert states_of(county, session, number) == {"closed", "completed"}
    place = {part["matter"]: at for at, part in enumerate(done)}
    assert set(place) == frozenset().union(*walk.order)
    for before, after in zip(walk.order, walk.order[1:], strict=False):
        assert max(place[code] for code in before) < max(place[code] for code in after)
    assert issued(done) == walk.results


def test_what_one_department_finds_out_reaches_the_next(county: County) -> None:
    session, draft = fill_in(county, HOUSE)
    done = {part["matter"]: part for part in handle(county, county.submit(session, draft)["case_number"])}
    contract = done["CHECK"]["result"]["facts"]["sale.contract_number"]
    assert done["REG"]["facts"]["sale.contract_number"] == contract
    assert "sale.price" not in done["WATER"]["facts"]
    assert done["WATER"]["facts"]["buyer.mobile"] == "19900000303"


def test_a_founded_enterprise_has_its_code_everywhere(county: County) -> None:
    session, draft = fill_in(county, START)
    done = {part["matter"]: part for part in handle(county, county.submit(session, draft)["case_number"])}
    uscc = done["SETUP"]["result"]["facts"]["enterprise.uscc"]
    assert {done[code]["facts"]["enterprise.uscc"] for code in ("SEAL", "INVOICE", "BANK")} == {uscc}


def test_a_house_under_seizure_is_for_the_window(county: County) -> None:
    walk = Walk("P-HOUSE-TRANSFER", "dou.seller", cards={"buyer": "meng.buyer"})
    session, draft = fill_in(county, walk)
    assert [reason["zh"][:12] for reason in draft["counter_only"]] == ["登记簿显示房屋已被查封，"]
    with pytest.raises(CounterOnly):
        submitting.submit(county.ports, session, draft["id"], "key-1", "0" * 64)


def test_a_mortgage_wants_an_answer(county: County) -> None:
    walk = Walk("P-HOUSE-TRANSFER", "pan.seller", cards={"buyer": "meng.buyer"})
    session, draft = fill_in(county, walk)
    assert len(draft["counter_only"]) == 1
    draft = county.fill(session, draft, application__mortgage_handling="keep")
    assert draft["counter_only"] == []
    assert "MORT-OFF" not in {each["code"] for each in draft["matters"] if each["chosen"]}


def test_an_enterprise_listed_as_abnormal_is_not_closed_the_simple_way(county: County) -> None:
    _, draft = fill_in(county, Walk("E-SIMPLE-CANCEL", "shao.son"))
    assert len(draft["counter_only"]) == 1


def test_the_register_does_not_know_a_notice_that_is_not_over(county: County) -> None:
    walk = Walk("E-SIMPLE-CANCEL", "shao.owner", answers={"application.notice_over": True})
    _, draft = fill_in(county, walk)
    assert field(draft, "enterprise.notice_ended_on")["state"] == "not_held"
    assert material(draft, "notice")["state"] == "to_submit"
