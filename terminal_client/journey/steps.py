"""The small moves that every part of the journey is made of."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from terminal_client.journey.effects import CallStaff, Effect, EndSession
from terminal_client.journey.state import AskServer, Citizen, Journey, Json, Over, Screen, Sentence

Step = tuple[Journey, tuple[Effect, ...]]
Touch = Callable[[Journey, Json], Step]
Answer = Callable[[Journey, Any], Step]


def stay(journey: Journey) -> Step:
    """Nothing changes and nothing is to be done."""
    return journey, ()


def ask(
    journey: Journey, call: str, method: str, path: str, body: Json | None = None, once: str | None = None
) -> Step:
    """Ask the server for something; touches that would ask again are not heard until it answers."""
    asked = AskServer(call, method, path, body, once, journey.sitting)
    return replace(journey, waiting=asked, tried=None, notice=None, done=None), (asked,)


def go(journey: Journey, screen: Screen, **changes: Any) -> Journey:
    """Show another screen, with nothing being typed and nothing left to say."""
    settled: dict[str, Any] = {"editing": None, "notice": None, "done": None, **changes}
    return replace(journey, screen=screen, **settled)


def say(journey: Journey, zh: str, en: str) -> Journey:
    """Tell the person something on the present screen."""
    return replace(journey, notice=Sentence(zh, en))


def praise(journey: Journey, zh: str, en: str) -> Journey:
    """Tell the person that something was done."""
    return replace(journey, done=Sentence(zh, en))


def with_citizen(journey: Journey, **changes: Any) -> Journey:
    """Change what is held of the person; nothing when nobody is there."""
    if journey.citizen is None:
        return journey
    return replace(journey, citizen=replace(journey.citizen, **changes))


def with_draft(journey: Journey, draft: Json) -> Journey:
    """Take over the draft as the server now has it."""
    errors = {
        field["fact"]: Sentence(field["error"]["zh"], field["error"]["en"])
        for section in draft.get("form", {}).get("sections", ())
        for field in section["fields"]
        if field.get("error")
    }
    return with_citizen(journey, draft=draft, errors=errors)


def end(journey: Journey, cause: str) -> Step:
    """End the sitting: all that was of the person is dropped, here and at the server."""
    screen = Screen.TAKE_CARD if journey.card_present else Screen.IDLE
    fresh = Journey(
        screen=screen,
        sitting=journey.sitting + 1,
        things=journey.things,
        server_away=journey.server_away,
        takes_intakes=journey.takes_intakes,
        card_present=journey.card_present,
        reader_trouble=journey.reader_trouble,
        reads_codes=journey.reads_codes,
        phone_sign_in=journey.phone_sign_in,
        prints_here=journey.prints_here,
        at_printer=journey.at_printer,
        language=journey.language if journey.card_present else "zh",
        elder=journey.elder and journey.card_present,
        ended=cause,
        times=journey.times,
        now=journey.now,
        touched_at=journey.now,
        began_at=journey.now,
    )
    if journey.citizen is None:
        return fresh, ()
    # Paper still comes, and whoever steps up next must not be the one to find it.
    left = (CallStaff(journey.screen.value, "result_left"),) if journey.at_printer else ()
    return fresh, (EndSession(journey.citizen.token, cause), *left)


def draft_path(citizen: Citizen | None, *parts: str) -> str:
    """The path of the person's draft, or of something in it."""
    draft = citizen.draft["id"] if citizen else ""
    return "/".join(("/drafts", str(draft), *parts))


def lay_over(journey: Journey, over: Over | None) -> Journey:
    """Put a question over the screen, or take it away."""
    return replace(journey, over=over, over_since=journey.now)
