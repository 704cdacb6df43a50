"""From the idle screen to the card: finding the thing and choosing its matters."""

from dataclasses import replace
from typing import Any

from terminal_client.journey import drafts
from terminal_client.journey.state import Citizen, Journey, Json, Over, Purpose, Screen, Sentence
from terminal_client.journey.steps import Step, ask, end, go, lay_over, say, stay, with_citizen


def start(journey: Journey, _values: Json) -> Step:
    """Show the things; without any there is nothing to show but that the line is down."""
    if not journey.things:
        return go(journey, Screen.OFFLINE, began_at=journey.now), ()
    return go(journey, Screen.THINGS, began_at=journey.now, ended=None), ()


def search(journey: Journey, values: Json) -> Step:
    """Narrow the things to those whose name or summary has the text; the keyboard stays for more."""
    return replace(journey, search=str(values.get("value", "")).strip(), editing=None), ()


def open_search(journey: Journey, _values: Json) -> Step:
    """Bring up the keyboard for the search."""
    return replace(journey, editing="search"), ()


def choose_thing(journey: Journey, values: Json) -> Step:
    """Fetch the guide of a thing."""
    code = str(values.get("code", ""))
    if code not in {thing["code"] for thing in journey.things}:
        return stay(journey)
    cleared: dict[str, Any] = {
        "guide": None,
        "plan": None,
        "chosen": None,
        "seen_matters": None,
        "answers": {},
    }
    chosen = replace(journey, thing=code, search="", **cleared)
    return ask(chosen, "read_guide", "GET", f"/things/{code}/guide")


def guide_read(journey: Journey, guide: Any) -> Step:
    """Show what the thing takes."""
    return go(journey, Screen.NOTICE, guide=guide), ()


def begin(journey: Journey, _values: Json) -> Step:
    """Ask which matters there are for somebody nothing is known of."""
    return _plan(journey)


def _plan(journey: Journey) -> Step:
    body: dict[str, Any] = {"answers": dict(journey.answers)}
    if journey.chosen is not None:
        body["chosen"] = list(journey.chosen)
    return ask(journey, "make_plan", "POST", f"/things/{journey.thing}/plans", body)


def plan_made(journey: Journey, plan: Any) -> Step:
    """Show the matters, or go on with the questions."""
    planned = replace(journey, plan=plan)
    if journey.screen is Screen.QUESTIONS:
        question = drafts.next_open(plan["questions"], journey.editing)
        return replace(planned, editing=_typed(question)), ()
    return go(planned, Screen.MATTERS), ()


def _typed(question: Json | None) -> str | None:
    return question["fact"] if question and drafts.needs_keyboard(question) else None


def toggle_matter(journey: Journey, values: Json) -> Step:
    """Tick or untick a matter, one of a group at most; the server says what that changes."""
    matter = next((each for each in list_matters(journey) if each["code"] == values.get("code")), None)
    if matter is None or not (matter["optional"] or matter.get("group")):
        return stay(journey)
    chosen = list_chosen(journey)
    if matter["code"] in chosen:
        kept = tuple(code for code in chosen if code != matter["code"])
        return _plan(replace(journey, chosen=kept if matter["optional"] else chosen))
    rivals = {each["code"] for each in list_matters(journey) if _same_group(each, matter)}
    return _plan(replace(journey, chosen=(*(code for code in chosen if code not in rivals), matter["code"])))


def _same_group(one: Json, other: Json) -> bool:
    return bool(one.get("group")) and one.get("group") == other.get("group")


def list_matters(journey: Journey) -> list[Json]:
    """The matters offered in the person's situation, in the server's order."""
    matters = journey.plan["matters"] if journey.plan else ()
    return [matter for matter in matters if matter.get("offered", True)]


def list_chosen(journey: Journey) -> tuple[str, ...]:
    """What the person ticked; before they touch anything, what the server would do by itself."""
    if journey.chosen is not None:
        return journey.chosen
    return tuple(matter["code"] for matter in list_matters(journey) if matter["chosen"])


