"""Proving who uses a phone by the province's identity, and the accounts a person has bound."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from mobile_api.schemas_sign_in import (
    BindingList,
    ProofRequest,
    ReturnQuery,
    ReturnView,
    SignInView,
    StepRequest,
    StepView,
)
from onething.services import phone_binding
from web import gates
from web.answers import empty_answer, json_answer
from web.api import Blueprint
from web.client_address import client_address
from web.current import current_phone, current_ports
from web.phone_pages import kept_step

RETURN_PAGE = "/m/enter/province/return"
real_names = Blueprint("real_names", __name__, description="Proving who it is")


@real_names.post("/real-name/steps")
@gates.phone_user
@real_names.arguments(StepRequest())
@real_names.response(201, StepView())
def begin_proof(_wanted: dict[str, Any]) -> Response:
    """Where to send the phone so that the province's identity proves whose it is."""
    return json_answer(phone_binding.begin_step(current_ports(), current_phone()), 201)


@real_names.get("/real-name/return")
@gates.public
@real_names.arguments(ReturnQuery(), location="query")
@real_names.response(200, ReturnView())
@real_names.alt_response(303, description="On to the page from which the browser set out")
def show_return(answered: dict[str, Any]) -> BaseResponse:
    """Where the province's identity sends the phone back to: what it said, for the app that waits for it.

    A browser that went there from a page of ours is sent on to the page: the province knows one address.
    """
    if kept_step():
        return redirect(f"{RETURN_PAGE}?{request.query_string.decode('ascii', 'replace')}", 303)
    return json_answer({name: answered.get(name) for name in ("code", "state", "iss", "error")})


@real_names.post("/real-name/proofs")
@gates.phone_user
@real_names.arguments(ProofRequest())
@real_names.response(201, SignInView())
def prove(wanted: dict[str, Any]) -> Response:
    """Hand in what the province's identity answered: the account is bound to that person."""
    step = wanted.pop("step")
    ports, phone = current_ports(), current_phone()
    return json_answer(phone_binding.prove(ports, phone, step, wanted, client_address()), 201)


@real_names.get("/bindings")
@gates.phone
@real_names.response(200, BindingList())
def list_bindings() -> Response:
    """The accounts bound to me."""
    return json_answer({"bindings": phone_binding.list_bindings(current_ports(), current_phone())})


@real_names.delete("/bindings/<binding>")
@gates.phone
@real_names.response(204)
def unbind(binding: str) -> Response:
    """Let go of an account; every phone signed in by it is signed out."""
    phone_binding.unbind(current_ports(), current_phone(), binding)
    return empty_answer()
