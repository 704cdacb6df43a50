"""Signing in on a phone: by WeChat, Alipay or the province; staying signed in; signing out."""

from __future__ import annotations

from typing import Any

from flask import Response

from mobile_api.schemas_sign_in import (
    CodeRequest,
    ProviderList,
    ProvinceSignInRequest,
    RefreshRequest,
    SignedIn,
    SignInList,
    SignOutRequest,
    StepRequest,
    StepView,
    TokenPair,
)
from onething.services import phone_binding, phone_sign_in
from web import gates
from web.answers import empty_answer, json_answer
from web.api import Blueprint
from web.client_address import client_address
from web.current import current_phone, current_ports
from web.idempotency import KEY_PARAMETER, idempotency_key

sign_ins = Blueprint("sign_ins", __name__, url_prefix="/sign-ins", description="Signing in on a phone")


@sign_ins.get("/providers")
@gates.public
@sign_ins.response(200, ProviderList())
def list_providers() -> Response:
    """The ways of signing in that this county offers."""
    return json_answer({"providers": phone_sign_in.list_providers(current_ports())})


@sign_ins.post("")
@gates.public
@sign_ins.arguments(CodeRequest())
@sign_ins.response(201, SignedIn())
def sign_in(wanted: dict[str, Any]) -> Response:
    """Sign in by a code of WeChat or Alipay; a bound account is known by name from here on."""
    return json_answer(phone_sign_in.sign_in(current_ports(), **wanted, address=client_address()), 201)


@sign_ins.post("/province/steps")
@gates.public
@sign_ins.arguments(StepRequest())
@sign_ins.response(201, StepView())
def begin_province(_wanted: dict[str, Any]) -> Response:
    """Where to send the phone to sign in with the province's identity."""
    return json_answer(phone_binding.begin_step(current_ports(), None), 201)


@sign_ins.post("/province")
@gates.public
@sign_ins.arguments(ProvinceSignInRequest())
@sign_ins.response(201, SignedIn())
def sign_in_by_province(wanted: dict[str, Any]) -> Response:
    """Sign in by what the province's identity answered; a step is good once."""
    step, device = wanted.pop("step"), wanted.pop("device")
    signed_in = phone_binding.sign_in(current_ports(), step, wanted, device, client_address())
    return json_answer(signed_in, 201)


@sign_ins.post("/refreshed")
@gates.public
@sign_ins.doc(parameters=[KEY_PARAMETER])
@sign_ins.arguments(RefreshRequest())
@sign_ins.response(201, TokenPair())
def refresh(wanted: dict[str, Any]) -> Response:
    """The next pair of tokens; the same key again gets the same pair, any other use ends the sign-in."""
    ports, token = current_ports(), wanted["refresh_token"]
    return json_answer(phone_sign_in.refresh(ports, token, idempotency_key(), client_address()), 201)


@sign_ins.get("")
@gates.phone_user
@sign_ins.response(200, SignInList())
def list_sign_ins() -> Response:
    """Who is signed in here, and where else the same person is."""
    ports, phone = current_ports(), current_phone()
    listed = phone_sign_in.list_sign_ins(ports, phone)
    return json_answer({"current": phone_sign_in.view(phone), "sign_ins": listed})


@sign_ins.post("/current/ending")
@gates.phone_user
@sign_ins.arguments(SignOutRequest())
@sign_ins.response(204)
def sign_out(wanted: dict[str, Any]) -> Response:
    """Sign out here, or everywhere."""
    phone_sign_in.sign_out(current_ports(), current_phone(), everywhere=wanted["everywhere"])
    return empty_answer()


@sign_ins.delete("/<sign_in>")
@gates.phone_user
@sign_ins.response(204)
def end_sign_in(sign_in: str) -> Response:
    """End another sign-in of the same person: a phone that was lost."""
    phone_sign_in.end_sign_in(current_ports(), current_phone(), sign_in)
    return empty_answer()
