"""Every id in every address, tried as another citizen and from another kiosk: not even that it exists."""

import secrets

import pytest

from tests.http.test_journey import fill_in, multipart, page, signature
from tests.http.world import Sitting, World
from web.gates import Gate, find_gate


@pytest.fixture
def owner(world: World) -> Sitting:
    sitting = Sitting(world.app, world.kiosks[0])
    sitting.sign_in(world.cards["chen", "mother"])
    return sitting


@pytest.fixture
def stranger(world: World) -> Sitting:
    sitting = Sitting(world.app, world.kiosks[1])
    sitting.sign_in(world.cards["stranger", "man"])
    return sitting


def draft_requests(draft: str, world: World) -> list[tuple[str, str, object]]:
    """Every address under a draft, with a body that would be good."""
    card = world.cards["chen", "father"]
    return [
        ("GET", f"/drafts/{draft}", None),
        ("PUT", f"/drafts/{draft}/choice", {"chosen": ["HUKOU"]}),
        ("PUT", f"/drafts/{draft}/answers", {"values": {"application.delivery": "window"}}),
        ("PUT", f"/drafts/{draft}/counts", {"role": "child", "number": 1}),
        ("PUT", f"/drafts/{draft}/consent", {"sources": {"birth_register": True}}),
        ("POST", f"/drafts/{draft}/fetching", {}),
        ("PUT", f"/drafts/{draft}/values", {"values": {"child.name": "某某"}}),
        ("PUT", f"/drafts/{draft}/kept-values", {"fact": "child.name", "keep": 1}),
        ("POST", f"/drafts/{draft}/authorisations", {"role": "father", "card": card}),
        ("POST", f"/drafts/{draft}/declined-authorisations", {"role": "father"}),
        ("POST", f"/drafts/{draft}/disputes", {"fact": "mother.address", "value": "某处", "evidence": []}),
        ("DELETE", f"/drafts/{draft}/evidence/mother.address/pages/x", None),
        ("POST", f"/drafts/{draft}/hand-overs", {"kind": "form"}),
        ("POST", f"/drafts/{draft}/invitations", {"role": "father"}),
        ("POST", f"/drafts/{draft}/step-up/codes", {}),
        ("POST", f"/drafts/{draft}/step-up/answers", {"code": "000000"}),
        ("POST", f"/drafts/{draft}/step-up/checks", {"verifier": "face", "evidence": "x"}),
        ("PUT", f"/drafts/{draft}/signature", signature()),
        ("DELETE", f"/drafts/{draft}/materials/signature/pages/x", None),
        ("POST", f"/drafts/{draft}/submission", {}),
    ]


# Every act on a case, with a body that would be good.
CASE_ACTS: dict[str, dict[str, object]] = {
    "supplement": {"values": {"application.mobile": "19900001234"}},
    "follow-papers": {"material": "photo"},
    "withdrawal": {},
    "partial-issue": {},
    "issue": {"way": "print", "results": []},
    "disputes": {"fact": "mother.address", "value": "某处"},
    "ratings": {"occasion": "submission", "level": "satisfied", "reasons": [], "named": True},
}

# Under a case or for a file: tried one by one in the tests below.
OTHER_ADDRESSES = {
    ("POST", "/drafts/<draft>/materials/<material>/pages"),
    ("POST", "/drafts/<draft>/evidence/<fact>/pages"),
    ("GET", "/files/<file>/preview"),
    ("GET", "/hand-overs/<handover>"),
    ("POST", "/hand-overs/<handover>/ending"),
    ("GET", "/cases/<case>"),
    ("GET", "/cases/<case>/receipt"),
    ("GET", "/cases/<case>/form"),
    ("GET", "/cases/<case>/shared-values"),
    ("POST", "/cases/<case>/prints"),
    ("GET", "/cases/<case>/prints/<print_id>/document"),
    ("POST", "/cases/<case>/prints/<print_id>/settlement"),
    ("POST", "/cases/<case>/supplement-pages/<material>"),
    ("GET", "/cases/<case>/supplement-pages/<material>/<file>"),
    ("DELETE", "/cases/<case>/supplement-pages/<material>/<file>"),
    *(("POST", f"/cases/<case>/{tail}") for tail in CASE_ACTS),
}


def test_every_address_with_an_id_is_tried(world: World) -> None:
    tried = {(method, path) for method, path, _ in draft_requests("<draft>", world)}
    tried.discard(("DELETE", "/drafts/<draft>/materials/signature/pages/x"))
    tried.discard(("DELETE", "/drafts/<draft>/evidence/mother.address/pages/x"))
    tried.add(("DELETE", "/drafts/<draft>/evidence/<fact>/pages/<file>"))
    tried.add(("DELETE", "/drafts/<draft>/materials/<material>/pages/<file>"))
    routes = {
        (method, rule.rule.removeprefix("/kiosk/v1"))
        for rule in world.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
        if rule.arguments and find_gate(world.app.view_functions[rule.endpoint]) is Gate.CITIZEN
    }
    assert routes == tried | OTHER_ADDRESSES


