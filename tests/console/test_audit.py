"""The audit viewer: filters, pages, people by blind index, the chain; every look is itself a row."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from onething.domain.records import AuditRow
from onething.ports.staff import AuditEntry, AuditQuery
from onething.services.auditing import PAGE
from onething.storage.audit_chain import seal_audit
from onething.storage.unit_of_work import DatabaseRecords
from staff_console.audit_words import ACTIONS
from tests.console.office import Office

SERVICES = Path(__file__).resolve().parents[2] / "onething" / "services"


def looks_of(office: Office) -> list[AuditEntry]:
    query = AuditQuery(actor=office.accounts["auditor"].staff.id, action="audit_read")
    return list(office.ports.audit_search.list_rows(query, None, 500))


def rows_on(html: str) -> list[str]:
    return re.findall(r"<code class=\"quiet\">([a-z_]+)</code>", html)


def add_rows(office: Office, actor: str, count: int) -> None:
    with office.ports.records.act() as uow:
        for _ in range(count):
            uow.audit.add(AuditRow(office.ports.clock.now(), actor, "worker", "part_delivered", "delivery"))


def test_every_look_is_itself_a_row(office: Office) -> None:
    before = len(looks_of(office))
    office.client("auditor").get("/audit/", action="staff_added")
    looks = looks_of(office)
    assert len(looks) == before + 1
    assert looks[0].row.detail["of_action"] == "staff_added"


def test_filters_choose_and_pages_go_on(office: Office) -> None:
    add_rows(office, "worker-7", 2 * PAGE + 3)
    desk, at, seen = office.client("auditor"), "/audit/?actor=worker-7", 0
    for expected in (PAGE, PAGE, 3):
        html = desk.get(at).get_data(as_text=True)
        assert rows_on(html) == ["part_delivered"] * expected
        seen += expected
        following = re.search(r'href="/console(/audit/[^"]*)" rel="next"', html)
        at = following[1].replace("&amp;", "&") if following else ""
    assert (seen, at) == (2 * PAGE + 3, "")


def test_days_are_whole_days_in_the_county(office: Office) -> None:
    add_rows(office, "worker-8", 1)
    desk = office.client("auditor")
    assert rows_on(desk.get("/audit/", actor="worker-8", to="2099-01-01").get_data(as_text=True))
    for query in ({"to": "2020-01-01"}, {"from": "2099-01-01"}):
        assert not rows_on(desk.get("/audit/", actor="worker-8", **query).get_data(as_text=True))


def test_a_person_is_found_by_number_and_the_number_is_kept_nowhere(office: Office) -> None:
    session = office.county.sign_in("chen", "mother")
    number = office.county.card("chen", "mother")["id_number"]
    desk = office.client("auditor")
    answer = desk.post("/audit/subject", "/audit/", number=number)
    assert answer.location == f"/console/audit/?subject={session.holder}"
    html = desk.get(answer.location.removeprefix("/console")).get_data(as_text=True)
    assert "session_started" in rows_on(html)
    assert number not in html
    look = looks_of(office)[0]
    assert look.row.subject == session.holder
    assert number not in str(look)


def test_a_case_is_found_by_number(office: Office) -> None:
    county = office.county
    session = county.sign_in("chen", "mother")
    submitted = county.submit(session, county.ready_new_birth(session), key="audit-case-1")
    html = office.client("auditor").get("/audit/", case=submitted["case_number"]).get_data(as_text=True)
    assert "submitted" in rows_on(html)
    assert not rows_on(office.client("auditor").get("/audit/", case="XX-1").get_data(as_text=True))


def test_a_changed_row_is_shown_by_the_chain(office: Office) -> None:
    records = office.ports.records
    assert isinstance(records, DatabaseRecords)
    add_rows(office, "worker-9", 3)
    while seal_audit(records):
        pass
    desk = office.client("auditor")
    assert 'data-chain="whole"' in desk.post("/audit/verification", "/audit/").get_data(as_text=True)
    [row, *_] = office.ports.audit_search.list_rows(AuditQuery(actor="worker-9"), None, 1)
    change = text("UPDATE audit SET purpose = :purpose WHERE id = :row")
    with records.act() as uow:
        uow.connection.execute(change, {"purpose": "forged", "row": row.number})
    html = desk.post("/audit/verification", "/audit/").get_data(as_text=True)
    with records.act() as uow:
        uow.connection.execute(change, {"purpose": row.row.purpose, "row": row.number})
    assert 'data-chain="edited"' in html
    assert f"编号 {row.number}" in html
    query = AuditQuery(actor=office.accounts["auditor"].staff.id, action="audit_verified")
    assert [each.row.result for each in office.ports.audit_search.list_rows(query, None, 2)] == [
        "broken",
        "ok",
    ]


def test_every_action_of_the_services_has_words() -> None:
    named = {
        action for file in SERVICES.glob("*.py") for action in _actions(ast.parse(file.read_text("utf-8")))
    }
    assert len(named) > 40
    assert not named - ACTIONS.keys()


def _actions(tree: ast.AST) -> Iterator[str]:
    """The actions written out where audit rows are made and where acts on cases are named."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        given = next((each.value for each in call.keywords if each.arg == "action"), None)
        if name in ("AuditRow", "on_case") and given is None and len(call.args) > 3:
            given = call.args[3]
        if name in ("AuditRow", "on_case") and isinstance(given, ast.Constant):
            yield str(given.value)
