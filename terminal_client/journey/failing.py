"""What becomes of a sitting when the kiosk itself fails in it."""

from terminal_client.journey.effects import CallStaff
from terminal_client.journey.state import Journey, Screen
from terminal_client.journey.steps import Step, end, go


def failed(journey: Journey, number: str) -> Step:
    """End the sitting, here and at the server, and show the number that staff find in the log."""
    fresh, effects = end(journey, "cancelled")
    called = CallStaff(journey.screen.value, f"defect {number}")
    return go(fresh, Screen.DEFECT, defect=number), (*effects, called)
