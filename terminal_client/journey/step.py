"""One step: what was, and what happened, give what is and what is to be done."""

from collections.abc import Callable
from dataclasses import replace

from terminal_client.journey import (
    cards,
    choosing,
    closing,
    codes,
    disputing,
    filling,
    following,
    handing,
    intaking,
    inviting,
    printing_results,
    rating,
    scanning,
    stepping_up,
    times,
)
from terminal_client.journey.effects import EndSession
from terminal_client.journey.events import (
    Answered,
    Away,
    CardPlaced,
    CardRemoved,
    CardUnreadable,
    CodeRead,
    CodesWatched,
    DocumentPrinterWatched,
    Event,
    IntakeFailed,
    IntakeKept,
    PrintEnded,
    ReaderChanged,
    Refused,
    ResultHeldUp,
    ResultPrintEnded,
    ScanFailed,
    Ticked,
    Touched,
)
from terminal_client.journey.state import Journey, Over, Screen, Sentence
from terminal_client.journey.steps import Answer, Step, Touch, go, lay_over, stay

ANYWHERE: dict[str, Touch] = {
    "leave": closing.leave,
    "leave_now": closing.leave_now,
    "go_on": closing.go_on,
    "call_staff": closing.call_staff,
    "try_again": closing.try_again,
    "back": choosing.back,
    "to_intake": intaking.to_intake,
    "close_keyboard": filling.close_keyboard,
}
ON_SCREEN: dict[Screen, dict[str, Touch]] = {
    Screen.IDLE: {"start": choosing.start, "progress": choosing.to_progress},
    Screen.OFFLINE: {"start": choosing.start},
    Screen.THINGS: {
        "choose_thing": choosing.choose_thing,
        "value": choosing.search,
        "open_search": choosing.open_search,
        "progress": choosing.to_progress,
    },
    Screen.NOTICE: {"begin": choosing.begin, "flow_chart": choosing.show_flow_chart},
    Screen.INTAKE: {
        "edit": intaking.edit,
        "value": intaking.value,
        "keep": intaking.keep,
        "begin": choosing.begin,
    },
    Screen.INTAKE_TAKEN: {
        "print_again": intaking.print_again,
        "did_print": intaking.did_print,
        "finish": closing.finish,
    },
    Screen.MATTERS: {
        "toggle_matter": choosing.toggle_matter,
        "choose_all": choosing.choose_all,
        "next": choosing.matters_chosen,
    },
    Screen.QUESTIONS: {
        "edit": choosing.edit_question,
        "value": choosing.answer,
        "next": choosing.questions_answered,
    },
    Screen.CONSENT: {"toggle_source": filling.toggle_source, "consent": filling.consent},
    Screen.SECOND_SIGNER: {
        "decline": filling.decline_role,
        "invite": inviting.invite,
        "look_invited": inviting.look,
    },
    Screen.FORM: {
        "edit": filling.edit,
        "wrong": disputing.call_wrong,
        "value": filling.value,
        "count": filling.count,
        "keep_value": filling.keep_value,
        "retry_sources": filling.retry_sources,
        "to_phone": handing.to_phone,
        "next": filling.form_done,
    },
    Screen.DISPUTE: {
        "edit": disputing.edit,
        "value": disputing.value,
        "scan": disputing.scan_evidence,
        "send": disputing.send,
        "back": disputing.give_up,
    },
    Screen.CASE_VALUES: {"wrong": disputing.call_wrong_in_case},
    Screen.MATERIALS: {
        "scan": scanning.scan_material,
        "photograph": handing.photograph,
        "to_phone": handing.to_phone,
        "next": filling.materials_done,
    },
    Screen.HANDING: {
        "take_back": handing.take_back,
        "drop_page": handing.drop_page,
        "show_again": handing.show_again,
    },
    Screen.SCANNING: {
        "scan": scanning.scan_more,
        "retake": scanning.retake,
        "keep": scanning.keep_page,
        "photograph": handing.photograph,
        "back": scanning.leave,
    },
    Screen.REVIEW: {"next": filling.reviewed, "to_phone": handing.to_phone},
    Screen.STEP_UP: {
        "send_code": stepping_up.send,
        "edit": stepping_up.edit,
        "value": stepping_up.value,
    },
    Screen.SIGN: {"sign": filling.sign},
    Screen.RECEIPT: {
        "print_again": closing.print_again,
        "did_print": closing.did_print,
        "rate_kiosk": rating.rate_kiosk,
        "finish": closing.finish,
    },
    Screen.PROGRESS: {
        "open_case": following.open_case,
        "older_cases": following.show_older,
        "reprint": following.reprint,
        "case_values": disputing.to_values,
        "supplement": following.to_supplement,
        "scan": following.scan_follow,
        "give_follow": following.give_follow,
        "withdrawal": following.to_withdrawal,
        "ask_partial": following.ask_partial,
        "take_result": following.take_result,
        "print_here": printing_results.print_here,
        "say_came_out": printing_results.say_what_came_out,
        "rate": rating.rate_service,
        "did_print": closing.did_print,
        "finish": closing.finish,
    },
    Screen.SUPPLEMENT: {
        "edit": following.edit_want,
        "value": following.type_want,
        "scan": following.scan_want,
        "give": following.give_supplement,
    },
    Screen.WITHDRAWAL: {
        "choose_withdrawal": following.choose_withdrawal,
        "withdraw": following.withdraw,
    },
    Screen.DEFECT: {"finish": closing.finish},
    Screen.RATING: {
        "level": rating.choose_level,
        "reason": rating.toggle_reason,
        "named": rating.toggle_named,
        "edit": rating.edit_comment,
        "value": rating.say_comment,
        "send": rating.send,
        "back": rating.skip,
    },
}
ANSWERS: dict[str, Answer] = {
    "list_things": choosing.things_listed,
    "read_guide": choosing.guide_read,
    "make_plan": choosing.plan_made,
    "open_session": choosing.session_opened,
    "open_shown_session": codes.session_opened,
    "list_cases": choosing.cases_listed,
    "list_older_cases": following.older_listed,
    "make_draft": filling.draft_made,
    "give_consent": filling.consent_given,
    "fetch": filling.draft_changed,
    "authorise": filling.authorised,
    "decline": filling.draft_changed,
    "invite_person": inviting.shown,
    "read_invited": inviting.draft_read,
    "put_values": filling.values_put,
    "put_count": filling.count_put,
    "keep_value": filling.value_kept,
    "take_page": scanning.page_taken,
    "drop_page": scanning.page_dropped,
    "open_dispute": disputing.opened,
    "read_case_values": disputing.values_read,
    "dispute_case": disputing.opened_in_case,
    "show_handover": handing.shown,
    "end_handover": handing.over,
    "drop_handed": handing.page_dropped,
    "read_handed": handing.draft_read,
    "read_handed_receipt": handing.receipt_read,
    "send_code": stepping_up.sent,
    "give_code": stepping_up.given,
    "put_signature": closing.signed,
    "submit": closing.submitted,
    "read_case": following.case_read,
    "read_receipt": following.receipt_read,
    "give_supplement": following.supplement_given,
    "give_follow": following.supplement_given,
    "withdraw": following.withdrawn,
    "ask_partial": following.partial_asked,
    "take_result": following.result_taken,
    "begin_print": printing_results.begun,
    "settle_print": printing_results.settled,
    "read_rating_options": rating.options_read,
    "rate": rating.rated,
}
UNASKED = ("list_things", "take_page")
# what is touched on a question itself
ON_OVER = {Over.WITHDRAWAL: ("withdraw",)}
ASKS_NOTHING = frozenset(
    {"leave", "leave_now", "go_on", "call_staff", "back", "close_keyboard", "edit", "toggle_source"}
)


