"""A yes taken back: what it opened leaves the draft, the form is as it was before, and its sender is told."""

from collections.abc import Iterator
from typing import Any

import pytest

from onething.domain.errors import AlreadySubmitted, NotFound
from onething.domain.invitations import InvitationOver, NothingToTakeBack
from onething.services import authorising, filling, invited, inviting
from tests.services.county import County, field, material, signature
from tests.services.office import office
from tests.services.phones import on_phone
from tests.services.test_inviting import (
    WOMAN,
    agree_to,
    begun,
    invite,
    is_about,
    opened,
    spouses,
    state_of,
    told,
    unmarried,
)


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished, enrolment_answer_seconds=0.0) as emptied:
        yield emptied


def fetched_again(county: County, session: Any, draft: dict[str, Any]) -> dict[str, Any]:
    return county.fetch(
        session, county.agree(session, filling.view_draft(county.ports, session, draft["id"]))
    )


def of_father(draft: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    fields = [each for section in draft["form"]["sections"] for each in section["fields"]]
    return {
        each["fact"]: (each["value"], each["source"] and each["source"]["id"])
        for each in fields
        if each["fact"].startswith("father.") and each["value"] is not None
    }


def test_what_his_yes_opened_leaves_the_form_and_what_was_there_comes_back(county: County) -> None:
    mother, father = county.sign_in(), on_phone(county, "chen", "father")
    draft = begun(county, mother)
    before = of_father(draft)
    assert before
    view = opened(county, father, invite(county, mother, draft))
    assert agree_to(county, father, view)["can_take_back"]
    draft = fetched_again(county, mother, draft)
    assert material(draft, "f_id")["state"] == "met"
    assert len(of_father(draft)) > len(before)
    back = invited.take_back(county.ports, father, view["id"])
    assert (back["state"], back["can_answer"], back["can_take_back"]) == ("taken_back", False, False)
    draft = filling.view_draft(county.ports, mother, draft["id"])
    assert of_father(draft) == before
    assert material(draft, "f_id")["state"] != "met"
    [asked] = [each for each in draft["authorisations"] if each["role"] == "father"]
    assert asked["state"] == "open"
    assert "没有同意" in asked["why_zh"]
    assert "invitation_taken_back" in told(county, mother)
    assert state_of(county, mother, draft)["state_zh"] == "对方收回了同意"
    county.sandbox.forget_calls()
    fetched_again(county, mother, draft)
    number = county.card("chen", "father")["id_number"]
    by_himself = [call for call in county.sandbox.list_calls() if is_about(call, number)]
    assert [call for call in by_himself if call["asked"].get("self.id_number") == number] == []


def test_he_may_be_invited_again_or_papers_take_the_place_of_it(county: County) -> None:
    mother, father = county.sign_in(), on_phone(county, "chen", "father")
    draft = begun(county, mother)
    view = opened(county, father, invite(county, mother, draft))
    agree_to(county, father, view)
    invited.take_back(county.ports, father, view["id"])
    with pytest.raises(NothingToTakeBack):
        invited.take_back(county.ports, father, view["id"])
    with pytest.raises(InvitationOver):
        agree_to(county, father, view)
    again = opened(county, father, invite(county, mother, draft))
    assert agree_to(county, father, again)["state"] == "authorised"
    invited.take_back(county.ports, father, again["id"])
    draft = authorising.decline(county.ports, mother, draft["id"], "father")
    assert material(draft, "f_id")["state"] == "to_submit"


def test_what_was_typed_stays_and_his_registers_value_does_not(county: County) -> None:
    mother, father = county.sign_in(), on_phone(county, "chen", "father")
    draft = begun(county, mother)
    view = opened(county, father, invite(county, mother, draft))
    agree_to(county, father, view)
    fact = "father.ethnicity"
    assert field(fetched_again(county, mother, draft), fact)["source"]["id"] == "population_register"
    draft = filling.fill(county.ports, mother, draft["id"], {fact: "02"})
    assert field(draft, fact)["state"] == "disputed"
    invited.take_back(county.ports, father, view["id"])
    draft = filling.view_draft(county.ports, mother, draft["id"])
    assert (field(draft, fact)["value"], field(draft, fact)["state"]) == ("02", "typed")
    assert field(draft, fact)["source"] is None


def test_a_signature_goes_with_the_yes(county: County) -> None:
    man, woman = spouses(county)
    draft = county.fetch(man, county.agree(man, county.open(man, "P-MARRIAGE")))
    card = county.card(*WOMAN)
    draft = county.fill(man, draft, woman__name=card["name"], woman__id_number=card["id_number"])
    view = opened(county, woman, invite(county, man, draft, "woman"))
    agree_to(county, woman, view, image=signature())
    invited.take_back(county.ports, woman, view["id"])
    with county.ports.records.read() as uow:
        assert uow.files.list_of(draft["id"]) == []
    draft = filling.view_draft(county.ports, man, draft["id"])
    assert field(draft, "woman.id_number")["value"] == card["id_number"]
    assert field(draft, "woman.name")["state"] == "typed"


def test_a_yes_that_nobody_has_confirmed_is_taken_back_too(county: County) -> None:
    mother, father = county.sign_in(*unmarried(county)), on_phone(county, "chen", "father")
    draft = begun(county, mother)
    view = opened(county, father, invite(county, mother, draft))
    assert agree_to(county, father, view)["state"] == "given"
    invited.take_back(county.ports, father, view["id"])
    line = state_of(county, mother, draft)
    assert (line["can_confirm"], line["masked_name"]) == (False, None)
    with pytest.raises(InvitationOver):
        inviting.confirm(county.ports, mother, draft["id"], line["id"])


def test_only_who_gave_it_takes_it_back_and_only_before_it_is_handed_in(county: County) -> None:
    mother, father = county.sign_in(), on_phone(county, "chen", "father")
    draft = begun(county, mother)
    view = opened(county, father, invite(county, mother, draft))
    with pytest.raises(NothingToTakeBack):
        invited.take_back(county.ports, father, view["id"])
    agree_to(county, father, view)
    for other in (mother, on_phone(county, "stranger", "man")):
        with pytest.raises(NotFound):
            invited.take_back(county.ports, other, view["id"])
    draft = county.sign(mother, county.ready_birth(mother))
    county.submit(mother, draft)
    assert not invited.view_invitation(county.ports, father, view["id"])["can_take_back"]
    with pytest.raises(AlreadySubmitted):
        invited.take_back(county.ports, father, view["id"])
