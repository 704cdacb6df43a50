"""Every id in every address of the phone's door, tried by another person: not even that it exists."""

import re
import secrets
from collections.abc import Iterator

import pytest

from tests.http.test_foreign_ids import CASE_ACTS, draft_requests
from tests.http.test_journey import multipart, page
from tests.mobile.phone import Phone, Town, refused
from tests.mobile.test_journey import fill_in
from web.gates import Gate, find_gate

NOBODY_S = "0" * 32
UPLOADS = (
    "/drafts/<draft>/materials/<material>/pages",
    "/drafts/<draft>/evidence/<fact>/pages",
    "/cases/<case>/supplement-pages/<material>",
)
# Files in pieces: walked in tests/mobile/test_uploads.py.
IN_PIECES = {
    ("POST", "/drafts/<draft>/materials/<material>/uploads"),
    ("POST", "/drafts/<draft>/evidence/<fact>/uploads"),
    ("POST", "/cases/<case>/supplement-pages/<material>/uploads"),
    *((method, "/uploads/<upload>") for method in ("GET", "PATCH", "POST", "DELETE")),
    ("POST", "/uploads/<upload>/pages"),
}
# Whose ids are not drafts' or cases'.
OTHERS = {
    ("DELETE", "/sign-ins/<sign_in>"),
    ("DELETE", "/bindings/<binding>"),
    ("GET", "/files/<file>/preview"),
    ("GET", "/hand-overs/<handover>"),
    ("POST", "/messages/<message>/reading"),
    ("POST", "/hand-overs/<handover>/ending"),
    ("POST", "/drafts/<draft>/invitations"),
    ("GET", "/drafts/<draft>/invitations"),
    ("POST", "/drafts/<draft>/invitations/<invitation>/calling-back"),
    ("POST", "/drafts/<draft>/invitations/<invitation>/confirmation"),
    ("GET", "/invitations/<invitation>"),
    ("POST", "/invitations/<invitation>/authorisation"),
    ("POST", "/invitations/<invitation>/refusal"),
    ("POST", "/invitations/<invitation>/taking-back"),
    ("POST", "/mandates/<mandate>/revocation"),
}
# What a case shows, and the pages handed in after it.
OF_CASES = ("", "/receipt", "/form", "/shared-values", "/results")
ACTS: dict[str, dict[str, object]] = {**CASE_ACTS, "shipments": {"results": [NOBODY_S]}}
OF_RESULTS = {
    ("GET", "/cases/<case>/results/<result>/file"),
    ("POST", "/cases/<case>/prints/<print_id>/settlement"),
}
OF_PAGES = ("GET", "DELETE")
EVIDENCE = "/cases/<case>/disputes/<fact>/pages"


@pytest.fixture
def owner(town: Town) -> Phone:
    phone = Phone(town)
    phone.sign_in_by_province("chen.mother")
    return phone


@pytest.fixture
def stranger(town: Town) -> Phone:
    phone = Phone(town)
    phone.sign_in_by_province("stranger.man")
    return phone


def draft_acts(draft: str, town: Town) -> list[tuple[str, str, object]]:
    """Every address under a draft; a phone has no reader for another person's card, and shows no code."""
    at_kiosks = ("/authorisations", "/hand-overs")
    acts = [act for act in draft_requests(draft, town) if not act[1].endswith(at_kiosks)]  # type: ignore[arg-type]
    return [*acts, ("PUT", f"/drafts/{draft}/kept-values", {"fact": "mother.address", "keep": 0})]


def routes(town: Town, *gates: Gate) -> Iterator[tuple[str, str, frozenset[str]]]:
    for rule in town.app.url_map.iter_rules():
        if find_gate(town.app.view_functions[rule.endpoint]) in gates:
            for method in sorted((rule.methods or set()) - {"HEAD"}):
                yield method, rule.rule.removeprefix("/mobile/v1"), frozenset(rule.arguments)


def test_every_address_with_an_id_is_tried(town: Town) -> None:
    tried = {(method, path) for method, path, _ in draft_acts("<draft>", town)}
    tried -= {("DELETE", "/drafts/<draft>/materials/signature/pages/x")}
    tried -= {("DELETE", "/drafts/<draft>/evidence/mother.address/pages/x")}
    tried |= {("DELETE", f"{path}/<file>") for path in UPLOADS[:2]}
    tried |= {("POST", path) for path in UPLOADS}
    tried |= {(method, f"{UPLOADS[2]}/<file>") for method in OF_PAGES}
    tried |= {("GET", f"/cases/<case>{tail}") for tail in OF_CASES}
    tried |= {("POST", f"/cases/<case>/{tail}") for tail in ACTS}
    found = {(method, path) for method, path, ids in routes(town, Gate.PHONE, Gate.PHONE_USER) if ids}
    assert found == tried | OTHERS | IN_PIECES | OF_RESULTS | {("POST", EVIDENCE)}


