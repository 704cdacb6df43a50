"""The other people of an application, each on a phone of their own: invited, asked, agreeing or not."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from onething.domain.errors import BadSignature, NotFound, Refusal
from onething.domain.invitations import (
    TRIES_FOR_EACH_PERSON,
    WRONG_PEOPLE,
    InvitationNotValid,
    InvitationOver,
    NothingToAuthorise,
    NotYourTurn,
    RefusedToSign,
    SignatureNeeded,
    TooManyInvitationTries,
)
from onething.domain.records import Session
from onething.ports import Once
from onething.services import authorising, filling, following, invited, inviting, messaging_inbox
from onething.services.form_document import form_document
from tests.services.county import County, field, material, signature
from tests.services.office import forward, office
from tests.services.phones import on_phone


@pytest.fixture
def county(furnished: County) -> Iterator[County]:
    with office(furnished, enrolment_answer_seconds=0.0) as emptied:
        yield emptied


def begun(county: County, session: Session) -> dict[str, Any]:
    """A birth of which the registers have told who the father is."""
    return county.fetch(session, county.agree(session, county.open(session)))


def invite(county: County, session: Session, draft: dict[str, Any], role: str = "father") -> dict[str, Any]:
    once = Once(secrets.token_urlsafe(16), "0" * 64)
    return inviting.invite(county.ports, session, draft["id"], role, once)


def opened(county: County, session: Session, sent: dict[str, Any], address: str = "") -> dict[str, Any]:
    token = sent["link"].rpartition("/")[2]
    return invited.open_invitation(county.ports, session, token, address or secrets.token_hex(8))


def agree_to(county: County, session: Session, view: dict[str, Any], **more: Any) -> dict[str, Any]:
    sources = {each["id"]: True for each in view["sources"]}
    return invited.authorise(county.ports, session, view["id"], sources, **more)


def state_of(county: County, session: Session, draft: dict[str, Any]) -> dict[str, Any]:
    return inviting.list_invitations(county.ports, session, draft["id"])[0]


def test_a_father_authorises_on_his_own_phone(county: County) -> None:
    mother, father = county.sign_in(), on_phone(county, "chen", "father")
    draft = begun(county, mother)
    sent = invite(county, mother, draft)
    assert told(county, father) == ["invitation"]
    view = opened(county, father, sent)
    assert view["sender_masked"] == "陈*梅"
    assert {each["fact"].partition(".")[0] for each in view["items"]} == {"father"}
    assert view["sources"]
    county.sandbox.forget_calls()
    assert agree_to(county, father, view)["state"] == "authorised"
    assert county.sandbox.list_calls() == []  # the applicant's own next step asks
    assert state_of(county, mother, draft)["state"] == "authorised"
    draft = county.fetch(mother, county.agree(mother, filling.view_draft(county.ports, mother, draft["id"])))
    number = county.card("chen", "father")["id_number"]
    assert [call for call in county.sandbox.list_calls() if is_about(call, number)]
    assert material(draft, "f_id")["state"] == "met"
    assert field(draft, "father.name")["source"]["id"] == "real_name"
    with pytest.raises(NothingToAuthorise):
        invite(county, mother, draft)


def test_a_source_that_he_says_no_to_is_never_asked_about_him(county: County) -> None:
    mother, father = county.sign_in(), on_phone(county, "chen", "father")
    draft = begun(county, mother)
    view = opened(county, father, invite(county, mother, draft))
    invited.authorise(county.ports, father, view["id"], {})
    county.sandbox.forget_calls()
    draft = filling.view_draft(county.ports, mother, draft["id"])
    draft = county.fetch(mother, county.agree(mother, draft))
    number = county.card("chen", "father")["id_number"]
    assert not [
        call for call in county.sandbox.list_calls() if number in str(call["asked"].get("self.id_number"))
    ]
    assert material(draft, "f_id")["state"] == "to_submit"


def test_the_code_opens_it_however_it_is_typed(county: County) -> None:
    mother, father = county.sign_in(), on_phone(county, "chen", "father")
    sent = invite(county, mother, begun(county, mother))
    typed = f" {sent['code'].lower().replace('-', ' ')} "
    assert invited.open_invitation(county.ports, father, typed, "10.0.0.1")["state"] == "opened"


def test_nobody_else_opens_it_and_after_some_of_them_it_is_locked(county: County) -> None:
    mother, stranger = county.sign_in(), on_phone(county, "stranger", "man")
    draft = begun(county, mother)
    sent = invite(county, mother, draft)
    for _ in range(WRONG_PEOPLE):
        with pytest.raises(InvitationNotValid) as known:
            opened(county, stranger, sent)
        forward(county, minutes=1)
    with pytest.raises(InvitationNotValid) as unknown:
        invited.open_invitation(county.ports, stranger, "no such token", "10.0.0.2")
    assert known.value.text == unknown.value.text
    assert state_of(county, mother, draft)["state"] == "locked"
    assert told(county, mother) == ["invitation_locked"]
    with pytest.raises(InvitationNotValid):
        opened(county, on_phone(county, "chen", "father"), sent)
    assert invited.list_mine(county.ports, stranger) == []


def test_its_sender_cannot_answer_it(county: County) -> None:
    mother = county.sign_in(*unmarried(county))
    draft = begun(county, mother)
    with pytest.raises(InvitationNotValid):
        opened(county, on_phone(county, *unmarried(county)), invite(county, mother, draft))


def test_wrong_codes_are_counted_for_the_person_too(county: County) -> None:
    stranger = on_phone(county, "stranger", "man")
    for number in range(TRIES_FOR_EACH_PERSON):
        with pytest.raises(InvitationNotValid):
            invited.open_invitation(county.ports, stranger, f"ABCD-000{number}", f"10.0.1.{number}")
    with pytest.raises(TooManyInvitationTries):
        invited.open_invitation(county.ports, stranger, "ABCD-0009", "10.0.2.1")
    forward(county, minutes=1)


def test_a_refusal_says_so_to_both_and_papers_are_the_way_on(county: County) -> None:
    mother, father = county.sign_in(), on_phone(county, "chen", "father")
    draft = begun(county, mother)
    view = opened(county, father, invite(county, mother, draft))
    answer = invited.refuse(county.ports, father, view["id"], "等我回来再办")
    assert (answer["state"], answer["can_answer"]) == ("refused", False)
    line = state_of(county, mother, draft)
    assert (line["state"], line["reason"]) == ("refused", "等我回来再办")
    assert told(county, mother) == ["invitation_answered"]
    draft = filling.view_draft(county.ports, mother, draft["id"])
    [asked] = [each for each in draft["authorisations"] if each["role"] == "father"]
    assert asked["state"] == "open"
    assert "没有同意" in asked["why_zh"]
    assert "authorisation" in {each["kind"] for each in draft["missing"]}
    with pytest.raises(InvitationOver):
        agree_to(county, father, view)
    draft = authorising.decline(county.ports, mother, draft["id"], "father")
    assert material(draft, "f_id")["state"] == "to_submit"


def test_who_must_sign_signs_and_their_refusal_is_not_got_round(county: County) -> None:
    man, woman = spouses(county)
    draft = county.fetch(man, county.agree(man, county.open(man, "P-MARRIAGE")))
    number = county.card(*WOMAN)
    draft = county.fill(man, draft, woman__name=number["name"], woman__id_number=number["id_number"])
    first = opened(county, woman, invite(county, man, draft, "woman"))
    assert first["signs"]
    with pytest.raises(SignatureNeeded):
        agree_to(county, woman, first)
    with pytest.raises(BadSignature):
        agree_to(county, woman, first, image=b"no picture")
    invited.refuse(county.ports, woman, first["id"], "还没有商量好")
    with pytest.raises(RefusedToSign):
        authorising.decline(county.ports, man, draft["id"], "woman")
    again = opened(county, woman, invite(county, man, draft, "woman"))
    assert agree_to(county, woman, again, image=signature())["state"] == "authorised"
    with county.ports.records.read() as uow:
        kept = [file.material for file in uow.files.list_of(draft["id"])]
    assert kept == ["signature:woman"]


def test_whom_the_form_does_not_know_its_sender_confirms(county: County) -> None:
    mother, father = county.sign_in(*unmarried(county)), on_phone(county, "chen", "father")
    draft = begun(county, mother)
    view = opened(county, father, invite(county, mother, draft))
    assert agree_to(county, father, view)["state"] == "given"
    with pytest.raises(InvitationNotValid):  # the first to come is bound
        opened(county, on_phone(county, "stranger", "man"), {"link": "/x"})
    line = state_of(county, mother, draft)
    assert line["can_confirm"]
    assert line["masked_id_number"].startswith("411599")
    draft = filling.view_draft(county.ports, mother, draft["id"])
    assert field(draft, "father.name")["value"] is None
    inviting.confirm(county.ports, mother, draft["id"], line["id"])
    draft = filling.view_draft(county.ports, mother, draft["id"])
    assert field(draft, "father.name")["value"] == county.card("chen", "father")["name"]
    forward(county, minutes=1)


def test_called_back_or_too_late_it_opens_nothing(county: County) -> None:
    mother, father = county.sign_in(), on_phone(county, "chen", "father")
    draft = begun(county, mother)
    sent = invite(county, mother, draft)
    inviting.call_back(county.ports, mother, draft["id"], sent["id"])
    with pytest.raises(InvitationNotValid):
        opened(county, father, sent)
    with pytest.raises(InvitationOver):
        inviting.call_back(county.ports, mother, draft["id"], sent["id"])
    forward(county, minutes=1)
    sent = invite(county, mother, draft)
    view = opened(county, father, sent)
    forward(county, days=7)
    with pytest.raises(InvitationOver):
        agree_to(county, father, view)
    with pytest.raises(InvitationNotValid):
        opened(county, father, sent)
    assert state_of(county, mother, draft)["state"] == "expired"


def test_a_second_invitation_ends_the_first(county: County) -> None:
    mother, father = county.sign_in(), on_phone(county, "chen", "father")
    draft = begun(county, mother)
    first, second = invite(county, mother, draft), invite(county, mother, draft)
    with pytest.raises(InvitationNotValid):
        opened(county, father, first)
    assert opened(county, father, second)["id"] == second["id"]
    assert [each["id"] for each in invited.list_mine(county.ports, father) if each["can_answer"]] == [
        second["id"]
    ]


def test_the_number_on_the_form_decides_when_it_has_changed(county: County) -> None:
    mother = county.sign_in(*unmarried(county))
    draft = authorising.decline(county.ports, mother, begun(county, mother)["id"], "father")
    card = county.card("chen", "father")
    draft = county.fill(mother, draft, father__name=card["name"], father__id_number=card["id_number"])
    sent = invite(county, mother, draft)
    other = county.card("stranger", "man")
    county.fill(mother, draft, father__name=other["name"], father__id_number=other["id_number"])
    for family, role in (("chen", "father"), ("stranger", "man")):
        with pytest.raises(InvitationNotValid):
            opened(county, on_phone(county, family, role), sent)
    forward(county, minutes=1)


def test_the_order_is_the_one_things(county: County) -> None:
    buyer, owner = on_phone(county, *BUYER), on_phone(county, "chen", "father")
    draft = county.open(buyer, "P-HOUSE-TRANSFER", answers={"application.sale_side": "buyer"})
    view = opened(county, owner, invite(county, buyer, draft, "co_owners[0]"))
    assert [each["zh"] for each in view["waits_for"]] == ["出卖方"]
    with pytest.raises(NotYourTurn):
        agree_to(county, owner, view, image=signature())


def test_roles_without_anybody_to_ask_have_no_invitation(county: County) -> None:
    mother = county.sign_in()
    draft = begun(county, mother)
    for role in ("child", "mother", "nobody", "father[3]"):
        with pytest.raises(Refusal) as refused:
            invite(county, mother, draft, role)
        assert isinstance(refused.value, NotFound)


def test_of_two_who_open_it_at_once_one_is_bound(county: County) -> None:
    """Nobody's number is on the form yet, and the link went to two people."""
    mother = county.sign_in(*unmarried(county))
    sent = invite(county, mother, begun(county, mother))
    people = [on_phone(county, "chen", "father"), on_phone(county, "stranger", "man")]
    with ThreadPoolExecutor(len(people)) as pool:
        outcomes = [pool.submit(opened, county, each, sent) for each in people]
    errors = [each.exception() for each in outcomes]
    assert [type(each) for each in errors if each] == [InvitationNotValid]
    bound = people[errors.index(None)]
    assert [each["id"] for each in invited.list_mine(county.ports, bound)] == [sent["id"]]


