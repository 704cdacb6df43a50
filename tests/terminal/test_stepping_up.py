"""One more check before signing: the code is asked for, resent, typed; without it nothing is lost."""

import pytest

from terminal_client.journey import stepping_up
from terminal_client.journey.effects import AskServer, EndSession
from terminal_client.journey.state import Screen
from terminal_client.journey.steps import with_draft

from .made_step_up import CODE
from .walking import Walk

TYPED = {
    "child.name": "陈一诺",
    "application.settle_with": "mother",
    "application.mobile": "19900001234",
    "application.delivery": "window",
}


@pytest.fixture
def walk() -> Walk:
    """Everything is filled in and looked through, and the chosen matters ask for a code."""
    walk = Walk()
    walk.door.asks_code = True
    walk.to_form()
    for fact, value in TYPED.items():
        walk.type(fact, value)
    for screen in (Screen.MATERIALS, Screen.REVIEW, Screen.STEP_UP):
        walk.touch("next")
        assert walk.journey.screen is screen
    return walk


def send(walk: Walk) -> None:
    walk.touch("send_code")
    walk.answer(walk.view())


def type_code(walk: Walk, code: str) -> None:
    walk.touch("value", fact=str(walk.journey.editing), value=code)


def test_nothing_is_sent_before_it_is_asked_for(walk: Walk) -> None:
    assert not [each for each in walk.effects if isinstance(each, AskServer) and "step-up" in each.path]
    assert walk.journey.editing is None
    walk.touch("send_code")
    assert (walk.asked.method, walk.asked.path.partition("/step-up")[2]) == ("POST", "/codes")


def test_the_right_code_leads_to_the_signature(walk: Walk) -> None:
    send(walk)
    type_code(walk, CODE)
    assert (walk.asked.path.partition("/step-up")[2], walk.asked.body) == ("/answers", {"code": CODE})
    walk.draft["step_up"]["done"] = True
    walk.answer(walk.view())
    assert walk.journey.screen is Screen.SIGN
    walk.touch("back")
    walk.touch("next")
    assert walk.journey.screen is Screen.SIGN  # once is enough


def test_a_wrong_code_is_said_and_the_next_one_begins_empty(walk: Walk) -> None:
    send(walk)
    before = walk.journey.editing
    type_code(walk, "111111")
    walk.refuse("验证码不对或已过期")
    assert walk.journey.screen is Screen.STEP_UP
    assert walk.journey.notice is not None
    assert walk.journey.editing not in (None, before)


def test_half_a_code_costs_no_try(walk: Walk) -> None:
    send(walk)
    asked = len(walk.effects)
    type_code(walk, "123")
    assert len(walk.effects) == asked
    assert walk.journey.notice is not None


def test_it_can_be_sent_again_after_a_minute_and_not_before(walk: Walk) -> None:
    send(walk)
    assert stepping_up.seconds_to_resend(walk.journey) == stepping_up.RESENT_AFTER_SECONDS
    walk.touch("send_code")
    assert walk.journey.waiting is None
    walk.later(stepping_up.RESENT_AFTER_SECONDS)
    walk.touch("send_code")
    assert walk.asked.path.endswith("/codes")
    assert walk.journey.waiting is not None


def test_no_line_is_no_loss(walk: Walk) -> None:
    walk.touch("send_code")
    walk.go_away()
    walk.touch("try_again")
    walk.answer(walk.view())
    assert walk.journey.screen is Screen.STEP_UP
    assert walk.journey.editing is not None


def test_who_has_no_phone_here_leaves_and_all_is_kept(walk: Walk) -> None:
    walk.touch("leave_now")
    assert any(isinstance(each, EndSession) and each.cause == "cancelled" for each in walk.effects)
    assert walk.journey.citizen is None


def test_where_no_text_can_be_sent_only_the_window_is_named(walk: Walk) -> None:
    assert stepping_up.can_send(walk.journey)
    walk.draft["step_up"]["ways"] = ["window"]
    walk.journey = with_draft(walk.journey, walk.view())
    assert not stepping_up.can_send(walk.journey)
    walk.touch("send_code")
    assert walk.journey.waiting is None
