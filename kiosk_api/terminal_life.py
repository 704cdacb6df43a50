"""A terminal's own life at the door: enrolment, heartbeats, configuration, commands, keys, its outbox."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from kiosk_api.schemas_terminal import (
    CommandResult,
    ConfigurationReport,
    ConfigurationView,
    Enrolled,
    EnrolmentRequest,
    HeartbeatAnswer,
    HeartbeatRequest,
    KeyAccepted,
    NewKeyRequest,
    OutboxItem,
    Received,
    ReceivedItem,
    TerminalSelf,
)
from onething.domain.fleet import CommandState, Outcome
from onething.services import (
    fleet_commands,
    fleet_configuring,
    fleet_enrolling,
    fleet_heartbeats,
    fleet_intakes,
)
from web import gates
from web.answers import json_answer, revalidated
from web.api import Blueprint
from web.client_address import client_address
from web.current import current_new_key, current_ports, current_signed_at, current_terminal
from web.idempotency import KEY_PARAMETER, WELCOME_KEY_PARAMETER, current_once

PROOF_HEADER = "Enrolment-Proof"
_PROOF_PARAMETER = {
    "in": "header",
    "name": PROOF_HEADER,
    "required": True,
    "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "description": "HMAC-SHA-256 of the body under the code's secret, in hex",
}

terminal_life = Blueprint("terminal_life", __name__, description="A terminal's own life")


@terminal_life.post("/enrolments")
@gates.enrolment
@terminal_life.doc(parameters=[_PROOF_PARAMETER])
@terminal_life.arguments(EnrolmentRequest())
@terminal_life.response(201, Enrolled())
def enrol(wanted: dict[str, Any]) -> Response:
    """Come with a code and a key; whatever is wrong with it has the same answer."""
    claim = fleet_enrolling.Claim(
        code=wanted["code_id"],
        public_key=current_new_key(),
        boot_id=wanted["boot_id"],
        versions=wanted["versions"],
        serials=wanted["serials"],
        body=request.get_data(cache=True),
        proof=request.headers.get(PROOF_HEADER, ""),
        address=client_address(),
        offline_secret=wanted.get("offline_secret"),
    )
    return json_answer(fleet_enrolling.enrol_by_code(current_ports(), claim), 201)


@terminal_life.get("/terminal")
@gates.terminal_in("lobby", "active", "suspended")
@terminal_life.response(200, TerminalSelf())
def get_terminal() -> Response:
    """Who I am, and whether I serve."""
    return json_answer(fleet_enrolling.describe_self(current_ports(), current_terminal()))


@terminal_life.get("/terminal/configuration")
@gates.terminal
@terminal_life.response(200, ConfigurationView())
@terminal_life.alt_response(304, description="As the ETag says")
def get_configuration() -> BaseResponse:
    """The settings I shall work with, signed."""
    return revalidated(json_answer(fleet_configuring.get_configuration(current_ports(), current_terminal())))


@terminal_life.post("/terminal/configuration-reports")
@gates.terminal
@terminal_life.doc(parameters=[WELCOME_KEY_PARAMETER])
@terminal_life.arguments(ConfigurationReport())
@terminal_life.response(200, Received())
def report_configuration(said: dict[str, Any]) -> Response:
    """How far I have come with a revision; a repeat changes nothing."""
    taken = fleet_configuring.report_configuration(
        current_ports(),
        current_terminal(),
        said["revision"],
        Outcome(said["outcome"]),
        said.get("reason", ""),
        said.get("detail", ""),
    )
    return json_answer(taken)


@terminal_life.post("/terminal/heartbeats")
@gates.terminal_in("active", "suspended", "retired", counted=True)
@terminal_life.arguments(HeartbeatRequest())
@terminal_life.response(200, HeartbeatAnswer())
def beat(said: dict[str, Any]) -> Response:
    """How I am; the counter grows over the life of the terminal and stands for a nonce."""
    answer = fleet_heartbeats.beat(current_ports(), current_terminal(), said, current_signed_at())
    return json_answer(answer)


@terminal_life.post("/terminal/command-results")
@gates.terminal_in("active", "suspended", "retired")
@terminal_life.doc(parameters=[WELCOME_KEY_PARAMETER])
@terminal_life.arguments(CommandResult())
@terminal_life.response(200, Received())
def take_result(said: dict[str, Any]) -> Response:
    """What became of a command; a repeat changes nothing."""
    taken = fleet_commands.take_result(
        current_ports(),
        current_terminal(),
        said["command"],
        CommandState(said["outcome"]),
        said.get("detail", ""),
        said.get("attachment"),
    )
    return json_answer(taken)


@terminal_life.post("/terminal/keys")
@gates.terminal
@terminal_life.doc(parameters=[WELCOME_KEY_PARAMETER])
@terminal_life.arguments(NewKeyRequest())
@terminal_life.response(200, KeyAccepted())
def renew_key(wanted: dict[str, Any]) -> Response:
    """Offer a new key; both are good until the new one is first used. A repeat changes nothing."""
    answer = fleet_enrolling.renew_key(
        current_ports(), current_terminal(), wanted["public_key"], wanted["proof"]
    )
    return json_answer(answer)


@terminal_life.post("/outbox-items")
@gates.terminal
@terminal_life.doc(parameters=[KEY_PARAMETER])
@terminal_life.arguments(OutboxItem())
@terminal_life.response(201, ReceivedItem())
def receive(item: dict[str, Any]) -> Response:
    """Hand over what was taken in while the server was away."""
    taken = fleet_intakes.receive(
        current_ports(), current_terminal(), item["id"], item["kind"], item["sealed"], current_once()
    )
    return json_answer(taken, 201)