def test_without_a_token_or_a_name_nothing_opens(town: Town) -> None:
    unproven = Phone(town)
    unproven.sign_in("wechat", f"somebody.{secrets.token_hex(6)}")
    for gate in (Gate.PHONE, Gate.PHONE_USER):
        for method, path, ids in routes(town, gate):
            for name in ids:
                path = path.replace(f"<{name}>", NOBODY_S)
            refused(Phone(town).ask(method, path), 401, "phone_token_refused")
            if gate is Gate.PHONE:
                refused(unproven.ask(method, path), 403, "real_name_needed")


def test_anothers_draft_is_not_there(town: Town, owner: Phone, stranger: Phone) -> None:
    draft = owner.post("/drafts", {"thing": "P-MARRIAGE"})["id"]
    before = owner.get(f"/drafts/{draft}")
    for method, path, body in draft_acts(draft, town):
        key = secrets.token_urlsafe(24) if path.endswith(("submission", "disputes", "invitations")) else None
        said = [stranger.ask(method, path.replace(draft, each), body, key=key) for each in (draft, NOBODY_S)]
        for answer in said:
            refused(answer, 404, "not_found")
        assert said[0].get_json()["title_zh"] == said[1].get_json()["title_zh"], path
    body, kind = multipart(page())
    for path in ("materials/f_id", "evidence/mother.name"):
        answer = stranger.ask("POST", f"/drafts/{draft}/{path}/pages", body, **{"content-type": kind})
        refused(answer, 404, "not_found")
    assert owner.get(f"/drafts/{draft}") == before


def test_anothers_case_is_not_there(owner: Phone, stranger: Phone) -> None:
    cases = owner.get("/cases")["cases"]
    if not cases:
        draft = fill_in(owner)
        path = f"/drafts/{draft['id']}/submission"
        owner.post(path, {}, key=secrets.token_urlsafe(24))
        cases = owner.get("/cases")["cases"]
    number = cases[0]["number"]
    before = owner.get(f"/cases/{number}")
    for tail in OF_CASES:
        assert owner.ask("GET", f"/cases/{number}{tail}").status_code == 200
        refused(stranger.ask("GET", f"/cases/{number}{tail}"), 404, "not_found")
    for tail, given in ACTS.items():
        answer = stranger.ask("POST", f"/cases/{number}/{tail}", given, key=secrets.token_urlsafe(24))
        refused(answer, 404, "not_found")
    for method, path in OF_RESULTS:
        named = re.sub(r"<(result|print_id)>", NOBODY_S, path).replace("<case>", number)
        answer = stranger.ask(method, named, {"came_out": True}, key=secrets.token_urlsafe(24))
        refused(answer, 404, "not_found")
    body, kind = multipart(page())
    pages = f"/cases/{number}/supplement-pages/photo"
    evidence = f"/cases/{number}/disputes/mother.address/pages"
    for each in (pages, evidence):
        refused(stranger.ask("POST", each, body, **{"content-type": kind}), 404, "not_found")
    for method in OF_PAGES:
        refused(stranger.ask(method, f"{pages}/{NOBODY_S}"), 404, "not_found")
    assert owner.get(f"/cases/{number}") == before
    assert stranger.get("/cases")["cases"] == []


def test_anothers_page_is_not_there(town: Town, stranger: Phone) -> None:
    owner = Phone(town)
    owner.sign_in_by_province("liu.mother")
    draft = owner.post("/drafts", {"thing": "P-NEWBORN"})
    refusing = {source["id"]: False for source in draft["consent"]["sources"]}
    draft = owner.put(f"/drafts/{draft['id']}/consent", {"sources": refusing})
    material = next(each["id"] for each in draft["materials"] if each["state"] == "to_submit")
    path, (body, kind) = f"/drafts/{draft['id']}/materials/{material}/pages", multipart(page())
    kept = owner.post(path, body, **{"content-type": kind})
    preview = kept["pages"][0]["preview"].removeprefix("/mobile/v1")
    assert owner.ask("GET", preview).status_code == 200
    refused(stranger.ask("GET", preview), 404, "not_found")
    refused(stranger.ask("DELETE", f"{path}/{kept['file']}"), 404, "not_found")
    assert owner.ask("GET", preview).status_code == 200


def test_anothers_sign_in_and_binding_are_not_there(owner: Phone, stranger: Phone) -> None:
    [here] = [each["id"] for each in owner.get("/sign-ins")["sign_ins"] if each["here"]]
    bound = owner.get("/bindings")["bindings"][0]["id"]
    for path in (f"/sign-ins/{here}", f"/bindings/{bound}", f"/sign-ins/{NOBODY_S}", f"/bindings/{NOBODY_S}"):
        refused(stranger.ask("DELETE", path), 404, "not_found")
    owner.get("/cases")
