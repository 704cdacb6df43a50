"""A birth from the card to the departments, and every way in which sources can let a mother down."""

from datetime import timedelta
from typing import Any

import pytest

from onething.domain.errors import (
    AlreadySubmitted,
    BadFields,
    ConsentNeeded,
    MatterNeeded,
    NotComplete,
    NotFound,
    WrongPerson,
)
from onething.ports import KeyReused
from onething.services import authorising, following, handling, submitting
from onething.worker import Worker
from tests.services.county import County, field, material

UNKNOWN_NUMBER = "41159920000101001X"  # a valid number that nobody in the sandbox has
ALL_FIVE = ["BIRTH-CERT", "VACCINE", "HUKOU", "MED-INS", "SS-CARD"]


def report(county: County, department: str, matter: str, kind: str, **more: Any) -> dict[str, str]:
    part = delivered(county, matter)["part"]
    event = {"event_id": f"{part}-{kind}", "part": part, "kind": kind, "at": "2026-11-23T10:00:00+08:00"}
    return handling.take_event(county.ports, department, {**event, **more})


def delivered(county: County, matter: str) -> dict[str, Any]:
    """The newest part of this matter that a department holds."""
    return next(p["body"] for p in county.sandbox.list_parts()[::-1] if p["body"]["matter"] == matter)


def test_from_card_to_case(county: County) -> None:
    session = county.sign_in()
    draft = county.ready_birth(session)
    assert draft["ready"], draft["missing"]
    for section in draft["form"]["sections"]:
        for each in section["fields"]:
            if each["state"] in ("found", "card", "computed"):
                assert each["source"]["zh"]
            if each["state"] == "found":
                assert each["source"]["as_of"]
    answer = county.submit(session, draft)
    case = following.view_case(county.ports, session, answer["case_number"])
    assert case["state"] == "accepted"
    assert {part["matter"] for part in case["parts"]} == set(ALL_FIVE)
    assert answer["receipt"]["applicant_masked"] == "陈*梅"
    assert following.get_form(county.ports, session, answer["case_number"]).startswith(b"%PDF")


def test_a_retry_gets_the_first_answer_and_another_body_is_refused(county: County) -> None:
    session = county.sign_in()
    draft = county.ready_birth(session)
    first = county.submit(session, draft)
    assert county.submit(session, draft) == first
    with pytest.raises(KeyReused):
        submitting.submit(county.ports, session, draft["id"], "key-1", "1" * 64)
    with pytest.raises(AlreadySubmitted):
        county.submit(session, draft, "key-2")


def test_departments_work_in_order_and_results_go_on(county: County) -> None:
    session = county.sign_in()
    number = county.submit(session, county.ready_birth(session))["case_number"]
    worker = Worker(county.ports, "test")
    assert worker.work_once() == 2
    bodies = [p["body"] for p in county.sandbox.list_parts()]
    assert {b["matter"] for b in bodies if b["case_number"] == number} == {"BIRTH-CERT", "VACCINE"}
    assert (
        "mother.householder_name" not in delivered(county, "VACCINE")["facts"]
    )  # only what the matter needs
    report(county, "WJ", "BIRTH-CERT", "accepted")
    result = {"facts": {"child.birth_certificate_number": "Y410123456"}, "documents": []}
    assert report(county, "WJ", "BIRTH-CERT", "completed", result=result) == {"status": "applied"}
    assert report(county, "WJ", "BIRTH-CERT", "completed", result=result) == {"status": "already_known"}
    assert worker.work_once() == 1
    facts = delivered(county, "HUKOU")["facts"]
    assert facts["child.birth_certificate_number"] == "Y410123456"
    assert facts["child.ethnicity"] == "01"  # computed from both parents'
    assert facts["application.settle_with"] == "mother"  # the question's default, left as it was


def test_a_refusal_stops_only_what_waits_for_it(county: County) -> None:
    session = county.sign_in()
    number = county.submit(session, county.ready_birth(session))["case_number"]
    Worker(county.ports, "test").work_once()
    reason = {"code": "no_record", "zh": "没有分娩记录", "en": "No record of the birth"}
    report(county, "WJ", "BIRTH-CERT", "denied", reason=reason)
    report(county, "WJ", "VACCINE", "completed", result={"facts": {}, "documents": []})
    case = following.view_case(county.ports, session, number)
    states = {part["matter"]: part["state"] for part in case["parts"]}
    assert states == {
        "BIRTH-CERT": "denied",
        "VACCINE": "completed",
        "HUKOU": "stopped",
        "MED-INS": "stopped",
        "SS-CARD": "stopped",
    }
    assert case["state"] == "closed"
    assert next(p for p in case["parts"] if p["matter"] == "BIRTH-CERT")["reason_zh"] == "没有分娩记录"


