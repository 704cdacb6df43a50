"""The frame holds: every page names its roles, foreign roles see nothing, forms are taken once."""

import base64
import json
import re
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from onething.domain.staff import Role
from onething.ports.staff import AuditQuery
from tests.console.office import ACCOUNTS, Office
from web.gates import Gate, find_gate, roles_of

# What somebody who is not signed in may ask for.
OPEN = {
    "/console/static/<path:name>",
    "/console/language/<any(zh, en):wanted>",
    "/console/sign-in",
    "/console/sign-in/code",
    "/console/sign-in/enrolment",
    "/console/sign-in/password",
    "/console/sign-in/provider",
    "/console/sign-in/provider/return",
    "/console/sign-in/end",
}
# What everyone signed in may ask for, whatever the role.
FOR_EVERYONE = {"/console/", "/console/<path:missing>"}


def rules_of(office: Office) -> Iterator[tuple[Rule, str]]:
    for rule in office.app.url_map.iter_rules():
        if rule.rule.startswith("/console"):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def address_of(rule: Rule) -> str:
    values = dict.fromkeys(rule.arguments, "1")
    built = rule.build({**values, **({"wanted": "zh"} if "wanted" in values else {})})
    assert built is not None
    return str(built[1]).removeprefix("/console")


def test_every_page_names_its_gate(office: Office) -> None:
    views = office.app.view_functions
    assert not {rule.rule for rule, _ in rules_of(office) if not find_gate(views[rule.endpoint])}


def test_only_these_are_open_or_for_everyone(office: Office) -> None:
    views = office.app.view_functions
    gates = {rule.rule: views[rule.endpoint] for rule, _ in rules_of(office)}
    assert {path for path, view in gates.items() if find_gate(view) is Gate.PUBLIC} == OPEN
    closed = {path: view for path, view in gates.items() if find_gate(view) is Gate.STAFF}
    assert {path for path, view in closed.items() if not roles_of(view)} == FOR_EVERYONE


def test_nobody_signed_in_is_sent_to_sign_in_and_back(office: Office) -> None:
    desk = office.client()
    for rule, method in rules_of(office):
        if rule.rule in OPEN:
            continue
        answer = desk.client.open(f"/console{address_of(rule)}", method=method, base_url="http://127.0.0.1")
        assert answer.status_code == 303, rule
        assert answer.location.startswith("/console/sign-in"), rule
    assert desk.get("/audit/", actor="x").location == "/console/sign-in?to=/console/audit/?actor%3Dx"


@pytest.mark.parametrize("login", ACCOUNTS)
def test_foreign_roles_see_nothing(office: Office, login: str) -> None:
    held = {Role(role) for role in ACCOUNTS[login][0]}
    desk = office.client(login)
    refused = 0
    for rule, method in rules_of(office):
        wanted = roles_of(office.app.view_functions[rule.endpoint])
        if not wanted or held & wanted:
            continue
        answer = desk.client.open(f"/console{address_of(rule)}", method=method, base_url="http://127.0.0.1")
        assert answer.status_code == 403, rule
        assert 'data-reason="role_missing"' in answer.get_data(as_text=True), rule
        refused += 1
    assert refused > 5
    query = AuditQuery(actor=office.accounts[login].staff.id, action="page_refused")
    assert len(office.ports.audit_search.list_rows(query, None, 500)) >= refused


def test_a_menu_holds_only_what_opens(office: Office) -> None:
    for login in ACCOUNTS:
        desk = office.client(login)
        html = desk.get("/").get_data(as_text=True)
        menu = re.findall(r'<li><a href="/console([^"]*)"', html)
        assert "/" in menu
        for path in menu:
            assert desk.get(path).status_code == 200, (login, path)


def test_access_keys_are_given_once(office: Office) -> None:
    for login in ACCOUNTS:
        keys = re.findall(r'accesskey="(.)"', office.client(login).get("/").get_data(as_text=True))
        assert len(keys) == len(set(keys)), (login, keys)


def test_a_form_is_taken_once(office: Office) -> None:
    """A second sending leads to where the first one led, and does nothing."""
    desk = office.client("admin")
    staff = office.accounts["technician"].staff.id
    path = f"/staff/{staff}"
    hidden = desk.hidden(path, path)
    fields = {**hidden, "name": "测试technician", "roles": "technician", "hall": "县政务服务中心"}
    query = AuditQuery(actor=office.accounts["admin"].staff.id, action="staff_changed")
    before = len(office.ports.audit_search.list_rows(query, None, 100))
    for _ in range(2):
        answer = desk.send(path, fields)
        assert (answer.status_code, answer.location) == (303, f"/console{path}")
    assert len(office.ports.audit_search.list_rows(query, None, 100)) == before + 1
    assert desk.send(path, {**fields, "name": "x"}).status_code == 303
    assert 'data-reason="form_sent"' in desk.get("/").get_data(as_text=True)


def test_the_language_is_kept_and_leads_back_here_only(office: Office) -> None:
    desk = office.client("clerk")
    answer = desk.get("/language/en", to="/console/?x=1")
    assert answer.location == "/console/?x=1"
    assert '<html lang="en">' in desk.get("/").get_data(as_text=True)
    for elsewhere in ("https://evil.example/", "//evil.example", "/console//evil.example", "/console/\\evil"):
        assert desk.get("/language/zh", to=elsewhere).location == "/console/"


def test_pages_go_with_their_policy(office: Office) -> None:
    answer = office.client("clerk").get("/")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    html = answer.get_data(as_text=True)
    assert not re.search(r"<script(?![^>]*src=)|\son[a-z]+=|\sstyle=", html)


def test_what_was_said_is_escaped_and_said_once(office: Office) -> None:
    """The cookie is anybody's to write: what it holds is only ever text."""
    said = [["done", "<script>alert(1)</script>", "x", '"><b>']]
    desk = office.client("clerk")
    cookie = base64.urlsafe_b64encode(json.dumps(said).encode()).decode()
    desk.client.set_cookie("console-said", cookie, domain="127.0.0.1", path="/console")
    html = desk.get("/").get_data(as_text=True)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html
    assert "alert(1)" not in desk.get("/").get_data(as_text=True)
    for broken in ("x", "e30=", base64.urlsafe_b64encode(b'[["done"]]').decode()):
        desk.client.set_cookie("console-said", broken, domain="127.0.0.1", path="/console")
        assert desk.get("/").status_code == 200