def choose_all(journey: Journey, _values: Json) -> Step:
    """Tick every matter that can be ticked beside the others."""
    every = (each["code"] for each in list_matters(journey) if each["chosen"] or not each.get("group"))
    return _plan(replace(journey, chosen=tuple(every)))


def matters_chosen(journey: Journey, _values: Json) -> Step:
    """Go on to the questions, or straight to the card when there are none."""
    plan = journey.plan or {}
    if plan.get("conflicts"):
        conflict = plan["conflicts"][0]
        return say(journey, conflict["zh"], conflict["en"]), ()
    seen_before = journey.seen_matters is not None
    seen = replace(journey, seen_matters=_offered(journey))
    if plan.get("questions") and not (seen_before and drafts.next_open(plan["questions"]) is None):
        question = drafts.next_open(plan["questions"])
        return go(seen, Screen.QUESTIONS, editing=_typed(question)), ()
    return to_card(seen, Purpose.FILE)


def _offered(journey: Journey) -> frozenset[str]:
    return frozenset(matter["code"] for matter in list_matters(journey))


def answer(journey: Journey, values: Json) -> Step:
    """Take the answer to a question about the situation."""
    questions = list(journey.plan["questions"]) if journey.plan else []
    question = drafts.find_field(questions, str(values.get("fact", "")))
    if question is None:
        return stay(journey)
    value = drafts.parse_value(question, str(values.get("value", "")))
    answered = replace(
        journey, answers={**journey.answers, question["fact"]: value}, editing=question["fact"]
    )
    return _plan(answered)


def edit_question(journey: Journey, values: Json) -> Step:
    """Open the keyboard on a question."""
    questions = list(journey.plan["questions"]) if journey.plan else []
    question = drafts.find_field(questions, str(values.get("fact", "")))
    return replace(journey, editing=question["fact"] if question else None), ()


def questions_answered(journey: Journey, _values: Json) -> Step:
    """Go on to the card once every question has its answer."""
    questions = list(journey.plan["questions"]) if journey.plan else []
    still = drafts.next_open(questions)
    if still is not None:
        told = say(journey, f"请先回答“{still['zh']}”", f"Please answer: {still['en']}")
        return replace(told, editing=_typed(still)), ()
    if journey.seen_matters not in (None, _offered(journey)) or (journey.plan or {}).get("conflicts"):
        zh, en = (
            "按您的回答，要办的事项有变化，请再看一遍",
            "Your answers changed the matters. Please look again.",
        )
        return say(go(journey, Screen.MATTERS), zh, en), ()
    return to_card(journey, Purpose.FILE)


def to_progress(journey: Journey, _values: Json) -> Step:
    """Ask for the card in order to show the person's own cases; from the idle screen a sitting begins."""
    began_at = journey.now if journey.screen is Screen.IDLE else journey.began_at
    return to_card(replace(journey, began_at=began_at, ended=None), Purpose.PROGRESS)


def to_card(journey: Journey, purpose: Purpose) -> Step:
    """Ask for the card; a card that already lies there is used at once."""
    asked = replace(journey, purpose=purpose)
    if journey.citizen is not None:
        return signed_in(asked)
    if journey.reader_trouble is not None:
        return go(asked, Screen.READER_FAULT), ()
    return open_session(go(asked, Screen.CARD))


def open_session(journey: Journey) -> Step:
    """Open the citizen's session with the card that lies on the reader."""
    if journey.card is None or journey.is_busy:
        return stay(journey)
    card = {name: value for name, value in journey.card.items() if name != "photo"}
    return ask(journey, "open_session", "POST", "/sessions", {"card": card})