def test_an_illegal_report_changes_nothing(county: County) -> None:
    session = county.sign_in()
    number = county.submit(session, county.ready_birth(session))["case_number"]
    Worker(county.ports, "test").work_once()
    with pytest.raises(handling.ReasonNeeded):
        report(county, "WJ", "VACCINE", "denied", reason={})
    report(county, "WJ", "VACCINE", "denied", reason={"code": "no", "zh": "不符合条件"})
    with pytest.raises(handling.IllegalReport):
        report(county, "WJ", "VACCINE", "completed", result={})
    with pytest.raises(NotFound):  # another department's part
        report(county, "GA", "BIRTH-CERT", "accepted")
    case = following.view_case(county.ports, session, number)
    assert sum(line["kind"] == "part_completed" for line in case["timeline"]) == 0


def test_nothing_is_fetched_before_consent(county: County) -> None:
    session = county.sign_in()
    draft = county.open(session)
    with pytest.raises(ConsentNeeded):
        county.fetch(session, draft)
    assert county.sandbox.list_calls() == []


def test_a_refused_source_is_never_asked_and_its_facts_are_typed(county: County) -> None:
    session = county.sign_in()
    draft = county.fetch(session, county.agree(session, county.open(session), "marriage_register"))
    draft = authorising.decline(county.ports, session, draft["id"], "father")
    assert county.sandbox.list_calls("marriage_register") == []
    assert field(draft, "father.name")["state"] == "refused"
    assert field(draft, "father.name")["editable"]


@pytest.mark.parametrize("mood", ["down", "error_text", "wrong_json", "huge", "wrong_person"])
def test_a_register_without_a_usable_answer_is_told_from_an_empty_one(county: County, mood: str) -> None:
    county.sandbox.put_mood("birth_register", mood)
    session = county.sign_in()
    draft = county.fetch(session, county.agree(session, county.open(session)))
    sex = field(draft, "child.sex")
    assert sex["state"] == "unavailable"
    assert sex["value"] is None
    assert sex["source"]["id"] == "birth_register"
    assert material(draft, "birth_record")["state"] == "to_submit"
    county.sandbox.put_mood("birth_register", "ok")
    draft = county.fetch(session, draft, "birth_register")
    assert field(draft, "child.sex")["state"] == "found"
    assert material(draft, "birth_record")["state"] == "met"


def test_a_register_that_holds_nothing_says_so(county: County) -> None:
    session = county.sign_in(*unmarried(county))
    draft = county.fetch(session, county.agree(session, county.open(session)))
    draft = authorising.decline(county.ports, session, draft["id"], "father")
    assert field(draft, "father.name")["state"] == "not_held"


def unmarried(county: County) -> tuple[str, str]:
    fathers = {p["family"] for p in county.sandbox.list_people() if p["role"] == "father"}
    mother = next(
        p for p in county.sandbox.list_people() if p["role"] == "mother" and p["family"] not in fathers
    )
    return mother["family"], "mother"


def test_the_father_is_not_asked_about_before_his_card(county: County) -> None:
    session = county.sign_in()
    draft = county.fetch(session, county.agree(session, county.open(session)))
    father = county.card("chen", "father")["id_number"]
    assert not [c for c in county.sandbox.list_calls() if father in str(c)]
    with pytest.raises(WrongPerson):
        authorising.authorise(county.ports, session, draft["id"], "father", county.card("tong", "father"))
    assert not [c for c in county.sandbox.list_calls() if father in str(c)]
    draft = county.fetch(session, county.authorise(session, draft, "chen", "father"))
    assert material(draft, "f_id")["state"] == "met"


def test_without_the_father_the_form_goes_on_with_papers(county: County) -> None:
    session = county.sign_in()
    draft = county.fetch(session, county.agree(session, county.open(session)))
    draft = authorising.decline(county.ports, session, draft["id"], "father")
    assert material(draft, "f_id")["state"] == "to_submit"
    assert field(draft, "father.ethnicity")["state"] == "needed"


def test_a_strangers_number_yields_nothing_and_no_hint(county: County) -> None:
    """Typed by somebody else, a number that exists and one that does not look exactly alike."""
    views = []
    for number in (county.card("tong", "father")["id_number"], UNKNOWN_NUMBER):
        session = county.sign_in(*unmarried(county))
        draft = county.fetch(session, county.agree(session, county.open(session)))
        draft = county.fill(session, draft, father__name="某某", father__id_number=number)
        county.sandbox.forget_calls()
        draft = county.fetch(session, draft)
        assert not [c for c in county.sandbox.list_calls() if number in str(c)]
        views.append([(m["id"], m["state"]) for m in draft["materials"]])
        county.fill(session, draft, father__name=None, father__id_number=None)
    assert views[0] == views[1]


