"""A shared value called wrong after submission: from the case to the value, and back to the case."""

from typing import Any

from terminal_client.journey.effects import Scan
from terminal_client.journey.state import Citizen, Screen

from .made_case_values import make_shared_value
from .walking import Walk

FACT = "mother.address"


def at_values(*fields: dict[str, Any]) -> Walk:
    walk = Walk().to_case()
    walk.touch("case_values")
    assert walk.asked.path == f"/cases/{citizen(walk).case['number']}/shared-values"  # type: ignore[index]
    walk.answer({"fields": list(fields) or [make_shared_value(FACT)]})
    assert walk.journey.screen is Screen.CASE_VALUES
    return walk


def citizen(walk: Walk) -> Citizen:
    assert walk.journey.citizen is not None
    return walk.journey.citizen


def test_the_own_value_goes_to_the_case_and_the_case_is_shown_again() -> None:
    walk = at_values()
    walk.touch("wrong", fact=FACT)
    assert (walk.journey.screen, walk.journey.editing) == (Screen.DISPUTE, FACT)
    walk.touch("send")
    assert walk.asked.call == "read_case_values", "nothing is sent before the right value is said"
    walk.touch("value", fact=FACT, value="北关 1 号")
    walk.touch("send")
    case = citizen(walk).case
    assert case is not None
    assert walk.asked.path == f"/cases/{case['number']}/disputes"
    assert walk.asked.body == {"fact": FACT, "value": "北关 1 号"}
    assert walk.asked.once is not None
    walk.answer(dict(case))
    assert walk.journey.screen is Screen.PROGRESS
    assert citizen(walk).dispute is None
    assert citizen(walk).case_values == ()
    assert walk.journey.done is not None


def test_a_value_that_is_being_checked_is_not_called_wrong_again() -> None:
    walk = at_values(make_shared_value(FACT, editable=False))
    assert walk.touch("wrong", fact=FACT) == ()
    assert walk.touch("wrong", fact="mother.name") == ()
    assert walk.journey.screen is Screen.CASE_VALUES


def test_who_finds_it_right_after_all_comes_back_to_the_values_and_to_the_case() -> None:
    walk = at_values()
    walk.touch("wrong", fact=FACT)
    assert not any(isinstance(effect, Scan) for effect in walk.touch("scan"))
    walk.touch("back")
    assert walk.journey.screen is Screen.CASE_VALUES
    walk.touch("back")
    assert walk.journey.screen is Screen.PROGRESS
    assert citizen(walk).case is not None


def test_a_refused_value_says_why_and_stays() -> None:
    walk = at_values()
    walk.touch("wrong", fact=FACT)
    walk.touch("value", fact=FACT, value="北关 1 号")
    walk.touch("send")
    walk.refuse("和登记的一样", status=422)
    assert walk.journey.screen is Screen.DISPUTE
    assert walk.journey.notice is not None
