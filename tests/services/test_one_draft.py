"""One draft for each one-thing and subject, two devices with it, and a case for an event only once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from onething.domain.errors import NotFound
from onething.domain.merging import DraftMovedOn
from onething.domain.phones import place_of
from onething.domain.records import Session
from onething.domain.same_event import AlreadyApplied, DraftThere, subject_texts
from onething.domain.values import Origin, Value
from onething.ports import Conflict
from onething.services import filling, merging, same_event, withdrawing
from onething.services.following import actor_of, case_values, list_drafts
from tests.services.county import County, field


@dataclass
class Devices:
    """The mother's birth at a kiosk, and on another device of hers."""

    county: County
    kiosk: Session
    phone: Session
    draft: dict[str, Any]

    def type(self, session: Session, version: int | None, **values: Any) -> dict[str, Any]:
        named = {key.replace("__", "."): value for key, value in values.items()}
        return filling.fill(self.county.ports, session, self.draft["id"], named, version=version)

    def look(self) -> dict[str, Any]:
        return filling.view_draft(self.county.ports, self.kiosk, self.draft["id"])


@pytest.fixture
def devices(county: County) -> Devices:
    kiosk, phone = county.sign_in(), county.sign_in()
    return Devices(county, kiosk, phone, county.open(kiosk))


def test_two_devices_in_different_fields_do_not_meet(devices: Devices) -> None:
    seen = devices.draft["version"]
    devices.type(devices.kiosk, seen, child__name="陈小满")
    draft = devices.type(devices.phone, seen, application__mobile="19900001234")
    assert field(draft, "child.name")["value"] == "陈小满"
    assert draft["replaced"] == []


def test_two_devices_in_one_field_are_both_told(devices: Devices) -> None:
    seen = devices.draft["version"]
    devices.type(devices.phone, seen, child__name="陈小满")
    draft = devices.type(devices.kiosk, seen, child__name="陈大满")
    assert field(draft, "child.name")["value"] == "陈大满"
    [told] = draft["replaced"]
    assert (told["fact"], told["question_zh"]) == (
        "child.name",
        "您在另一台设备上填写了“陈小满”，保留哪一个？",
    )
    assert [each["zh"] for each in told["values"]] == ["陈大满", "陈小满"]
    assert [each["typed_on_zh"] for each in told["values"]] == ["自助终端上填的", "自助终端上填的"]
    assert all(datetime.fromisoformat(each["typed_at"]).tzinfo for each in told["values"])
    assert filling.view_draft(devices.county.ports, devices.phone, devices.draft["id"])["replaced"] == [told]
    settled = merging.settle(devices.county.ports, devices.phone, devices.draft["id"], "child.name", 1)
    assert field(settled, "child.name")["value"] == "陈小满"
    assert devices.look()["replaced"] == []
    with pytest.raises(NotFound):
        merging.settle(devices.county.ports, devices.phone, devices.draft["id"], "child.name", 1)


def test_the_question_says_where_each_value_was_typed(devices: Devices) -> None:
    devices.phone = replace(devices.phone, terminal=place_of("sign-in"))
    seen = devices.draft["version"]
    devices.type(devices.phone, seen, child__name="陈小满")
    [told] = devices.type(devices.kiosk, seen, child__name="陈大满")["replaced"]
    assert [each["typed_on_zh"] for each in told["values"]] == ["自助终端上填的", "手机上填的"]


def test_who_has_seen_a_value_types_over_it(devices: Devices) -> None:
    seen = devices.type(devices.phone, devices.draft["version"], child__name="陈小满")["version"]
    draft = devices.type(devices.kiosk, seen, child__name="陈大满")
    assert (field(draft, "child.name")["value"], draft["replaced"]) == ("陈大满", [])


def test_a_field_emptied_on_one_device_keeps_what_the_other_typed(devices: Devices) -> None:
    seen = devices.type(devices.kiosk, devices.draft["version"], child__name="陈一")["version"]
    devices.type(devices.phone, seen, child__name="陈小满")
    for version in (seen, None):  # a device that names no version has seen what was there when it began
        draft = devices.type(devices.kiosk, version, child__name=None)
        assert field(draft, "child.name")["value"] == "陈小满"
        devices.type(devices.phone, draft["version"], child__name="陈小满")
    draft = devices.type(devices.kiosk, devices.look()["version"], child__name=None)
    assert field(draft, "child.name")["value"] is None


def test_choosing_over_a_choice_that_was_not_seen_is_refused(devices: Devices) -> None:
    county, draft = devices.county, devices.draft
    matters = [each["code"] for each in draft["matters"] if each["chosen"]]
    filling.choose(county.ports, devices.phone, draft["id"], matters, version=draft["version"])
    without = [each["code"] for each in draft["matters"] if each["chosen"] and not each["optional"]]
    with pytest.raises(DraftMovedOn):
        filling.choose(county.ports, devices.kiosk, draft["id"], without, version=draft["version"])
    now = devices.look()["version"]
    assert filling.choose(county.ports, devices.kiosk, draft["id"], without, version=now)["version"] > now


