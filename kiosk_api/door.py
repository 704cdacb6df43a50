"""The kiosk door, put together."""

from __future__ import annotations

from kiosk_api.cases import cases
from kiosk_api.disputes import disputes
from kiosk_api.drafts import drafts
from kiosk_api.handovers import handovers
from kiosk_api.invitations import invitations
from kiosk_api.materials import materials
from kiosk_api.prints import prints
from kiosk_api.ratings import ratings
from kiosk_api.sessions import sessions
from kiosk_api.staff_calls import staff_calls
from kiosk_api.stepping_up import step_ups
from kiosk_api.submission import submission
from kiosk_api.supplements import supplements
from kiosk_api.terminal_life import terminal_life
from kiosk_api.things import things
from web.api import Door

KIOSK = Door(
    name="kiosk",
    title="One thing, done once: kiosk door",
    prefix="/kiosk/v1",
    version="v1",
    blueprints=(
        things,
        sessions,
        drafts,
        materials,
        handovers,
        invitations,
        disputes,
        step_ups,
        submission,
        cases,
        supplements,
        prints,
        ratings,
        staff_calls,
        terminal_life,
    ),
    schemes=("terminal", "citizen", "enrolment"),
)
