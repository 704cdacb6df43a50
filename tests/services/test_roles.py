"""Which role the card holder takes, and what follows when an answer changes it."""

import pytest

from onething.domain.errors import CounterOnly
from onething.services import filling
from tests.services.county import County, field


def test_the_applicant_is_the_holder_unless_a_guardian_acts(county: County) -> None:
    session = county.sign_in("deng", "guardian")
    draft = county.open(session, "P-DISABILITY")
    assert draft["holder"]["role"] == "applicant"
    draft = county.fill(session, draft, application__guardian_acts=True)
    assert draft["holder"]["role"] == "guardian"
    assert field(draft, "guardian.name")["state"] == "card"
    draft = county.fill(session, draft, application__guardian_acts=False)
    assert draft["holder"]["role"] == "applicant"


def test_answers_given_before_the_card_place_the_holder(county: County) -> None:
    session = county.sign_in("deng", "guardian")
    draft = filling.open_draft(
        county.ports, session, "P-DISABILITY", None, {"application.guardian_acts": True}
    )
    assert draft["holder"]["role"] == "guardian"


def test_a_father_at_the_reader_is_the_father(county: County) -> None:
    draft = county.open(county.sign_in("chen", "father"))
    assert draft["holder"]["role"] == "father"


def test_the_legal_representative_is_proven_by_the_register(county: County) -> None:
    session = county.sign_in("owner", "owner")
    draft = county.agree(session, county.open(session, "E-RESTAURANT"))
    draft = county.fetch(session, draft)
    assert field(draft, "enterprise.uscc")["state"] == "found"


def test_a_relative_named_by_the_register_may_act_for_the_dead(county: County) -> None:
    session = county.sign_in("huang", "widow")
    draft = county.agree(session, county.open(session, "P-AFTER-DEATH"))
    draft = county.fetch(session, draft)
    assert field(draft, "deceased.name")["state"] == "found"


def test_a_stranger_learns_nothing_about_the_dead(county: County) -> None:
    session = county.sign_in("stranger", "woman")
    draft = county.agree(session, county.open(session, "P-AFTER-DEATH"))
    draft = county.fetch(session, draft)
    dead = county.card("huang", "deceased")["id_number"]
    draft = county.fill(session, draft, deceased__name="周德福", deceased__id_number=dead)
    county.sandbox.forget_calls()
    draft = county.fetch(session, draft)
    assert not [call for call in county.sandbox.list_calls() if dead in str(call)]
    assert field(draft, "deceased.death_on")["value"] is None


def test_an_answer_for_the_counter_is_kept_and_says_where_to_go(county: County) -> None:
    session = county.sign_in("huang", "son")
    draft = county.agree(session, county.open(session, "P-AFTER-DEATH"), "death_register")
    draft = county.fetch(session, draft)
    draft = county.fill(session, draft, deceased__death_kind="abnormal")
    assert field(draft, "deceased.death_kind")["value"] == "abnormal"
    assert draft["counter_only"][0]["zh"]
    assert "counter_only" in {missing["id"] for missing in draft["missing"]}
    with pytest.raises(CounterOnly):
        county.submit(session, draft)
    draft = county.fill(session, draft, deceased__death_kind="normal")
    assert draft["counter_only"] == []
