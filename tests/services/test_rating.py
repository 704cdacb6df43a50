"""Ratings, the putting right of low ones, and appeals, on both databases and with the sandbox's province."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from onething.domain.actors import Actor
from onething.domain.cases import EventKind
from onething.domain.catalog import Label
from onething.domain.clocks import day_of
from onething.domain.errors import BadFields, NotFound
from onething.domain.ratings import Finding, Remedy
from onething.domain.staff import NotOneself, RoleMissing
from onething.ports import Once
from onething.services import appealing, rating, rectifying
from onething.services.outcome_refusals import (
    AlreadyAppealed,
    AlreadyRated,
    AlreadySettled,
    BadRating,
    CallBackFirst,
    NotDoneYet,
    WordsNeeded,
)
from tests.services.county import County
from tests.services.office import (
    CLERK,
    SUPERVISOR,
    citizen,
    complete,
    forward,
    kinds,
    office,
    officer,
    planted,
    told,
    work,
)

WORDS = Label(
    "经核实，窗口当日排队较长，已增开窗口", "The queue was long that day; another window was opened"
)


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished) as made:
        yield made


def closed(county: County) -> str:
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"])
    complete(county, number, "BIRTH-CERT", "VACCINE")
    return number


def rate(county: County, number: str, level: str = "dissatisfied", **more: Any) -> dict[str, Any]:
    said = {"level": level, "channel": "kiosk", "reasons": ["visits"], **more}
    return rating.rate(county.ports, citizen(county), number, **said)


def view(county: County, number: str) -> dict[str, Any]:
    return rating.view_ratings(county.ports, citizen(county), number)


def call_back(county: County, rectification: str, *, reached: bool = True) -> dict[str, Any]:
    return rectifying.call_back(
        county.ports, officer("WJ"), rectification, reached=reached, note="已电话致歉，说明情况"
    )


def settle(county: County, rectification: str, **changes: Any) -> dict[str, Any]:
    said = {"finding": Finding.JUSTIFIED, "remedy": Remedy.DONE, "words": WORDS, **changes}
    return rectifying.settle(county.ports, officer("WJ"), rectification, **said)


def test_a_service_is_rated_once_it_has_ended_and_once(county: County) -> None:
    number = planted(county, chosen=["BIRTH-CERT", "VACCINE"])
    with pytest.raises(NotDoneYet):
        rate(county, number)
    with pytest.raises(NotDoneYet):
        rate(county, number, matter="VACCINE")
    complete(county, number, "VACCINE")
    rate(county, number, "very_satisfied", matter="VACCINE")
    with pytest.raises(AlreadyRated):
        rate(county, number, "satisfied", matter="VACCINE")
    complete(county, number, "BIRTH-CERT")
    assert view(county, number)["may_rate"] == [
        {"occasion": "submission", "matter": None},
        {"occasion": "result", "matter": None},
        {"occasion": "result", "matter": "BIRTH-CERT"},
    ]
    rate(county, number, "satisfied")
    assert [each["level"] for each in told(county, number, EventKind.RATED)] == [
        "very_satisfied",
        "satisfied",
    ]


def test_the_handing_in_is_rated_apart_and_at_once(county: County) -> None:
    number = planted(county)
    rate(county, number, "satisfied", occasion="submission")
    with pytest.raises(AlreadyRated):
        rate(county, number, "satisfied", occasion="submission")
    with pytest.raises(BadRating):
        rate(county, number, "satisfied", occasion="submission", matter="HUKOU")


@pytest.mark.parametrize(
    "wrong",
    [{"level": "5"}, {"channel": "letter"}, {"reasons": ["weather"]}, {"occasion": "weekend"}],
)
def test_what_is_not_on_the_list_is_refused(county: County, wrong: dict[str, Any]) -> None:
    number = closed(county)
    with pytest.raises(BadRating):
        rate(county, number, **{"level": "satisfied", **wrong})
    assert "rated" not in kinds(county, number)


def test_what_a_rater_writes_cannot_command_anything(county: County) -> None:
    number = closed(county)
    for comment in ("\x1b@", "字" * 501, "\u202e"):
        with pytest.raises(BadFields):
            rate(county, number, comment=comment)
    assert rate(county, number, comment="  跑了三趟  ")["comment"] == "跑了三趟"
    assert "三趟" not in str(told(county, number, EventKind.RATED))


def test_a_retry_is_the_same_rating(county: County) -> None:
    number, once = closed(county), Once("key-1", "0" * 64)
    assert rate(county, number, once=once) == rate(county, number, once=once)
    assert kinds(county, number).count("rated") == 1


def test_only_the_citizen_rates_and_only_their_own(county: County) -> None:
    number = closed(county)
    with pytest.raises(RoleMissing):
        rating.rate(county.ports, CLERK, number, level="very_satisfied", channel="window")
    stranger = Actor("session-2", "citizen", holder="b" * 32)
    with pytest.raises(NotFound):
        rating.rate(county.ports, stranger, number, level="very_satisfied", channel="kiosk")


@pytest.mark.parametrize(
    ("names", "wished", "kept"),
    [("choice", True, True), ("choice", False, False), ("always", False, True), ("never", True, False)],
)
def test_names_are_as_the_county_decides(county: County, names: str, wished: bool, kept: bool) -> None:
    county.ports = replace(county.ports, settings=replace(county.ports.settings, rating_names=names))
    number = closed(county)
    assert rate(county, number, named=wished)["named"] is kept
    with county.ports.records.read() as uow:
        (there,) = uow.ratings.list_of(uow.cases.find_by_number(number).id)  # type: ignore[union-attr]
    assert (there.holder is not None) is kept


def test_a_good_rating_opens_nothing(county: County) -> None:
    assert rate(county, closed(county), "basically_satisfied", reasons=[])["rectification"] is None
    assert rectifying.list_open(county.ports, SUPERVISOR).rows == ()


def test_a_low_rating_is_put_right_and_rated_again_once(county: County) -> None:
    number = closed(county)
    low = rate(county, number, named=True, comment="跑了三趟")
    today = day_of(county.ports.clock.now())
    due_on, _ = county.ports.working_days.after(today, 5)
    assert low["rectification"]["due_on"] == due_on.isoformat()
    (listed,) = rectifying.list_open(county.ports, officer("WJ")).rows
    assert (listed["case_number"], listed["comment"], listed["level"]) == (number, "跑了三趟", "dissatisfied")
    with pytest.raises(AlreadyRated):  # not put right yet
        rate(county, number, "satisfied")
    settle_early = low["rectification"]["id"]
    with pytest.raises(CallBackFirst):
        settle(county, settle_early)
    call_back(county, settle_early, reached=False)
    with pytest.raises(CallBackFirst):
        settle(county, settle_early)
    call_back(county, settle_early)
    promised = today + timedelta(days=9)
    settle(county, settle_early, remedy=Remedy.PROMISED, remedy_on=promised)
    seen = view(county, number)["ratings"][0]["rectification"]
    assert (seen["state"], seen["finding"], seen["words_zh"]) == ("settled", "justified", WORDS.zh)
    assert seen["remedy_on"] == promised.isoformat()
    assert "call_note" not in seen  # the office's own
    assert kinds(county, number)[-1] == "rectified"
    again = rate(county, number, "satisfied", reasons=["visits"])
    assert again["number"] == 2
    with pytest.raises(AlreadyRated):
        rate(county, number, "very_satisfied")
    assert rectifying.list_open(county.ports, SUPERVISOR).rows == ()


def test_a_rating_without_a_name_does_not_name_the_case(county: County) -> None:
    number = closed(county)
    rate(county, number, named=False)
    (listed,) = rectifying.list_open(county.ports, officer("WJ")).rows
    assert listed["case_number"] is None
    assert rating.view_ratings(county.ports, CLERK, number)["ratings"] == []
    assert len(view(county, number)["ratings"]) == 1
    settle(county, listed["id"])  # nobody to be called back


def test_what_is_late_shows_and_another_department_sees_nothing(county: County) -> None:
    low = rate(county, closed(county))
    forward(county, days=30)
    (listed,) = rectifying.list_open(county.ports, SUPERVISOR).rows
    assert listed["is_late"]
    assert rectifying.list_open(county.ports, officer("GA")).rows == ()
    with pytest.raises(NotFound):
        rectifying.call_back(county.ports, officer("GA"), low["rectification"]["id"], reached=True, note="x")


def test_a_finding_without_words_or_with_half_a_promise_is_refused(county: County) -> None:
    low = rate(county, closed(county))["rectification"]["id"]
    yesterday = day_of(county.ports.clock.now()) - timedelta(days=1)
    for wrong in (
        {"words": Label(" ", "")},
        {"remedy": Remedy.PROMISED},
        {"remedy_on": yesterday},
        {"remedy": Remedy.PROMISED, "remedy_on": yesterday},
    ):
        with pytest.raises(WordsNeeded):
            settle(county, low, **wrong)
    settle(county, low)
    with pytest.raises(AlreadySettled):
        settle(county, low)


def appeal(county: County, low: dict[str, Any], **changes: Any) -> dict[str, Any]:
    said = {"ground": "malicious", "reason": "同一人一天内多次差评，与办理无关", **changes}
    return appealing.appeal(county.ports, officer("WJ"), low["id"], **said)


def test_a_malicious_rating_is_excluded_with_its_trace(county: County) -> None:
    number = closed(county)
    low = rate(county, number)
    made = appeal(county, low)
    with pytest.raises(AlreadyAppealed):
        appeal(county, low)
    with pytest.raises(NotFound):
        appealing.appeal(county.ports, officer("GA"), low["id"], ground="mistaken", reason="不是本局的")
    with pytest.raises(RoleMissing):
        appealing.exclude(county.ports, officer("WJ"), made["id"], excluded=True, reason="自己说了算")
    with pytest.raises(WordsNeeded):
        appealing.exclude(county.ports, SUPERVISOR, made["id"], excluded=True, reason=" ")
    assert [each["id"] for each in appealing.list_appeals(county.ports, SUPERVISOR).rows] == [made["id"]]
    appealing.exclude(county.ports, SUPERVISOR, made["id"], excluded=True, reason="查实为恶意差评")
    with pytest.raises(AlreadySettled):
        appealing.exclude(county.ports, SUPERVISOR, made["id"], excluded=False, reason="再想想")
    (seen,) = view(county, number)["ratings"]  # still there to be seen
    assert seen["excluded"]
    assert seen["rectification"]["state"] == "dropped"
    assert [each.get("excluded", False) for each in told(county, number, EventKind.RATED)] == [False, True]
    assert rectifying.list_open(county.ports, SUPERVISOR).rows == ()
    with pytest.raises(AlreadyRated):
        rate(county, number, "satisfied")


def test_an_appeal_that_fails_leaves_the_rating_and_its_putting_right(county: County) -> None:
    number = closed(county)
    made = appeal(county, rate(county, number), ground="mistaken")
    appealing.exclude(county.ports, SUPERVISOR, made["id"], excluded=False, reason="评价属实")
    assert not view(county, number)["ratings"][0]["excluded"]
    assert len(rectifying.list_open(county.ports, officer("WJ")).rows) == 1


def test_whoever_appealed_does_not_decide(county: County) -> None:
    both = replace(officer("WJ"), roles=frozenset({"department", "supervisor"}))
    low = rate(county, closed(county))
    made = appealing.appeal(county.ports, both, low["id"], ground="mistaken", reason="点错了")
    with pytest.raises(NotOneself):
        appealing.exclude(county.ports, both, made["id"], excluded=True, reason="点错了")


def test_the_province_gets_ratings_and_appeals_once_it_is_back(county: County) -> None:
    county.ports = replace(county.ports, settings=replace(county.ports.settings, reports_to_province=True))
    county.sandbox.put_mood("province", "down")
    number = closed(county)
    made = appeal(county, rate(county, number, "very_dissatisfied", comment="太慢"))
    appealing.exclude(county.ports, SUPERVISOR, made["id"], excluded=True, reason="查实为恶意差评")
    work(county)
    assert not [r for r in county.sandbox.get_province()["ratings"] if r["body"]["projectNo"] == number]
    county.sandbox.put_mood("province", "ok")
    for _ in range(6):
        forward(county, seconds=700)
        work(county)
    (there,) = [r for r in county.sandbox.get_province()["ratings"] if r["body"]["projectNo"] == number]
    assert (there["body"]["satisfaction"], there["body"]["evalDetail"]) == ("1", ["105"])
    assert (there["body"]["proStatus"], there["deliveries"], there["excluded"]) == ("3", 1, True)
    with county.ports.records.read() as uow:
        assert uow.jobs.list_unfinished() == []