WOMAN = ("qin", "woman")
BUYER = ("meng", "buyer")


def spouses(county: County) -> tuple[Session, Session]:
    return on_phone(county, "song", "man"), on_phone(county, *WOMAN)


def unmarried(county: County) -> tuple[str, str]:
    fathers = {p["family"] for p in county.sandbox.list_people() if p["role"] == "father"}
    mother = next(
        p for p in county.sandbox.list_people() if p["role"] == "mother" and p["family"] not in fathers
    )
    return mother["family"], "mother"


def told(county: County, person: Session) -> list[str]:
    """The kinds of the messages in somebody's inbox."""
    inbox = messaging_inbox.list_messages(county.ports, person, None, 20)
    return [each["kind"] for each in inbox["messages"]]


def is_about(call: dict[str, Any], number: str) -> bool:
    """Whether this person's number was in a question to a source."""
    return number in str(call)


def test_the_form_on_paper_bears_every_signature(county: County) -> None:
    man, woman = spouses(county)
    draft = county.fetch(man, county.agree(man, county.open(man, "P-MARRIAGE")))
    card = county.card(*WOMAN)
    draft = county.fill(man, draft, woman__name=card["name"], woman__id_number=card["id_number"])
    agree_to(county, woman, opened(county, woman, invite(county, man, draft, "woman")), image=signature())
    for _ in range(3):  # what her number opens is a new question to him
        draft = county.fetch(man, county.agree(man, filling.view_draft(county.ports, man, draft["id"])))
    day = {"marriage__wished_on": "2027-03-01", "marriage__wished_half": "morning"}
    draft = county.fill(man, draft, application__mobile="19900000001", **day)
    draft = county.sign(man, draft)
    assert draft["missing"] == []
    number = county.submit(man, draft)["case_number"]
    with county.ports.records.read() as uow:
        case = uow.cases.find_by_number(number)
        assert case is not None
        content = form_document(
            county.ports, case, following.case_values(uow, case), uow.files.list_of(case.draft)
        )
    assert content.signature_png
    assert [(each.role_zh, each.name) for each in content.others] == [("女方", card["name"])]
    assert content.agent_zh == ""
    assert county.ports.forms.render(content).startswith(b"%PDF")
