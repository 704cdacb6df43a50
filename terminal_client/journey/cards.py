"""What a card on the reader means, screen by screen."""

from dataclasses import replace

from terminal_client.journey import choosing, codes, drafts, filling, intaking
from terminal_client.journey.state import Journey, Json, Over, Screen, Sentence
from terminal_client.journey.steps import Step, end, go, lay_over, say, stay

WITHOUT_CARD = (Screen.RECEIPT, Screen.SUBMITTING)


def card_placed(journey: Journey, card: Json) -> Step:
    """Somebody put a card on the reader."""
    there = replace(_without_half_session(journey), card_present=True)
    if journey.citizen is None:
        return _card_before_session(replace(there, card=card))
    if codes.is_own(journey.citizen, card):
        return _own_card_back(there)
    if journey.screen is Screen.SECOND_SIGNER:
        return filling.authorise(there, card)
    return end(there, "swapped")


def _without_half_session(journey: Journey) -> Journey:
    if journey.waiting is None or journey.waiting.call != "open_session":
        return journey
    # a new sitting, so that one card's session is never taken for the next card's
    return replace(journey, waiting=None, sitting=journey.sitting + 1)


def _card_before_session(journey: Journey) -> Step:
    if journey.screen is Screen.CARD:
        return choosing.open_session(replace(journey, notice=None))
    if journey.screen is Screen.INTAKE:
        return intaking.name_read(journey)
    if journey.screen is Screen.IDLE:
        return choosing.start(journey, {})
    if journey.screen is Screen.TAKE_CARD:
        return choosing.start(replace(journey, notice=None), {})
    return stay(journey)


def _own_card_back(journey: Journey) -> Step:
    if journey.over is Over.CARD_GONE:
        return lay_over(journey, None), ()
    if journey.screen is Screen.SECOND_SIGNER:
        role = drafts.open_role(journey.draft) or {"zh": "另一方", "en": "the other person"}
        zh = f"这是您自己的证件，请放{role['zh']}的证件"
        return say(journey, zh, f"This is your own card. Please put the card of: {role['en']}"), ()
    return stay(journey)


def card_removed(journey: Journey) -> Step:
    """The reader is empty: ask for the card back where a session needs it."""
    gone = replace(_without_half_session(journey), card_present=False, card=None)
    if journey.screen is Screen.TAKE_CARD:
        return go(gone, Screen.IDLE, language="zh", elder=False, notice=journey.notice), ()
    if journey.citizen is None or _goes_on_without_card(journey):
        return stay(gone)
    if journey.over is Over.CARD_GONE:
        return stay(gone)
    return lay_over(gone, Over.CARD_GONE), ()


def _goes_on_without_card(journey: Journey) -> bool:
    if journey.citizen is not None and not journey.citizen.card:
        return True
    if journey.screen is Screen.RATING:
        rating = journey.citizen.rating if journey.citizen else None
        return rating is not None and rating.back in WITHOUT_CARD
    return journey.screen in (*WITHOUT_CARD, Screen.SECOND_SIGNER)


def card_unreadable(journey: Journey, why: Sentence) -> Step:
    """There is a card and it was not read: say so, keep nothing of it."""
    there = replace(journey, card_present=True)
    if journey.screen in (Screen.IDLE, Screen.TAKE_CARD):
        return stay(there)
    return replace(there, notice=why), ()


def ask_own_card_back(before: Journey, after: Journey) -> Journey:
    """Once the other person has agreed, the holder's card must come back before anything goes on."""
    left = before.screen is Screen.SECOND_SIGNER and after.screen is not Screen.SECOND_SIGNER
    if (
        left
        and after.citizen is not None
        and after.citizen.card
        and before.waiting is not None
        and before.waiting.call == "authorise"
    ):
        return lay_over(after, Over.CARD_GONE)
    return after
