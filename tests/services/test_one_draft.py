"""One draft for each one-thing and subject, two devices with it, and a case for an event only once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from onething.domain.errors import NotFound
from onething.domain.merging import DraftMovedOn
from onething.domain.records import Session
from onething.services import filling, merging
from onething.services.following import case_values
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
    assert filling.view_draft(devices.county.ports, devices.phone, devices.draft["id"])["replaced"] == [told]
    settled = merging.settle(devices.county.ports, devices.phone, devices.draft["id"], "child.name", 1)
    assert field(settled, "child.name")["value"] == "陈小满"
    assert devices.look()["replaced"] == []
    with pytest.raises(NotFound):
        merging.settle(devices.county.ports, devices.phone, devices.draft["id"], "child.name", 1)


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