def test_an_unticked_matter_that_others_need_is_refused_with_a_sentence(county: County) -> None:
    from onething.services import filling

    session = county.sign_in()
    draft = county.open(session)
    with pytest.raises(MatterNeeded) as refused:
        filling.choose(county.ports, session, draft["id"], [m for m in ALL_FIVE if m != "HUKOU"])
    assert "身份证号码" in refused.value.text.zh
    again = filling.view_draft(county.ports, session, draft["id"])
    assert {m["code"] for m in again["matters"] if m["chosen"]} == set(ALL_FIVE)


def test_the_good_fields_are_kept_when_one_is_bad(county: County) -> None:
    session = county.sign_in()
    draft = county.open(session)
    with pytest.raises(BadFields) as bad:
        county.fill(session, draft, application__mobile="123", child__name="李想")
    assert [(e.field, e.reason) for e in bad.value.fields] == [("application.mobile", "bad_mobile")]
    assert field(county.open(session), "child.name")["value"] == "李想"


@pytest.mark.parametrize("name", ["李\x1b@想", "李\u202e想", "李\x00", "<script>", "李\u200d想"])
def test_a_name_that_could_command_a_printer_is_refused(county: County, name: str) -> None:
    session = county.sign_in()
    with pytest.raises(BadFields):
        county.fill(session, county.open(session), child__name=name)


def test_something_missing_is_named(county: County) -> None:
    session = county.sign_in()
    draft = county.fetch(session, county.agree(session, county.open(session)))
    with pytest.raises(NotComplete) as refused:
        county.submit(session, draft)
    assert {"child.name", "application.mobile", "signature", "father"} <= {
        e.field for e in refused.value.fields
    }


def test_a_wrong_value_of_a_register_is_disputed_and_not_overwritten(county: County) -> None:
    session = county.sign_in()
    draft = county.fetch(session, county.agree(session, county.open(session)))
    draft = county.fill(session, draft, child__birth_hospital="新县中医院")
    hospital = field(draft, "child.birth_hospital")
    assert hospital["state"] == "disputed"
    assert hospital["source"]["id"] == "birth_register"
    draft = county.fill(session, draft, child__birth_hospital=None)
    assert field(draft, "child.birth_hospital")["state"] == "found"


def test_another_persons_draft_and_case_are_not_there(county: County) -> None:
    session = county.sign_in()
    draft = county.ready_birth(session)
    number = county.submit(session, draft)["case_number"]
    stranger = county.sign_in("tong", "mother")
    with pytest.raises(NotFound):
        following.view_case(county.ports, stranger, number)
    with pytest.raises(NotFound):
        county.fetch(stranger, draft)


def test_the_draft_is_there_again_the_next_day(county: County) -> None:
    first = county.open(county.sign_in())
    again = county.open(county.sign_in())
    assert again["id"] == first["id"]
    assert again["resumed"]


def test_a_session_ends_with_its_time(county: County) -> None:
    from onething.domain.errors import SessionEnded
    from onething.services import signing_in

    started = signing_in.start_session(county.ports, county.terminal, county.card("chen", "mother"))
    later = county.ports.clock.now() + timedelta(seconds=county.ports.settings.session_seconds + 1)
    late = _at(county, later)
    with pytest.raises(SessionEnded):
        signing_in.get_session(late, county.terminal.id, started["token"])
    with pytest.raises(SessionEnded):
        signing_in.get_session(county.ports, "another-terminal", started["token"])


def _at(county: County, moment: Any) -> Any:
    from dataclasses import replace

    class Clock:
        def now(self) -> Any:
            return moment

    return replace(county.ports, clock=Clock())


def test_a_case_keeps_nothing_that_no_chosen_matter_needs(county: County) -> None:
    from onething.services import filling

    session = county.sign_in()
    draft = county.ready_birth(session)
    everything = [*ALL_FIVE, "MATERNITY-PAY"]
    filling.choose(county.ports, session, draft["id"], everything)
    county.fill(session, draft, mother__bank_card="6225990000000000017", mother__bank_name="新县农村商业银行")
    filling.choose(county.ports, session, draft["id"], ["VACCINE"])
    county.submit(session, draft)
    with county.ports.records.act() as uow:
        (case,) = uow.cases.list_of_holder(session.holder)
        values = uow.cases.get_values(case.id)
    assert "bank_card" not in values["mother"]
    assert "address" not in values["mother"]
    assert values["mother"]["name"]["value"] == "陈晓梅"
