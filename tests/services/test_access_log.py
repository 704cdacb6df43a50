"""Who read my data: each sees what was asked about them, and nothing of another's case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from onething.services import access_log, case_progress
from tests.services.county import County
from tests.services.office import CLERK, office, planted


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished) as made:
        made.sandbox.forget_calls()
        yield made


def uses(county: County, session: Any) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = access_log.list_access(county.ports, session)["uses"]
    return listed


def test_the_other_parent_sees_what_was_asked_about_them(county: County) -> None:
    mother = county.sign_in()
    draft = county.fetch(mother, county.agree(mother, county.open(mother)))
    county.fetch(mother, county.authorise(mother, draft, "chen", "father"))
    father = county.sign_in("chen", "father")
    asked = [each for each in uses(county, father) if each["did_zh"].startswith("查询政府数据")]
    assert asked
    assert all(each["who_zh"] and each["why_zh"] and each["case"] is None for each in asked)
    assert any(each["what"] for each in asked)
    about_her = {each["who_zh"] for each in uses(county, mother) if not each["is_own"]}
    assert len(about_her) > 1, "several registers, each by its name"


def test_staff_and_systems_are_named_by_their_duty(county: County) -> None:
    number = planted(county, applicant=county.card("chen", "mother")["id_number"])
    case_progress.view_case(county.ports, CLERK, number)
    found = uses(county, county.sign_in())
    clerk = next(each for each in found if each["who_zh"] == "工作人员")
    assert (clerk["did_zh"], clerk["case"], clerk["is_own"]) == ("查看办件", number, False)
    sent = [each for each in found if each["did_zh"] == "把申请送给部门"]
    assert sent
    assert all(each["who_zh"] == "本系统自动处理" and each["why_zh"] for each in sent)
    assert found[0]["is_own"], "looking here is one's own, and told"


def test_nothing_of_a_register_s_answer_is_in_the_log(county: County) -> None:
    mother = county.sign_in()
    county.fetch(mother, county.agree(mother, county.open(mother)))
    card = county.card("chen", "mother")
    told = str(uses(county, mother))
    assert card["name"] not in told
    assert card["id_number"] not in told
    assert card["address"] not in told
