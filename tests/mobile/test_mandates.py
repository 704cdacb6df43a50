"""Acting for another: within the mandate and as long as it lasts, and everything in both names."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from onething.domain.actors import Actor
from onething.domain.errors import SessionEnded
from onething.domain.mandates import HelpCodeNotValid, HelperMayNotSign, MandateOver, OutOfScope
from onething.domain.phones import TooManyRefusals
from onething.domain.records import AuditRow
from onething.ports.staff import AuditQuery
from onething.services import acting_for, attaching, filling, signing_in, submitting
from tests.http.test_journey import signature
from tests.mobile.phone import Phone, Town, good, refused
from tests.services.county import signature as drawn

CLERK = Actor("clerk-7", "staff", roles=frozenset({"clerk"}))


@pytest.fixture
def worker(town: Town) -> Phone:
    phone = Phone(town)
    phone.sign_in_by_province("fang.worker")
    return phone


@pytest.fixture
def agent(town: Town) -> Phone:
    phone = Phone(town)
    phone.sign_in_by_province("stranger.man")
    return phone


def grant(phone: Phone, to: tuple[str, str], *things: str, **more: Any) -> Any:
    card = phone.town.cards[to]
    body = {"name": card["name"], "id_number": card["id_number"], "things": things, "days": 30, **more}
    return phone.post("/mandates", body, key=secrets.token_urlsafe(24))


def ask_for(phone: Phone, mandate: str, method: str, path: str, body: Any = None) -> TestResponse:
    return phone.ask(method, path, body, **{"Acting-For": mandate})


def test_an_agent_files_for_the_principal_and_both_are_in_the_audit(
    town: Town, worker: Phone, agent: Phone
) -> None:
    mandate = grant(worker, ("stranger", "man"), "P-RETIRE")["id"]
    [held] = [each for each in agent.get("/mandates")["held"] if each["id"] == mandate]
    assert held["principal_masked"].startswith(town.cards["fang", "worker"]["name"][0])
    draft = good(ask_for(agent, mandate, "POST", "/drafts", {"thing": "P-RETIRE"}))
    assert draft["holder"]["masked_name"] == held["principal_masked"]
    assert worker.get(f"/drafts/{draft['id']}")["id"] == draft["id"]  # it is the principal's
    refused(agent.ask("GET", f"/drafts/{draft['id']}"), 404, "not_found")
    sources = {each["id"]: True for each in draft["consent"]["sources"]}
    good(ask_for(agent, mandate, "PUT", f"/drafts/{draft['id']}/consent", {"sources": sources}))
    good(ask_for(agent, mandate, "POST", f"/drafts/{draft['id']}/fetching", {}))
    good(ask_for(agent, mandate, "PUT", f"/drafts/{draft['id']}/signature", signature()))
    rows = audited(town, draft["id"])
    principal = town.ports.index.of_number(town.cards["fang", "worker"]["id_number"])
    by_agent = [row for row in rows if row.on_behalf_of is not None]
    assert {row.on_behalf_of for row in by_agent} == {principal}
    assert {row.actor_kind for row in by_agent} == {"agent"}
    assert {row.action for row in by_agent} >= {"draft_opened", "consent_given", "source_asked", "signed"}
    assert {row.actor for row in by_agent} == {
        town.ports.index.of_number(town.cards["stranger", "man"]["id_number"])
    }
    assert [row for row in rows if row.on_behalf_of is None]  # the principal's own look
    worker.post(f"/mandates/{mandate}/revocation", None)


def test_a_revoked_or_expired_mandate_does_nothing_more(town: Town, worker: Phone, agent: Phone) -> None:
    mandate = grant(worker, ("stranger", "man"), "P-RETIRE")["id"]
    draft = good(ask_for(agent, mandate, "POST", "/drafts", {"thing": "P-RETIRE"}))["id"]
    assert worker.post(f"/mandates/{mandate}/revocation", None)["state"] == "revoked"
    assert worker.post(f"/mandates/{mandate}/revocation", None)["state"] == "revoked"
    refused(ask_for(agent, mandate, "GET", f"/drafts/{draft}"), 403, "mandate_over")
    second = grant(worker, ("stranger", "man"), "P-RETIRE", days=1)["id"]
    good(ask_for(agent, second, "GET", f"/drafts/{draft}"))
    town.clock.at += timedelta(days=1)
    for phone, login in ((agent, "stranger.man"), (worker, "fang.worker")):
        phone.access = ""
        phone.sign_in_by_province(login)
    refused(ask_for(agent, second, "GET", f"/drafts/{draft}"), 403, "mandate_over")
    assert second not in {each["id"] for each in agent.get("/mandates")["held"]}
    [line] = [each for each in worker.get("/mandates")["given"] if each["id"] == second]
    assert line["state"] == "expired"


def test_revoked_between_the_gate_and_the_act_it_is_too_late(town: Town, worker: Phone, agent: Phone) -> None:
    """The right is looked at in the act's own transaction, not only when the request came."""
    mandate = grant(worker, ("stranger", "man"), "P-RETIRE")["id"]
    draft = good(ask_for(agent, mandate, "POST", "/drafts", {"thing": "P-RETIRE"}))["id"]
    with town.ports.records.read() as uow:
        number = town.cards["stranger", "man"]["id_number"]
        [account] = uow.phone_accounts.list_of_holder(town.ports.index.of_number(number))[:1]
        [phone] = uow.phone_sign_ins.list_open_of(account.id, town.clock.now())[:1]
        own = uow.sessions.find(phone.session or "")
    assert own is not None
    sitting = acting_for.act_for(town.ports, own, mandate)
    filling.view_draft(town.ports, sitting, draft)
    worker.post(f"/mandates/{mandate}/revocation", None)
    with pytest.raises(MandateOver):
        filling.view_draft(town.ports, sitting, draft)
    with pytest.raises(MandateOver):
        submitting.submit(town.ports, sitting, draft, secrets.token_urlsafe(24), "0" * 64)