def session_opened(journey: Journey, session: Any) -> Step:
    """Remember who is there, and go on with what they came for."""
    if journey.card is None:
        return say(journey, "证件已取走，请重新放上", "The card is gone. Please put it back."), ()
    citizen = Citizen(
        token=session["token"],
        card=journey.card,
        masked_name=session["masked_name"],
        masked_id_number=session["masked_id_number"],
    )
    return signed_in(replace(journey, citizen=citizen, card=None))


def signed_in(journey: Journey) -> Step:
    """Go on with what the person came for."""
    if journey.purpose is Purpose.PROGRESS:
        return ask(journey, "list_cases", "GET", "/cases")
    body: dict[str, Any] = {"thing": journey.thing, "answers": dict(journey.answers)}
    if journey.chosen is not None:
        body["chosen"] = list(journey.chosen)
    # the name of the act holds what is asked for: another choice is another draft, and another key
    return ask(journey, "make_draft", "POST", "/drafts", body, once=f"draft {sorted(body.items())}")


def cases_listed(journey: Journey, listed: Any) -> Step:
    """Show the person's own cases."""
    shown = with_citizen(journey, cases=tuple(listed["cases"]), older_cases=listed.get("next"), case=None)
    return go(shown, Screen.PROGRESS), ()


def things_listed(journey: Journey, listed: Any) -> Step:
    """Keep the things the county offers; this is nobody's data and outlives a sitting."""
    # a server that does not say is one of before it could be without
    signs_in = bool(listed.get("phone_sign_in", True))
    known = replace(journey, things=tuple(listed["things"]), server_away=False, phone_sign_in=signs_in)
    if journey.screen in (Screen.OFFLINE, Screen.CLOSED):
        return go(known, Screen.IDLE), ()
    return stay(known)


def show_flow_chart(journey: Journey, _values: Json) -> Step:
    """Lay the drawn flow chart over the guide."""
    return lay_over(journey, Over.FLOW_CHART), ()


BACK = {
    Screen.THINGS: Screen.IDLE,
    Screen.NOTICE: Screen.THINGS,
    Screen.MATTERS: Screen.NOTICE,
    Screen.QUESTIONS: Screen.MATTERS,
    Screen.FORM: Screen.FORM,
    Screen.MATERIALS: Screen.FORM,
    Screen.REVIEW: Screen.MATERIALS,
    Screen.STEP_UP: Screen.REVIEW,
    Screen.SIGN: Screen.REVIEW,
    Screen.SUPPLEMENT: Screen.PROGRESS,
    Screen.WITHDRAWAL: Screen.PROGRESS,
    Screen.CASE_VALUES: Screen.PROGRESS,
    Screen.OFFLINE: Screen.IDLE,
    Screen.INTAKE: Screen.NOTICE,
}


def back(journey: Journey, _values: Json) -> Step:
    """One screen back; on a case of the list, to the list."""
    if journey.screen is Screen.PROGRESS and journey.citizen and journey.citizen.case is not None:
        return with_citizen(journey, case=None), ()
    if journey.screen in (Screen.CARD, Screen.READER_FAULT):
        known = journey.purpose is Purpose.FILE and journey.plan is not None
        return go(journey, Screen.MATTERS if known else Screen.THINGS, seen_matters=None), ()
    if journey.screen not in BACK:
        return stay(journey)
    if journey.screen is Screen.QUESTIONS:
        return go(journey, Screen.MATTERS, seen_matters=None), ()
    if journey.screen is Screen.THINGS:
        return end(journey, "cancelled")
    return go(journey, BACK[journey.screen]), ()


def reader_changed(journey: Journey, trouble: Sentence | None) -> Step:
    """Say that the reader cannot be used, or go on when it can again."""
    changed = replace(journey, reader_trouble=trouble)
    if trouble is not None and journey.screen is Screen.CARD:
        return go(changed, Screen.READER_FAULT), ()
    if trouble is None and journey.screen is Screen.READER_FAULT:
        return go(changed, Screen.CARD), ()
    return stay(changed)
