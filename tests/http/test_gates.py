"""Every route names its gate; what needs a terminal, a citizen or a department opens to nobody else."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from server.doors import DOORS
from tests.http.kiosk_signing import Kiosk
from tests.http.public_county import publish_in_memory
from web.app import create_app
from web.gates import Gate, find_gate
from web.settings import DoorSettings

# What anyone may ask for. Every other route must say terminal, citizen or partner.
PUBLIC = {
    "/live",
    "/ready",
    "/metrics",
    "/kiosk/v1/time",
    "/openapi/<any(kiosk, mobile, partner, public):name>.json",
    "/docs/",
    "/docs/<path:path>",
}
PUBLIC |= {
    "/public/v1/things",
    "/public/v1/things/<code>/guide",
    "/public/v1/things/<code>/flow-chart",
    "/public/v1/things/<code>/procedures",
    "/public/v1/things/<code>/procedures/<matter>/document",
    "/public/v1/things/<code>/handbook",
    "/public/v1/lists/<audience>",
    "/public/v1/news",
}
PUBLIC |= {
    "/mobile/v1/things",
    "/mobile/v1/things/<code>/guide",
    "/mobile/v1/things/<code>/flow-chart",
    "/mobile/v1/things/<code>/plans",
    "/mobile/v1/rating-options",
    "/mobile/v1/sign-ins",
    "/mobile/v1/sign-ins/providers",
    "/mobile/v1/sign-ins/province",
    "/mobile/v1/sign-ins/province/steps",
    "/mobile/v1/sign-ins/refreshed",
    "/mobile/v1/real-name/return",
}
# Public, and open to whoever has a kiosk's code, or the secret that a phone was given for one.
BY_CODE = {
    "/mobile/v1/handed-papers",
    "/mobile/v1/handed-papers/kinds",
    "/mobile/v1/handed-papers/offers",
    "/mobile/v1/handed-papers/current",
    "/mobile/v1/handed-papers/current/pages",
    "/mobile/v1/handed-papers/current/ending",
}
PUBLIC |= BY_CODE
# Public, and refuse what proves nothing: their bodies are what signs somebody in.
SIGNS_IN = {rule for rule in PUBLIC if rule.startswith("/mobile/v1/sign-ins") and "providers" not in rule}
NEEDS_NO_CITIZEN = {
    "/kiosk/v1/things",
    "/kiosk/v1/things/<code>/guide",
    "/kiosk/v1/things/<code>/flow-chart",
    "/kiosk/v1/things/<code>/plans",
    "/kiosk/v1/sessions",
    "/kiosk/v1/sessions/shown",
    "/kiosk/v1/calls-for-staff",
    "/kiosk/v1/prints/<print_id>/outcome",
    "/kiosk/v1/rating-options",
    "/kiosk/v1/terminal",
    "/kiosk/v1/terminal/configuration",
    "/kiosk/v1/terminal/configuration-reports",
    "/kiosk/v1/terminal/heartbeats",
    "/kiosk/v1/terminal/command-results",
    "/kiosk/v1/terminal/keys",
    "/kiosk/v1/outbox-items",
}


@pytest.fixture
def app(ports: SimpleNamespace) -> Flask:
    publish_in_memory(ports)
    return create_app(ports, DoorSettings(partner_tokens={"GA": "token"}), DOORS)


def routes_of(app: Flask) -> Iterator[tuple[Rule, str, Gate | None]]:
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods or ()):
            yield rule, method, find_gate(app.view_functions[rule.endpoint])


def address_of(rule: Rule) -> str:
    named = {"name": "kiosk", "path": "index.css"}
    if rule.rule.startswith(("/public/", "/mobile/v1/things")):
        named |= {"code": "P-NEWBORN", "matter": "HUKOU", "audience": "person"}
    values = {**dict.fromkeys(rule.arguments, "x"), **named}
    built = rule.build({name: values[name] for name in rule.arguments})
    assert built is not None
    return str(built[1])


def test_every_route_names_its_gate(app: Flask) -> None:
    bare = [(rule.rule, method) for rule, method, gate in routes_of(app) if gate is None]
    assert not bare


def test_only_these_routes_are_public(app: Flask) -> None:
    assert {rule.rule for rule, _, gate in routes_of(app) if gate is Gate.PUBLIC} == PUBLIC


def test_only_enrolment_is_open_to_a_machine_that_nobody_knows(app: Flask) -> None:
    found = {rule.rule for rule, _, gate in routes_of(app) if gate is Gate.ENROLMENT}
    assert found == {"/kiosk/v1/enrolments"}


def test_only_these_routes_need_no_citizen(app: Flask) -> None:
    assert {rule.rule for rule, _, gate in routes_of(app) if gate is Gate.TERMINAL} == NEEDS_NO_CITIZEN


def test_each_door_has_its_own_gates(app: Flask) -> None:
    for rule, _, gate in routes_of(app):
        if rule.rule.startswith("/partner/"):
            assert gate is Gate.PARTNER, rule
        if rule.rule.startswith("/kiosk/"):
            assert gate in (Gate.PUBLIC, Gate.TERMINAL, Gate.CITIZEN, Gate.ENROLMENT), rule
        if rule.rule.startswith("/mobile/"):
            assert gate in (Gate.PUBLIC, Gate.PHONE_USER, Gate.PHONE), rule


def test_no_route_opens_without_a_signature(app: Flask) -> None:
    client = app.test_client()
    for rule, method, gate in routes_of(app):
        answer = client.open(address_of(rule), method=method, buffered=True)
        if gate is Gate.PUBLIC and rule.rule in SIGNS_IN:
            assert answer.status_code == 422, rule
        elif rule.rule in BY_CODE:
            assert answer.status_code in (404, 422), rule
        elif gate is Gate.PUBLIC:
            assert answer.status_code < 400, rule
        elif gate in (Gate.PHONE, Gate.PHONE_USER):
            assert answer.status_code == 401, rule
            assert method == "HEAD" or answer.json["reason"] == "phone_token_refused", rule
        else:
            assert (answer.status_code, method == "HEAD" or answer.json["reason"]) == (
                401,
                method == "HEAD" or "signature_missing",
            ), rule


def test_a_forgotten_gate_opens_to_nobody(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "here you are")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 500
    assert "here you are" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("token", [None, "", "nobody's"])
def test_a_citizens_route_wants_more_than_a_kiosk(
    app: Flask, kiosk: Kiosk, ports: SimpleNamespace, token: str | None
) -> None:
    ports.records.sessions = SimpleNamespace(find_by_token=lambda _digest: None)
    client = app.test_client()
    for rule, method, gate in routes_of(app):
        if gate is not Gate.CITIZEN:
            continue
        headers = kiosk.sign(method, address_of(rule))
        if token is not None:
            headers["Citizen-Session"] = token
        answer = client.open(address_of(rule), method=method, headers=headers)
        assert answer.status_code == 401, rule
        assert method == "HEAD" or answer.json["reason"] == "session_ended", rule


def test_control_characters_in_an_address_find_nothing(probe_client: FlaskClient, kiosk: Kiosk) -> None:
    for target in ("/probe/a%00b", "/probe/%0D%0Ax", "/probe/%E2%80%AE"):
        answer = probe_client.get(target, headers=kiosk.sign("GET", target))
        assert (answer.status_code, answer.json["reason"]) == (404, "not_found"), target