def test_what_was_replaced_does_not_go_out_with_the_case(county: County) -> None:
    session, other = county.sign_in(), county.sign_in()
    draft = county.ready_birth(session)
    seen = draft["version"] - 2
    filling.fill(county.ports, other, draft["id"], {"child.name": "陈小满"}, version=seen)
    assert filling.view_draft(county.ports, session, draft["id"])["replaced"]
    number = county.submit(session, draft)["case_number"]
    with county.ports.records.read() as uow:
        case = uow.cases.find_by_number(number)
        assert case is not None
        name = case_values(uow, case)["child.name"]
    assert (name.value, name.replaced) == ("陈小满", ())


def begin(county: County, session: Session, *, another: bool = False) -> dict[str, Any]:
    return filling.open_draft(county.ports, session, "P-NEWBORN", None, {}, another=another)


def test_opening_again_offers_the_draft_there_is_on_any_channel(county: County) -> None:
    first = begin(county, county.sign_in())
    again = begin(county, county.sign_in())
    assert (again["id"], again["resumed"]) == (first["id"], True)


def test_twins_are_two_drafts_and_neither_is_begun_twice(county: County) -> None:
    session = county.sign_in()
    first = begin(county, session)
    assert begin(county, session, another=True)["id"] == first["id"]  # about nobody yet
    name(county, session, first, "陈大满")
    second = begin(county, session, another=True)
    assert second["id"] != first["id"]
    assert begin(county, session, another=True)["id"] == second["id"]
    with pytest.raises(DraftThere):
        name(county, session, second, "陈大满")
    name(county, session, second, "陈小月")
    listed = list_drafts(county.ports, session)
    assert [each["masked_subject"] for each in listed] == ["陈*月", "陈*满"]
    assert begin(county, session)["id"] == second["id"]


def name(county: County, session: Session, draft: dict[str, Any], child: str) -> dict[str, Any]:
    """What tells one child of this mother from another."""
    values = {"child.name": child, "child.birth_on": "2026-11-01"}
    return filling.fill(county.ports, session, draft["id"], values)


def test_of_many_who_open_at_once_all_get_one_draft(county: County) -> None:
    session = county.sign_in()
    with ThreadPoolExecutor(6) as threads:
        opened = list(threads.map(lambda _: begin(county, session)["id"], range(6)))
    assert len(set(opened)) == 1
    name(county, session, {"id": opened[0]}, "陈大满")
    with ThreadPoolExecutor(6) as threads:
        opened = list(threads.map(lambda _: begin(county, session, another=True)["id"], range(6)))
    assert len(set(opened)) == 1


def test_two_drafts_that_become_one_child_at_once_do_not(county: County) -> None:
    session = county.sign_in()
    first = begin(county, session)
    name(county, session, first, "陈一")
    second = begin(county, session, another=True)
    name(county, session, second, "陈二")

    def rename(draft: dict[str, Any]) -> str:
        try:
            name(county, session, draft, "陈三")
        except DraftThere:
            return "refused"
        return "taken"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(rename, [first, second])) == ["refused", "taken"]


def test_an_event_is_handed_in_once_and_only_its_own_people_hear_the_number(county: County) -> None:
    session = county.sign_in()
    number = county.submit(session, county.ready_birth(session))["case_number"]
    others_hear_no_number(county, session, number)
    again = county.ready_birth(session)
    [told] = [each for each in again["missing"] if each["id"] == "already_applied"]
    assert number in told["zh"]
    with pytest.raises(AlreadyApplied) as refused:
        county.submit(session, again, "key-2")
    assert number in refused.value.text.zh
    withdrawing.withdraw(county.ports, actor_of(session), number)
    assert county.submit(session, again, "key-3")["case_number"] != number


def others_hear_no_number(county: County, mother: Session, number: str) -> None:
    with county.ports.records.act() as uow:
        case = uow.cases.find_by_number(number)
        assert case is not None
        thing, told = county.ports.catalogs.get(case.revision).get_thing(case.thing), case_values(uow, case)
        other = replace(mother, holder="another")
        for session, hears in ((other, False), (replace(other, clerk="clerk-1"), True)):
            with pytest.raises(AlreadyApplied) as refused:
                same_event.must_be_new(county.ports, uow, session, thing, told, ["HUKOU"])
            assert (number in refused.value.text.zh + refused.value.text.en) == hears
        same_event.must_be_new(county.ports, uow, other, thing, told, ["NO-SUCH-MATTER"])
        assert same_event.own_cases(county.ports, uow, thing, told, "another") == {}
    # Rivals past that look meet at the table's key.
    with pytest.raises(Conflict), county.ports.records.act() as uow:
        same_event.claim_for(county.ports, uow, case, thing, told)


@pytest.mark.parametrize("other", ["E-HIRE", "P-FLEXJOB"])
def test_what_names_no_subject_is_done_as_often_as_wanted(county: County, other: str) -> None:
    _, catalog = county.ports.catalogs.current()
    assert catalog.get_thing(other).identified_by == ()
    assert subject_texts(catalog.get_thing(other), {}) == []


def test_a_subject_is_the_same_however_it_is_written() -> None:
    thing = SimpleNamespace(code="P", identified_by=(("a.id", "b.name"), ("a.id",)))
    one = {"a.id": Value("41 1599x", Origin.TYPED), "b.name": Value("陈", Origin.TYPED)}
    other = {"a.id": Value("４11599X", Origin.CARD), "b.name": Value("陈 ", Origin.REGISTER)}
    assert subject_texts(thing, one) == subject_texts(thing, other)  # type: ignore[arg-type]
    assert len(subject_texts(thing, {"a.id": one["a.id"]})) == 1  # type: ignore[arg-type]
