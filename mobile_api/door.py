"""The phone door, put together."""

from __future__ import annotations

from mobile_api.access_log import uses
from mobile_api.cases import cases
from mobile_api.disputes import disputes
from mobile_api.drafts import drafts
from mobile_api.handed_papers import handed_papers
from mobile_api.handovers import handovers
from mobile_api.invitations import answers, invitations
from mobile_api.licences import licences
from mobile_api.mandates import mandates
from mobile_api.materials import materials
from mobile_api.messages import message_settings, messages
from mobile_api.ratings import ratings
from mobile_api.real_names import real_names
from mobile_api.results import results
from mobile_api.sign_ins import sign_ins
from mobile_api.stepping_up import step_ups
from mobile_api.submission import submission
from mobile_api.supplements import supplements
from mobile_api.things import things
from mobile_api.uploads import uploads
from web.api import Door

MOBILE = Door(
    name="mobile",
    title="One thing, done once: phone door",
    prefix="/mobile/v1",
    version="v1",
    blueprints=(
        things,
        sign_ins,
        real_names,
        drafts,
        materials,
        handovers,
        handed_papers,
        invitations,
        answers,
        mandates,
        disputes,
        step_ups,
        submission,
        cases,
        results,
        licences,
        uses,
        supplements,
        uploads,
        ratings,
        messages,
        message_settings,
    ),
    schemes=("phone",),
)
