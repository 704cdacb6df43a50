"""What holds of the state machine whatever happens to it."""

import dataclasses
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terminal_client.journey import events
from terminal_client.journey.effects import CallStaff, EndSession, PrintResult
from terminal_client.journey.handing import LOOK
from terminal_client.journey.state import Journey, Printing, Screen, Sentence
from terminal_client.journey.step import ANSWERS, ANYWHERE, MODES, ON_SCREEN

from .made_birth import FATHER, MOTHER, make_case, make_guide, make_rating_options, make_receipt
from .made_case_values import make_shared_value
from .walking import LISTED, Walk

ACTS = sorted(
    {*ANYWHERE, *MODES, "typing", "nonsense", *(act for acts in ON_SCREEN.values() for act in acts)}
)
VALUES = (
    {"code": "P-NEWBORN"},
    {"code": "MED-INS"},
    {"fact": "child.name", "value": "陈一诺"},
    {"fact": "application.mobile", "value": "19900001234"},
    {"source": "birth_register"},
    {"material": "photo"},
    {"number": "XX-1"},
    {"material": "marriage_paper"},
    {"material": "lodging"},
    {"matter": "HUKOU"},
    {"matter": "BIRTH-CERT"},
    {"matter": ""},
    {"result": "r2", "way": "print"},
    {"print": "p1", "came_out": "yes"},
    {"print": "p1", "came_out": "no"},
    {"level": "dissatisfied"},
    {"code": "speed"},
    {"fact": "mother.address", "value": "北关 1 号"},
    {"image": "iVBORw0KGgo=", "width": "9", "height": "9"},
    {},
)
ODD = (
    "refuse",
    "away",
    "lost",
    "unreadable",
    "no_reader",
    "slip",
    "jam",
    "late",
    "code",
    "other_code",
    "taken",
    "given_back",
    "submitted",
    "a4",
    "held_up",
    "paper_printed",
    "paper_unknown",
)
SENTENCE = Sentence("不行", "No")
HANDED = {
    "id": "h1",
    "state": "waiting",
    "cause": None,
    "version": 1,
    "saved_at": "2026-11-23T10:31:00+08:00",
    "pages": ["f1"],
    "case_number": None,
}
SHOWN_SESSION = {"token": "secret-token", "masked_name": "陈*梅", "masked_id_number": "411***"}
PERSONAL = (
    MOTHER["name"],
    MOTHER["id_number"],
    FATHER["id_number"],
    MOTHER["address"],
    "secret-token",
    "陈一诺",
    "北关 1 号",
)


@st.composite
def happenings(draw: st.DrawFn) -> tuple[str, Any]:
    """One thing that may happen, named, with what goes with it."""
    kind = draw(
        st.sampled_from(("touch", "touch", "touch", "answer", "answer", "card", "lift", "time", "odd"))
    )
    match kind:
        case "touch":
            return kind, (draw(st.sampled_from(ACTS)), draw(st.sampled_from(VALUES)))
        case "card":
            return kind, draw(st.sampled_from((MOTHER, FATHER)))
        case "time":
            return kind, draw(st.sampled_from((0.25, 5.0, 31.0, 125.0)))
        case "odd":
            return kind, draw(st.sampled_from(ODD))
        case _:
            return kind, None


def answer_for(walk: Walk, call: str) -> Any:
    """What the door would say."""
    if not walk.draft:
        walk.draft = walk.door.new_draft({})
    bodies = {
        "read_guide": make_guide("P-NEWBORN"),
        "make_plan": walk.door.plan(None, {}),
        "open_session": {"token": "secret-token", "masked_name": "陈*梅", "masked_id_number": "411***"},
        "list_cases": {"cases": [{"number": "XX-1"}], "next": "XX-1"},
        "list_older_cases": {"cases": [{"number": "XX-0"}], "next": None},
        "submit": {"case_number": "XX-1", "receipt": make_receipt("XX-1")},
        "read_case": make_case("XX-1"),
        "read_receipt": make_receipt("XX-1"),
        "give_supplement": make_case("XX-1") | {"wanted": None},
        "give_follow": make_case("XX-1") | {"follow": []},
        "withdraw": make_case("XX-1"),
        "read_case_values": {"fields": [make_shared_value("mother.address")]},
        "dispute_case": make_case("XX-1"),
        "take_result": make_case("XX-1"),
        "begin_print": {"id": "p1"},
        "settle_print": make_case("XX-1"),
        "ask_partial": make_case("XX-1") | {"may_ask_partial": False},
        "read_rating_options": make_rating_options(),
        "rate": {"rating": "g1", "rectification": True},
        "show_handover": {**HANDED, "text": "https://xinxian.invalid/m/handed?t=k"},
        "end_handover": {**HANDED, "state": "ended", "cause": "taken_back"},
        "read_handed_receipt": make_receipt("XX-1"),
        "open_shown_session": SHOWN_SESSION,
    }
    return bodies.get(call) or walk.view()


