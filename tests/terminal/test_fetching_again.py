"""What an answer or a tick makes wanted later is agreed to and fetched before the form goes on."""

from terminal_client.journey import events
from terminal_client.journey.state import Screen

from .made_birth import MOTHER
from .walking import Walk


def typed_up(walk: Walk) -> Walk:
    """Every open field of the form said."""
    for fact, value in {
        "child.name": "陈一诺",
        "application.settle_with": "mother",
        "application.mobile": "19900001234",
        "application.delivery": "window",
    }.items():
        walk.type(fact, value)
    return walk


def want_more(walk: Walk, *, asked: bool | None) -> None:
    """An answer has made the household register's address wanted."""
    for each in walk.door.all_fields(walk.draft):
        if each["fact"] == "mother.address":
            each.update(state="fetching", value=None)
    source = next(each for each in walk.draft["consent"]["sources"] if each["id"] == "household_register")
    source["asked"] = asked
    walk.draft["consent"]["needed"] = asked is None


def test_what_an_answer_made_wanted_is_fetched_before_the_form_goes_on() -> None:
    walk = Walk().to_form()
    want_more(walk, asked=True)
    typed_up(walk).touch("next")
    assert walk.journey.screen is Screen.FETCHING
    assert walk.asked.call == "fetch"
    walk.find_all()
    walk.answer(walk.view())
    walk.touch("next")
    assert walk.journey.screen is Screen.MATERIALS


def test_new_facts_of_a_source_are_agreed_to_before_they_are_fetched() -> None:
    walk = Walk().to_form()
    want_more(walk, asked=None)
    typed_up(walk).touch("next")
    assert walk.journey.screen is Screen.CONSENT
    walk.touch("consent")
    assert walk.asked.body == {"sources": {"household_register": True}}


def test_a_draft_begun_before_fetches_what_a_matter_ticked_since_wants() -> None:
    walk = Walk().to_card()
    walk.happen(events.CardPlaced(MOTHER))
    walk.answer({"token": "secret-token", "masked_name": "陈*梅", "masked_id_number": "411***"})
    walk.draft = walk.door.new_draft({})
    walk.find_all()
    for each in walk.draft["consent"]["sources"]:
        each["asked"] = True
    want_more(walk, asked=True)
    walk.answer(walk.view())
    assert walk.asked.call == "fetch"
