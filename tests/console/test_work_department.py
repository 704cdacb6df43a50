"""A department's work over its forms: exactly its own, decided with reasons, and never on an old page."""

import re
from typing import Any

import pytest

from tests.console.office import Desk, Office
from tests.console.work_cases import part_of, seen, sent_out


@pytest.fixture
def officer(office: Office) -> Desk:
    return office.client("officer-wj")


@pytest.fixture
def number(office: Office) -> str:
    return sent_out(office, "WJ", "GA")


def decide(desk: Desk, number: str, act: str, matter: str = "BIRTH-CERT", **fields: Any) -> Any:
    path = f"/department/{number}/{matter}"
    return desk.post(f"{path}/{act}", path, **fields)


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_the_queue_shows_a_departments_own_parts(office: Office, officer: Desk, number: str) -> None:
    assert f"/department/{number}/BIRTH-CERT" in text_of(officer.get("/department/"))
    assert number not in text_of(officer.get("/department/", state="suspended"))
    assert number not in text_of(office.client("officer-ga").get("/department/"))


def test_a_part_shows_just_its_facts_and_papers(office: Office, officer: Desk, number: str) -> None:
    page = text_of(officer.get(f"/department/{number}/VACCINE"))
    view = seen(office, number, "officer-wj")
    own = next(part for part in view["parts"] if part["matter"] == "VACCINE")
    other = next(part for part in view["parts"] if part["matter"] == "BIRTH-CERT")
    facts = {fact["id"]: fact["value_zh"] for fact in own["facts"]}
    assert all(value in page for value in facts.values())
    foreign = {fact["value_zh"] for fact in other["facts"]} - set(facts.values())
    numbers = {value for value in foreign if re.fullmatch(r"\d{17}[\dX]", value)}
    assert not any(value in page for value in numbers)


def test_another_departments_part_is_not_found_and_nothing_changes(office: Office, number: str) -> None:
    ga = office.client("officer-ga")
    assert ga.get(f"/department/{number}/BIRTH-CERT").status_code == 404
    [csrf, *_] = re.findall(r'name="csrf" value="([^"]+)"', text_of(ga.get("/department/")))
    answer = ga.send(f"/department/{number}/BIRTH-CERT/acceptance", {"csrf": csrf, "seen": "99"})
    assert answer.status_code == 303
    assert 'data-reason="not_found"' in text_of(ga.get("/department/"))
    assert part_of(office, number, "BIRTH-CERT")["state"] == "dispatched"


def test_accepted_suspended_resumed_extended_and_completed(
    office: Office, officer: Desk, number: str
) -> None:
    assert decide(officer, number, "acceptance").status_code == 303
    assert part_of(office, number, "BIRTH-CERT")["state"] == "in_handling"
    decide(officer, number, "suspension", cause="testing")
    assert part_of(office, number, "BIRTH-CERT")["pause"] == "testing"
    decide(officer, number, "resumption")
    refused = decide(officer, number, "extension", days="5", extension_reason="")
    assert (refused.status_code, 'data-reason="reason_needed"' in text_of(refused)) == (422, True)
    decide(officer, number, "extension", days="5", extension_reason="需要核实分娩信息")
    assert part_of(office, number, "BIRTH-CERT")["extended_days"] == 5
    fields = {
        "document": "birth_certificate:child",
        "identifier-birth_certificate:child": "C410002",
    }
    decide(officer, number, "completion", **fields)
    part = part_of(office, number, "BIRTH-CERT")
    assert part["state"] == "completed"
    assert part["documents"] == [{"document": "birth_certificate", "of": "child", "identifier": "C410002"}]
    assert "C410002" in text_of(officer.get(f"/department/{number}/BIRTH-CERT"))


def test_a_denial_is_written_with_its_reason(office: Office, officer: Desk, number: str) -> None:
    bare = decide(officer, number, "denial", denial_reason="")
    assert (bare.status_code, 'data-reason="reason_needed"' in text_of(bare)) == (422, True)
    decide(officer, number, "denial", denial_reason="分娩信息不能核实")
    part = part_of(office, number, "BIRTH-CERT")
    assert (part["state"], part["reason"]["zh"]) == ("denied", "分娩信息不能核实")
    assert "denied" in [each["kind"] for each in seen(office, number)["notices"]]


def test_the_second_of_two_officers_sees_what_happened(office: Office, officer: Desk, number: str) -> None:
    path = f"/department/{number}/VACCINE"
    old = officer.hidden(path, f"{path}/denial")
    decide(office.client("officer-wj"), number, "completion", "VACCINE", document=[])
    late = officer.send(f"{path}/denial", {**old, "denial_reason": "不符合"})
    assert late.status_code == 422
    assert 'data-reason="illegal_move"' in text_of(late)
    assert "刚被别人处理过" in text_of(late)
    assert part_of(office, number, "VACCINE")["state"] == "completed"


def test_wants_are_said_once_and_gathered_for_the_window(office: Office, officer: Desk, number: str) -> None:
    nothing = decide(officer, number, "wants", more=" ")
    assert (nothing.status_code, 'data-reason="bad_report"' in text_of(nothing)) == (422, True)
    decide(officer, number, "wants", **{"want-birth_record": "缺病历首页"})
    case = seen(office, number)
    assert [want["zh"] for each in case["wanted"] for want in each["wants"]] == ["缺病历首页"]
    assert "要求补正" not in text_of(officer.get(f"/department/{number}/BIRTH-CERT"))
    clerk = office.client("clerk")
    clerk.post(f"/cases/{number}/supplement", f"/cases/{number}")
    assert part_of(office, number, "BIRTH-CERT")["pause"] == "supplement"


def test_a_time_is_booked_in_the_countys_time(office: Office, officer: Desk, number: str) -> None:
    past = decide(officer, number, "booking", booked_at="2020-01-01T09:00", place="产科")
    assert past.status_code == 422
    decide(officer, number, "booking", booked_at="2031-03-05T09:30", place="县医院产科")
    booked = part_of(office, number, "BIRTH-CERT")["booked"]
    assert (booked["at"], booked["place_zh"]) == ("2031-03-05T09:30:00+08:00", "县医院产科")


def test_a_form_sent_twice_decides_once(office: Office, officer: Desk, number: str) -> None:
    path = f"/department/{number}/BIRTH-CERT"
    fields = officer.hidden(path, f"{path}/acceptance")
    first, second = (officer.send(f"{path}/acceptance", fields) for _ in range(2))
    assert first.location == second.location
    kinds = [line["kind"] for line in seen(office, number)["timeline"] if line["matter"] == "BIRTH-CERT"]
    assert kinds.count("part_accepted") == 1