def test_nothing_beyond_the_scope(town: Town, agent: Phone) -> None:
    holder = Phone(town)
    holder.sign_in_by_province("he.holder")
    own = holder.post("/drafts", {"thing": "P-FLEXJOB"})["id"]
    every = [each["code"] for each in holder.get("/things/P-DISABILITY/guide")["matters"]]
    scope = ["ASSESSMENT", "CERT-NEW"]
    mandate = grant(holder, ("stranger", "man"), "P-DISABILITY", matters=scope)["id"]
    refused(ask_for(agent, mandate, "POST", "/drafts", {"thing": "P-FLEXJOB"}), 403, "out_of_scope")
    refused(ask_for(agent, mandate, "GET", f"/drafts/{own}"), 403, "out_of_scope")
    draft = good(ask_for(agent, mandate, "POST", "/drafts", {"thing": "P-DISABILITY"}))
    assert {each["code"] for each in draft["matters"] if each["chosen"]} == set(scope)
    path = f"/drafts/{draft['id']}/choice"
    refused(ask_for(agent, mandate, "PUT", path, {"chosen": every}), 403, "out_of_scope")
    assert own not in {each["id"] for each in good(ask_for(agent, mandate, "GET", "/drafts"))["drafts"]}
    for method, path in (("GET", "/mandates"), ("GET", "/bindings"), ("GET", "/invitations")):
        refused(ask_for(agent, mandate, method, path), 403, "not_by_mandate")
    holder.post(f"/mandates/{mandate}/revocation", None)


def test_anothers_mandate_is_not_there(town: Town, worker: Phone) -> None:
    mandate = grant(worker, ("chen", "father"), "P-RETIRE")["id"]
    other = Phone(town)
    other.sign_in_by_province("stranger.man")
    for each in (mandate, "0" * 32):
        refused(other.ask("POST", f"/mandates/{each}/revocation"), 404, "not_found")
        refused(ask_for(other, each, "GET", "/drafts"), 404, "not_found")
    refused(ask_for(worker, mandate, "GET", "/drafts"), 404, "not_found")  # nobody is their own agent
    worker.post(f"/mandates/{mandate}/revocation", None)


def test_a_mandate_is_given_to_somebody_else_for_what_can_be_delegated(worker: Phone, town: Town) -> None:
    own, other = town.cards["fang", "worker"], town.cards["stranger", "man"]
    cases: list[tuple[dict[str, Any], str]] = [
        ({"id_number": own["id_number"]}, "nobody_else"),
        ({"id_number": "411599199001010000"}, "bad_fields"),
        ({"things": ["P-MARRIAGE"]}, "nothing_by_mandate"),
        ({"things": ["P-NOWHERE"]}, "bad_fields"),
        ({"things": []}, "bad_fields"),
        ({"days": 366}, "bad_fields"),
        ({"matters": ["HUKOU-CHECK"]}, "bad_fields"),  # nothing can be handed in without the others
    ]
    body = {"name": other["name"], "id_number": other["id_number"], "things": ["P-RETIRE"], "days": 30}
    for changed, reason in cases:
        answer = worker.ask("POST", "/mandates", {**body, **changed}, key=secrets.token_urlsafe(24))
        refused(answer, 422, reason)
    assert "P-MARRIAGE" not in {each["code"] for each in worker.get("/mandates/things")["things"]}


def test_a_helper_fills_in_and_never_signs(town: Town, worker: Phone) -> None:
    made = worker.post("/mandates/help", {"things": ["P-RETIRE"], "hours": 1}, key=secrets.token_urlsafe(24))
    assert made["state"] == "waiting"
    token = secrets.token_urlsafe(24)
    acting_for.take_help(town.ports, CLERK, made["code"].lower(), token)
    sitting = signing_in.get_sitting(town.ports, CLERK, token)
    draft = filling.open_draft(town.ports, sitting, "P-RETIRE", None, {})
    filling.fill(town.ports, sitting, draft["id"], {"application.mobile": "19900001234"})
    assert worker.get(f"/drafts/{draft['id']}")["id"] == draft["id"]
    with pytest.raises(HelperMayNotSign):
        attaching.sign(town.ports, sitting, draft["id"], drawn())
    with pytest.raises(HelperMayNotSign):
        submitting.submit(town.ports, sitting, draft["id"], secrets.token_urlsafe(24), "0" * 64)
    with pytest.raises(OutOfScope):
        filling.open_draft(town.ports, sitting, "P-FLEXJOB", None, {})
    other = Actor("clerk-8", "staff", roles=frozenset({"clerk"}))
    with pytest.raises(HelpCodeNotValid):  # nobody else sits down with it
        acting_for.take_help(town.ports, other, made["code"], secrets.token_urlsafe(24))
    worker.post(f"/mandates/{made['id']}/revocation", None)
    with pytest.raises(SessionEnded):
        signing_in.get_sitting(town.ports, CLERK, token)


def test_help_codes_are_guessed_a_few_times_only(town: Town) -> None:
    guesser = Actor("clerk-9", "staff", roles=frozenset({"clerk"}))
    for number in range(10):
        with pytest.raises(HelpCodeNotValid):
            acting_for.take_help(town.ports, guesser, f"ABCD-00{number:02}", "t")
    with pytest.raises(TooManyRefusals):
        acting_for.take_help(town.ports, guesser, "ABCD-0099", "t")


def audited(town: Town, draft: str) -> list[AuditRow]:
    return [each.row for each in town.ports.audit_search.list_rows(AuditQuery(case=draft), None, 200)]
