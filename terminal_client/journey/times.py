"""What happens at a kiosk because time went by."""

from dataclasses import replace

from terminal_client.journey import closing, handing
from terminal_client.journey.effects import CallStaff
from terminal_client.journey.state import Journey, Over, Screen
from terminal_client.journey.steps import Step, end, lay_over, stay

# who signs in on a phone first, or takes pictures, touches nothing here for a while
PHONE_TAKES_TIMES = 2.5
UNTIMED = (Screen.IDLE, Screen.OFFLINE, Screen.CLOSED)
RETRY_SECONDS = 5


def ticked(journey: Journey) -> Step:
    """Warn, ask, retry or end, as the clock says."""
    if journey.screen in UNTIMED:
        return stay(journey)
    if journey.screen is Screen.TAKE_CARD:
        return _card_left(journey)
    if journey.citizen is not None and journey.now - journey.began_at >= journey.times.sitting:
        return end(journey, "idle")
    if journey.over is Over.CARD_GONE and journey.now - journey.over_since >= journey.times.card_back:
        return end(journey, "card_removed")
    after, effects = _nobody_there(journey)
    looking, asked = handing.look_again(after)
    return looking, (*effects, *asked)


def _nobody_there(journey: Journey) -> Step:
    limit, warning = _limit(journey)
    quiet = journey.now - journey.touched_at
    if quiet >= limit:
        return end(journey, "idle")
    if quiet >= limit - warning and journey.over not in (Over.STILL_THERE, Over.CARD_GONE):
        return lay_over(journey, Over.STILL_THERE), ()
    if (
        journey.over is Over.AWAY
        and not journey.is_busy
        and journey.now - journey.over_since >= RETRY_SECONDS
    ):
        return closing.try_again(journey, {})
    return stay(journey)


def _limit(journey: Journey) -> tuple[float, float]:
    limit, warning = journey.times.limit(elder=journey.elder)
    return (limit * PHONE_TAKES_TIMES if journey.screen is Screen.HANDING else limit), warning


def _card_left(journey: Journey) -> Step:
    if journey.staff_called or journey.now - journey.touched_at < journey.times.card_left:
        return stay(journey)
    return replace(journey, staff_called=True), (CallStaff(journey.screen.value, "card_left"),)


def seconds_left(journey: Journey) -> int:
    """The whole seconds until what lies over the screen ends the sitting; 0 when nothing does."""
    if journey.over is Over.CARD_GONE:
        return max(0, round(journey.over_since + journey.times.card_back - journey.now))
    if journey.over is Over.STILL_THERE:
        limit, _ = _limit(journey)
        return max(0, round(journey.touched_at + limit - journey.now))
    return 0