def step(before: Journey, event: Event, at: float) -> Step:
    """Take one event at a monotonic second `at`; an event that means nothing here changes nothing."""
    journey = replace(before, now=at)
    match event:
        case Touched():
            return _touched(journey, event)
        case Answered() | Refused() | Away() if event.call == handing.LOOK:
            return handing.look_ended(journey, event)
        case Answered():
            return _answered(journey, event)
        case Refused():
            return _refused(journey, event)
        case Away():
            return _away(journey, event)
        case Ticked():
            return times.ticked(journey)
        case ReaderChanged():
            return choosing.reader_changed(journey, event.trouble)
        case ScanFailed() | PrintEnded() | IntakeKept() | IntakeFailed():
            return _device_ended(journey, event) if event.sitting == journey.sitting else stay(journey)
        case CardPlaced() | CardRemoved() | CardUnreadable():
            return _card_moved(replace(journey, touched_at=at), event)
        case CodeRead():
            return codes.code_read(replace(journey, touched_at=at), event.text)
        case CodesWatched():
            return stay(replace(journey, reads_codes=event.is_there))
        case DocumentPrinterWatched():
            return stay(replace(journey, prints_here=event.is_usable))
        case ResultHeldUp() | ResultPrintEnded():
            return printing_results.moved(journey, event)


def _card_moved(journey: Journey, event: CardPlaced | CardRemoved | CardUnreadable) -> Step:
    match event:
        case CardPlaced():
            return cards.card_placed(journey, event.card)
        case CardRemoved():
            return cards.card_removed(journey)
        case CardUnreadable():
            return cards.card_unreadable(journey, event.why)