def apply(walk: Walk, kind: str, what: Any) -> None:
    """Make it happen."""
    match kind:
        case "touch":
            walk.touch(what[0], **what[1])
        case "answer":
            waiting = walk.journey.waiting
            if waiting is not None:
                if waiting.call == "give_consent":
                    for each in walk.draft["consent"]["sources"]:
                        each["asked"] = True
                    walk.find_all()
                walk.answer(answer_for(walk, waiting.call))
            elif walk.journey.citizen and walk.journey.citizen.scanning:
                page = {"file": "f1", "pages": [{"number": 1}], "draft": walk.view()}
                walk.happen(events.Answered("take_page", page, walk.journey.sitting))
        case "card":
            walk.happen(events.CardPlaced(what))
        case "lift":
            walk.happen(events.CardRemoved())
        case "time":
            walk.at += what
            walk.happen(events.Ticked())
        case "odd":
            odd(walk, what)


def odd(walk: Walk, what: str) -> None:
    """Something that goes wrong."""
    sitting = walk.journey.sitting
    call = walk.journey.waiting.call if walk.journey.waiting else "put_values"
    match what:
        case "refuse":
            walk.happen(events.Refused(call, "no", SENTENCE, sitting=sitting, status=409))
        case "lost":
            walk.happen(events.Refused(call, "session_ended", SENTENCE, sitting=sitting, status=401))
        case "away":
            walk.happen(events.Away(call, sitting))
        case "unreadable":
            walk.happen(events.CardUnreadable(SENTENCE))
        case "no_reader":
            trouble = None if walk.journey.reader_trouble else SENTENCE
            walk.happen(events.ReaderChanged(trouble))
        case "slip":
            walk.happen(events.PrintEnded(Printing.UNKNOWN, sitting))
        case "code" | "other_code":
            walk.happen(events.CodeRead("ONETHING-SHOW:1:x" if what == "code" else "otpauth:x"))
        case "taken" | "given_back" | "submitted":
            walk.happen(events.Answered(LOOK, look_of(what), sitting))
        case "a4":
            walk.happen(events.DocumentPrinterWatched(not walk.journey.prints_here))
        case "held_up":
            walk.happen(events.ResultHeldUp("p1", SENTENCE))
        case "paper_printed" | "paper_unknown":
            walk.happen(events.ResultPrintEnded("p1", Printing(what.removeprefix("paper_"))))
        case "jam":
            walk.happen(events.ScanFailed(SENTENCE, sitting))
        case "late":
            for late in ANSWERS:
                walk.happen(
                    events.Answered(
                        late, answer_for(walk, late) if late != "list_things" else LISTED, sitting - 1
                    )
                )


def look_of(what: str) -> dict[str, Any]:
    """What the server says of a hand-over."""
    number = "XX-1" if what == "submitted" else None
    if what == "taken":
        return {**HANDED, "state": "taken", "version": 2}
    return {**HANDED, "state": "ended", "cause": what, "case_number": number}


NEEDS_CITIZEN = {
    Screen.HANDING,
    Screen.CONSENT,
    Screen.FETCHING,
    Screen.SECOND_SIGNER,
    Screen.FORM,
    Screen.MATERIALS,
    Screen.SCANNING,
    Screen.REVIEW,
    Screen.SIGN,
    Screen.SUBMITTING,
    Screen.RECEIPT,
    Screen.PROGRESS,
    Screen.SUPPLEMENT,
    Screen.WITHDRAWAL,
    Screen.RATING,
    Screen.DISPUTE,
}


def check(journey: Journey) -> None:
    """What is always so."""
    assert journey.screen in Screen
    if journey.screen in NEEDS_CITIZEN:
        assert journey.citizen is not None
    if journey.screen in (Screen.IDLE, Screen.TAKE_CARD, Screen.OFFLINE, Screen.CLOSED):
        assert journey.citizen is None
        assert journey.waiting is None or journey.waiting.call in ("open_session", "list_things")
    held = journey.citizen.result_print if journey.citizen else None
    if held is not None and held.state is Printing.GOING_ON:
        assert journey.at_printer == held.job, "paper is shown to come that nobody prints"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(happenings(), min_size=5, max_size=60), st.integers(0, 5))