def test_anothers_draft_is_not_there(world: World, owner: Sitting, stranger: Sitting) -> None:
    draft = owner.post("/drafts", {"thing": "P-NEWBORN"})["id"]
    before = owner.get(f"/drafts/{draft}")
    for method, path, body in draft_requests(draft, world):
        key = secrets.token_urlsafe(24) if path.endswith(("submission", "disputes", "invitations")) else None
        foreign = stranger.ask(method, path, body, key=key)
        nowhere = stranger.ask(method, path.replace(draft, "0" * 32), body, key=key)
        assert (foreign.status_code, foreign.json["reason"]) == (404, "not_found"), (method, path)
        for answer in (foreign, nowhere):
            answer.json.pop("request_id")
        assert foreign.json["title_zh"] == nowhere.json["title_zh"], (method, path)
    body, kind = multipart(page())
    for path in (f"/drafts/{draft}/materials/f_id/pages", f"/drafts/{draft}/evidence/mother.name/pages"):
        assert stranger.ask("POST", path, body, **{"content-type": kind}).status_code == 404
    assert owner.get(f"/drafts/{draft}") == before


def test_anothers_case_and_file_are_not_there(world: World, owner: Sitting, stranger: Sitting) -> None:
    cases = owner.get("/cases")["cases"]
    if not cases:
        draft = fill_in(owner, world)
        key = secrets.token_urlsafe(24)
        assert owner.ask("POST", f"/drafts/{draft['id']}/submission", {}, key=key).status_code == 201
        cases = owner.get("/cases")["cases"]
    number = cases[0]["number"]
    for tail in ("", "/receipt", "/form", "/shared-values"):
        assert owner.ask("GET", f"/cases/{number}{tail}").status_code == 200
        answer = stranger.ask("GET", f"/cases/{number}{tail}")
        assert (answer.status_code, answer.json["reason"]) == (404, "not_found")
    before = owner.get(f"/cases/{number}")
    for tail, given in CASE_ACTS.items():
        answer = stranger.ask("POST", f"/cases/{number}/{tail}", given, key=secrets.token_urlsafe(24))
        assert (answer.status_code, answer.json["reason"]) == (404, "not_found"), tail
    page_path, (body, kind) = f"/cases/{number}/supplement-pages/photo", multipart(page())
    assert stranger.ask("POST", page_path, body, **{"content-type": kind}).status_code == 404
    for method in ("GET", "DELETE"):
        assert stranger.ask(method, f"{page_path}/{'0' * 32}").status_code == 404
    prints, nothing = f"/cases/{number}/prints", "0" * 32
    for path, wanted in (
        (prints, {"result": nothing}),
        (f"{prints}/{nothing}/settlement", {"came_out": True}),
    ):
        assert stranger.ask("POST", path, wanted, key=secrets.token_urlsafe(24)).status_code == 404, path
    assert stranger.ask("GET", f"{prints}/{nothing}/document").status_code == 404
    assert owner.get(f"/cases/{number}") == before
    assert stranger.get("/cases")["cases"] == []


def test_anothers_page_is_not_there(world: World, stranger: Sitting) -> None:
    owner = Sitting(world.app, world.kiosks[0])
    owner.sign_in(world.cards["liu", "mother"])
    draft = owner.post("/drafts", {"thing": "P-NEWBORN"})
    refused = {source["id"]: False for source in draft["consent"]["sources"]}
    draft = owner.put(f"/drafts/{draft['id']}/consent", {"sources": refused})
    material = next(each["id"] for each in draft["materials"] if each["state"] == "to_submit")
    path = f"/drafts/{draft['id']}/materials/{material}/pages"
    body, kind = multipart(page())
    pages = owner.post(path, body, **{"content-type": kind})
    preview = pages["pages"][0]["preview"].removeprefix("/kiosk/v1")
    assert owner.ask("GET", preview).status_code == 200
    assert stranger.ask("GET", preview).status_code == 404
    assert stranger.ask("DELETE", f"{path}/{pages['file']}").status_code == 404
    assert owner.ask("GET", preview).status_code == 200


def test_anothers_hand_over_is_not_there(world: World, owner: Sitting, stranger: Sitting) -> None:
    draft = owner.post("/drafts", {"thing": "P-NEWBORN"})["id"]
    shown = owner.post(f"/drafts/{draft}/hand-overs", {"kind": "form"})["id"]
    for method, tail in (("GET", ""), ("POST", "/ending")):
        for each in (shown, "0" * 32):
            answer = stranger.ask(method, f"/hand-overs/{each}{tail}")
            assert (answer.status_code, answer.json["reason"]) == (404, "not_found"), (method, each)
    assert owner.get(f"/hand-overs/{shown}")["state"] == "waiting"


def test_a_session_is_worth_nothing_at_another_kiosk(world: World, owner: Sitting) -> None:
    elsewhere = Sitting(world.app, world.kiosks[1], owner.token)
    answer = elsewhere.ask("GET", "/cases")
    assert (answer.status_code, answer.json["reason"]) == (401, "session_ended")
    assert owner.ask("GET", "/cases").status_code == 200