def _device_ended(journey: Journey, event: ScanFailed | PrintEnded | IntakeKept | IntakeFailed) -> Step:
    match event:
        case ScanFailed():
            return scanning.scan_failed(journey, event.why)
        case IntakeKept():
            return intaking.kept(journey, event.slip)
        case IntakeFailed():
            return intaking.not_kept(journey)
        case PrintEnded():
            ended = closing.print_ended if journey.citizen is not None else intaking.print_ended
            return ended(journey, event)


def _touched(journey: Journey, event: Touched) -> Step:
    active = replace(journey, touched_at=journey.now)
    if active.over is Over.STILL_THERE:
        active = lay_over(active, None)
    if event.act in MODES:
        return MODES[event.act](active), ()
    if event.act == "typing":
        return stay(active)
    touch = ON_SCREEN.get(journey.screen, {}).get(event.act) or ANYWHERE.get(event.act)
    if (
        touch is None
        or _is_covered(active.over, event.act)
        or (active.is_busy and event.act not in ASKS_NOTHING)
    ):
        return stay(active)
    return touch(active, event.values)


def _is_covered(over: Over | None, act: str) -> bool:
    return over is not None and act not in ANYWHERE and act not in ON_OVER.get(over, ())


def _answered(journey: Journey, event: Answered) -> Step:
    if event.call == "list_things":
        return choosing.things_listed(journey, event.body)
    if event.sitting != journey.sitting or not _is_awaited(journey, event.call):
        return _answered_too_late(journey, event)
    heard = replace(journey, touched_at=journey.now) if journey.citizen else journey
    if event.call not in UNASKED:
        heard = replace(heard, waiting=None)
    after, effects = ANSWERS[event.call](heard, event.body)
    return cards.ask_own_card_back(journey, after), effects


def _answered_too_late(journey: Journey, event: Answered) -> Step:
    if event.call in ("open_session", "open_shown_session"):
        # nobody holds this session's token any more, so it must not live on at the server
        return journey, (EndSession(event.body["token"], "card_removed"),)
    return stay(journey)


def _is_awaited(journey: Journey, call: str) -> bool:
    if call == "take_page":
        return journey.citizen is not None and journey.citizen.scanning
    return journey.waiting is not None and journey.waiting.call == call


def _refused(journey: Journey, event: Refused) -> Step:
    if event.call == "list_things":
        closed = journey.screen in (Screen.IDLE, Screen.OFFLINE, Screen.CLOSED)
        return (go(journey, Screen.CLOSED, notice=event.why), ()) if closed else stay(journey)
    if event.sitting != journey.sitting or not _is_awaited(journey, event.call):
        return stay(journey)
    if event.call == "take_page":
        return scanning.scan_failed(journey, event.why)
    told = replace(journey, waiting=None, notice=event.why)
    if event.status == 401 and journey.citizen is not None:
        return closing.session_lost(told)
    return _after_refusal(told, event)


def _after_refusal(journey: Journey, event: Refused) -> Step:
    if event.errors and journey.citizen is not None:
        errors = {**journey.citizen.errors, **event.errors}
        journey = replace(journey, citizen=replace(journey.citizen, errors=errors))
    if event.call == "open_dispute":
        return disputing.refused(journey, event.reason)
    if event.call == "give_code":
        return stepping_up.refused(journey)
    if event.call in ("submit", "put_signature"):
        return closing.submission_refused(journey), ()
    if event.call == "fetch" and journey.screen is Screen.FETCHING:
        return replace(go(journey, Screen.FORM), notice=event.why), ()
    return stay(journey)


def _away(journey: Journey, event: Away) -> Step:
    if event.call == "list_things":
        return stay(replace(journey, server_away=True))
    if event.sitting != journey.sitting or not _is_awaited(journey, event.call):
        return stay(journey)
    if event.call == "take_page":
        return scanning.scan_failed(journey, _LINE_DOWN)
    kept = replace(journey, waiting=None, tried=journey.waiting)
    return lay_over(kept, journey.over if journey.over is Over.CARD_GONE else Over.AWAY), ()


_LINE_DOWN = Sentence(
    "网络中断，这一页没有传上去，请再扫一次", "The line is down. Please scan the page again."
)


def _switch_language(journey: Journey) -> Journey:
    return replace(journey, language="en" if journey.language == "zh" else "zh")


MODES: dict[str, Callable[[Journey], Journey]] = {
    "language": _switch_language,
    "elder": lambda journey: replace(journey, elder=not journey.elder),
    "voice": lambda journey: replace(journey, voice=not journey.voice),
    "lowered": lambda journey: replace(journey, lowered=not journey.lowered),
}