def test_no_happening_leads_nowhere(what: list[tuple[str, Any]], begun: int) -> None:
    walk = begin(begun)
    for kind, detail in what:
        apply(walk, kind, detail)
        check(walk.journey)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(happenings(), max_size=30), st.integers(0, 5))
def test_after_the_end_nothing_of_the_person_is_left(what: list[tuple[str, Any]], begun: int) -> None:
    walk = begin(begun)
    for kind, detail in what:
        apply(walk, kind, detail)
    walk.happen(events.CardRemoved())
    walk.at += 10_000
    walk.happen(events.Ticked())
    walk.touch("leave_now")
    left = str(dataclasses.asdict(walk.journey))
    assert not [word for word in PERSONAL if word in left]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(happenings(), max_size=40), st.integers(0, 5))
def test_a_session_that_is_gone_here_is_ended_at_the_server(what: list[tuple[str, Any]], begun: int) -> None:
    walk = begin(begun)
    for kind, detail in what:
        had = walk.journey.citizen
        walk.effects.clear()
        apply(walk, kind, detail)
        if had is not None and walk.journey.citizen is None:
            assert any(isinstance(effect, EndSession) for effect in walk.effects)


AT_THE_PRINTER = st.sampled_from(
    (
        ("touch", ("print_here", {"result": "r2"})),
        ("touch", ("say_came_out", {"print": "p1", "came_out": "yes"})),
        ("touch", ("finish", {})),
        ("touch", ("try_again", {})),
        ("answer", None),
        *(("odd", what) for what in ("a4", "held_up", "paper_printed", "paper_unknown", "away", "refuse")),
    )
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(AT_THE_PRINTER, max_size=30))
def test_nothing_is_printed_that_nobody_asked_for_and_nobody_leaves_paper_unseen(
    what: list[tuple[str, Any]],
) -> None:
    walk = Walk().to_case()
    walk.happen(events.DocumentPrinterWatched(True))
    for kind, detail in what:
        before, had = walk.journey, walk.journey.citizen
        walk.effects.clear()
        apply(walk, kind, detail)
        check(walk.journey)
        printed = [each for each in walk.effects if isinstance(each, PrintResult)]
        if printed:
            assert before.at_printer == ""
            assert before.waiting is not None
            assert before.waiting.call == "begin_print"
        if had is not None and walk.journey.citizen is None and before.at_printer:
            assert any(isinstance(each, CallStaff) for each in walk.effects)


def begin(begun: int) -> Walk:
    """A walk that has come some way."""
    walk = Walk()
    ways = (walk.to_things, walk.to_card, walk.to_form, walk.to_sign, walk.to_receipt, walk.to_case)
    return ways[begun]()


def test_another_choice_is_another_draft() -> None:
    def act(code: str) -> str | None:
        walk = Walk().to_card()
        walk.journey = dataclasses.replace(walk.journey, chosen=("BIRTH-CERT", code))
        walk.happen(events.CardPlaced(MOTHER))
        walk.answer({"token": "secret-token", "masked_name": "陈*梅", "masked_id_number": "411***"})
        assert walk.asked.call == "make_draft"
        return walk.asked.once

    assert act("SS-CARD") == act("SS-CARD")
    assert act("SS-CARD") != act("MED-INS")


def test_answers_that_change_the_matters_are_shown_before_the_card() -> None:
    walk = Walk()
    walk.door.with_questions = True
    walk.to_things().touch("choose_thing", code="P-NEWBORN")
    walk.answer(make_guide("P-NEWBORN"))
    walk.touch("begin")
    walk.answer(walk.door.plan(None, {}))
    walk.touch("next")
    assert walk.journey.screen is Screen.QUESTIONS
    walk.touch("value", fact="application.married", value="true")
    assert "chosen" not in (walk.asked.body or {}), (
        "nothing was unticked, so the server chooses by the answer"
    )
    plan = walk.door.plan(None, {"application.married": True})
    plan["matters"][-1]["offered"] = False
    walk.answer(plan)
    walk.touch("next")
    assert walk.journey.screen is Screen.MATTERS
    assert walk.journey.notice is not None
    walk.touch("next")
    assert walk.journey.screen is Screen.CARD
