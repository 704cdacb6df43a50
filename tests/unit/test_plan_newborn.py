"""The plan of a birth, on the county's own pack: what is asked, fetched, waived and in which order."""

from pathlib import Path

import pytest

from onething.domain.plan import Plan, make_plan
from onething.domain.situation import Outcome, Right, Situation
from onething.packs.reading import load_pack

PACK = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian")
ALL_FIVE = frozenset({"BIRTH-CERT", "VACCINE", "HUKOU", "MED-INS", "SS-CARD"})
FAMILY = {
    "mother.name": "陈晓梅",
    "mother.id_number": "411599199603120021",
    "mother.sex": "2",
    "mother.ethnicity": "01",
    "mother.birth_on": "1996-03-12",
    "mother.address": "河南省信阳市新县",
    "father.name": "李建国",
    "father.id_number": "411599199401150013",
}


def plan(**parts: object) -> Plan:
    assert PACK.catalog is not None, PACK.problems
    return make_plan(PACK.catalog, "P-NEWBORN", Situation(**parts))  # type: ignore[arg-type]


def asked(made: Plan) -> set[str]:
    return {each.fact for each in made.ask}


def how(made: Plan, material: str) -> str | None:
    return next((each.how.value for each in made.materials if each.material == material), None)


def test_only_what_the_mother_alone_knows_is_asked() -> None:
    assert asked(plan()) == {"child.name", "application.mobile"}


def test_nothing_that_a_chosen_matter_produces_is_asked_or_wanted_as_paper() -> None:
    made = plan()
    assert "child.id_number" not in made.form
    assert "child.birth_certificate_number" not in asked(made)
    assert how(made, "birth_certificate") == "inside"


def test_unticking_the_birth_certificate_asks_for_what_it_would_have_produced() -> None:
    made = plan(chosen=ALL_FIVE - {"BIRTH-CERT"})
    assert "child.birth_certificate_number" in asked(made)
    assert how(made, "birth_certificate") == "submit"  # a child without a number holds no e-licence yet
    assert made.order.waves[0] == ("VACCINE", "HUKOU")


def test_unticking_changes_the_end() -> None:
    assert plan().end.path == ("BIRTH-CERT", "HUKOU", "MED-INS")
    assert plan(chosen=frozenset({"VACCINE"})).end.path == ("VACCINE",)


def test_unticking_what_others_need_is_a_conflict_with_a_reason() -> None:
    made = plan(chosen=ALL_FIVE - {"HUKOU"})
    assert {c.matters for c in made.conflicts} == {("MED-INS", "HUKOU"), ("SS-CARD", "HUKOU")}
    assert all(c.text.zh and c.text.en for c in made.conflicts)


def test_the_order_follows_the_results() -> None:
    assert plan().order.waves == (("BIRTH-CERT", "VACCINE"), ("HUKOU",), ("MED-INS", "SS-CARD"))


def test_nobody_but_the_holder_is_asked_about_without_their_own_card() -> None:
    calls = [call for wave in plan().fetch for call in wave if call.about == "father"]
    assert calls
    assert all(call.authorised_by == "father" for call in calls)
    declined = plan(rights={"father": Right.DECLINED})
    assert not [call for wave in declined.fetch for call in wave if call.about == "father"]
    assert how(declined, "f_id") == "submit"


def test_a_register_that_holds_nothing_becomes_questions_with_that_reason() -> None:
    made = plan(known=FAMILY, outcomes={"birth_register:mother": Outcome.NOT_HELD})
    reasons = {each.fact: each.why for each in made.ask}
    assert reasons["child.sex"] == "not_held"
    assert how(made, "birth_record") == "submit"


def test_an_unreachable_register_is_told_from_an_empty_one() -> None:
    made = plan(known=FAMILY, outcomes={"birth_register:mother": Outcome.UNAVAILABLE})
    assert {each.why for each in made.ask if each.fact == "child.sex"} == {"unavailable"}


def test_a_material_falls_back_to_data_before_paper() -> None:
    gone = {"e_licences:marriage_certificate:mother": Outcome.NOT_HELD}
    assert how(plan(outcomes=gone), "marriage") == "data"
    gone["marriage_register:mother"] = Outcome.UNAVAILABLE
    assert how(plan(outcomes=gone), "marriage") == "submit"


def test_parents_of_one_people_settle_the_childs() -> None:
    known = {**FAMILY, "father.ethnicity": "01"}
    assert plan(known=known).computed["child.ethnicity"] == "01"
    mixed = plan(known={**known, "father.ethnicity": "11"})
    assert "child.ethnicity" in asked(mixed)
    assert how(mixed, "ethnic") == "submit"


def test_a_father_at_the_reader_is_the_father_and_brings_a_mandate() -> None:
    made = plan(known={"father.sex": "1"}, holder="father")
    assert made.holder == "father"
    assert how(made, "poa") == "generated"


def test_every_question_says_who_wants_it_and_why() -> None:
    for each in plan().ask:
        told = plan().why(each.fact)
        assert told["matters"]
        assert told["asked"]["why"]


@pytest.mark.parametrize("code", PACK.catalog.things if PACK.catalog else ())
def test_every_thing_has_a_plan(code: str) -> None:
    assert PACK.catalog is not None
    made = make_plan(PACK.catalog, code)
    assert made.chosen
    assert not made.conflicts
