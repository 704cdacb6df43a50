"""The other person is not here: the kiosk invites them to their phone, and goes on when they agreed."""

import pytest

from terminal_client.journey import events
from terminal_client.journey.effects import EndSession
from terminal_client.journey.state import Json, Screen

from .made_birth import FATHER
from .stand_in_phones import INVITATION
from .walking import Walk


@pytest.fixture
def walk() -> Walk:
    """The father is to agree, and has not come."""
    walk = Walk().to_consent()
    walk.touch("consent")
    for each in walk.draft["consent"]["sources"]:
        each["asked"] = True
    walk.answer(walk.view())
    role = {"role": "father", "zh": "父亲", "en": "Father", "state": "open", "why_zh": "", "why_en": ""}
    walk.draft["authorisations"] = [role]
    walk.answer(walk.view())
    assert walk.journey.screen is Screen.SECOND_SIGNER
    return walk


def invitation(walk: Walk) -> Json | None:
    assert walk.journey.citizen is not None
    return walk.journey.citizen.invitation


def test_each_touch_asks_for_one_new_invitation(walk: Walk) -> None:
    walk.touch("invite")
    first = walk.asked
    assert (first.method, first.path.rpartition("/")[2], first.body) == (
        "POST",
        "invitations",
        {"role": "father"},
    )
    walk.go_away()
    walk.touch("try_again")
    assert walk.asked.once == first.once  # a try again is the same act
    walk.answer(INVITATION)
    assert invitation(walk) == INVITATION
    walk.later(1.0)
    walk.touch("invite")
    assert walk.asked.once != first.once


def test_it_goes_on_when_they_have_agreed_and_not_before(walk: Walk) -> None:
    walk.touch("invite")
    walk.answer(INVITATION)
    walk.touch("look_invited")
    walk.answer(walk.view())
    assert walk.journey.screen is Screen.SECOND_SIGNER
    assert walk.journey.notice is not None
    assert "还没有同意" in walk.journey.notice.zh
    walk.touch("look_invited")
    walk.draft["authorisations"][0]["state"] = "proven"
    walk.answer(walk.view())
    walk.answer(walk.view())
    assert walk.journey.screen is Screen.FORM
    assert invitation(walk) is None


def test_their_card_is_good_all_the_same_and_nothing_stays_when_the_sitting_ends(walk: Walk) -> None:
    walk.touch("invite")
    walk.answer(INVITATION)
    walk.happen(events.CardRemoved())
    walk.happen(events.CardPlaced(FATHER))
    assert walk.asked.call == "authorise"
    walk.draft["authorisations"][0]["state"] = "proven"
    walk.answer(walk.view())
    walk.touch("leave")
    walk.touch("leave_now")
    assert any(isinstance(each, EndSession) for each in walk.effects)
    assert walk.journey.citizen is None
