"""The window over its forms: accept, let follow, refuse, ask once, take in, pay, withdraw, find, hand out."""

import io
import re
from typing import Any

import pytest

from onething.domain.actors import Actor
from onething.ports.staff import AuditQuery
from onething.services import handling, printing
from tests.console.office import Desk, Office
from tests.console.work_cases import paper, seen, sent_out, submitted
from tests.services.office import planted


@pytest.fixture
def clerk(office: Office) -> Desk:
    return office.client("clerk")


def send(desk: Desk, number: str, act: str, tab: str = "", *, form: str = "", **fields: Any) -> Any:
    """Send the form of a case's page; ``form`` names the form where a button of it sends elsewhere."""
    page = f"/cases/{number}{tab}"
    hidden = desk.hidden(page, f"/cases/{number}/{form or act}")
    return desk.send(f"/cases/{number}/{act}", {**hidden, **fields})


def text_of(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_a_case_waits_in_the_queue_until_it_is_accepted(office: Office, clerk: Desk) -> None:
    number = submitted(office)
    assert number in text_of(clerk.get("/window/"))
    assert number not in text_of(clerk.get("/window/", state="supplement"))
    answer = send(clerk, number, "acceptance")
    assert answer.status_code == 303
    assert seen(office, number)["state"] == "accepted"
    assert number not in text_of(clerk.get("/window/"))
    [notice] = seen(office, number)["notices"]
    pdf = clerk.get(f"/cases/{number}/notices/{notice['number']}")
    assert (pdf.mimetype, pdf.data[:5], pdf.headers["Cache-Control"]) == (
        "application/pdf",
        b"%PDF-",
        "no-store",
    )


def looks_of(office: Office) -> int:
    """How many rows the audit has of the clerk."""
    query = AuditQuery(actor=office.accounts["clerk"].staff.id)
    return len(office.ports.audit_search.list_rows(query, None, 5000))


def test_a_page_that_looks_again_reads_nobody_s_data(office: Office, clerk: Desk) -> None:
    number = submitted(office)
    page = text_of(clerk.get(f"/cases/{number}"))
    assert f'hx-get="/console/cases/{number}/flow"' in page
    before = looks_of(office)
    again = [text_of(clerk.get(f"/cases/{number}/flow")) for _ in range(3)]
    assert looks_of(office) == before
    assert "出生医学证明" in again[0]
    assert "陈" not in again[0]
    drawn = re.compile(r'<svg class="flow".*?</svg>', re.DOTALL)
    assert drawn.findall(again[0]) == drawn.findall(page)
    send(clerk, number, "acceptance")
    assert "受理后送部门" not in text_of(clerk.get(f"/cases/{number}/flow"))
    assert office.client("officer-wj").get(f"/cases/{number}/flow").status_code == 403


def test_a_paper_is_accepted_by_its_points_only(office: Office, clerk: Desk) -> None:
    number = submitted(office, with_page=True)
    page = text_of(clerk.get(f"/cases/{number}"))
    points = re.findall(r'name="point" value="([^"]+)"', page)
    assert points
    [image] = re.findall(r'<img src="/console([^"]+)"', page)
    assert clerk.get(image).mimetype.startswith("image/")
    answer = send(clerk, number, "acceptance", point=points[:-1])
    assert (answer.status_code, 'data-reason="points_open"' in text_of(answer)) == (422, True)
    assert seen(office, number)["state"] == "received"
    send(clerk, number, "acceptance", point=points)
    assert seen(office, number)["state"] == "accepted"


def test_what_may_follow_is_named_with_its_day_and_taken_in_later(office: Office, clerk: Desk) -> None:
    number = planted(office.county, "E-RESTAURANT", ["LIC-CHECK", "FOOD"], accepted=False)
    never = send(clerk, number, "acceptance", follow="lease")
    assert (never.status_code, 'data-reason="not_to_follow"' in text_of(never)) == (422, True)
    past = send(clerk, number, "acceptance", follow="health", **{"due-health": "2020-01-01"})
    assert (past.status_code, 'value="2020-01-01"' in text_of(past)) == (422, True)
    assert seen(office, number)["state"] == "received"
    send(clerk, number, "acceptance", follow="health", **{"due-health": "2031-03-05"})
    case = seen(office, number)
    assert [(each["material"], each["due_on"]) for each in case["follow"]] == [("health", "2031-03-05")]
    send(clerk, number, "following/health", "/desk")
    assert 'data-reason="supplement_missing"' in text_of(clerk.get(f"/cases/{number}/desk"))
    file = (io.BytesIO(paper()), "page.png", "image/png")
    send(clerk, number, "papers", "/desk", material="health", file=file)
    send(clerk, number, "following/health", "/desk")
    assert seen(office, number)["follow"] == []


def test_the_second_of_two_clerks_is_told(office: Office, clerk: Desk) -> None:
    number = submitted(office)
    old = clerk.hidden(f"/cases/{number}", f"/cases/{number}/refusal")
    send(office.client("clerk"), number, "acceptance")
    late = clerk.send(f"/cases/{number}/refusal", {**old, "reason": "不符合", "remedy": "重新申请"})
    assert (late.status_code, 'data-reason="illegal_move"' in text_of(late)) == (422, True)
    assert seen(office, number)["state"] == "accepted"


def test_a_refusal_without_a_remedy_keeps_what_was_typed(office: Office, clerk: Desk) -> None:
    number = submitted(office)
    answer = send(clerk, number, "refusal", reason="户籍不在本省", remedy=" ")
    assert answer.status_code == 422
    assert 'data-reason="reason_needed"' in text_of(answer)
    assert "户籍不在本省" in text_of(answer)
    assert seen(office, number)["state"] == "received"
    send(clerk, number, "refusal", reason="户籍不在本省", remedy="到户籍地办理")
    case = seen(office, number)
    assert (case["state"], [each["kind"] for each in case["notices"]]) == ("refused", ["refused"])
    assert "户籍不在本省" in text_of(clerk.get(f"/cases/{number}/timeline"))


def test_what_is_missing_is_asked_once_and_taken_in_at_the_window(office: Office, clerk: Desk) -> None:
    number = submitted(office, with_page=True)
    wants = {"want-marriage": "缺第二页", "more": ""}
    assert send(clerk, number, "wants", form="acceptance", **wants).status_code == 303
    again = send(clerk, number, "wants", form="acceptance", **wants)
    assert 'data-reason="illegal_move"' in text_of(again)
    page = text_of(clerk.get(f"/cases/{number}"))
    assert re.search(r'<button class="main" disabled[^>]*>受理</button>', page)
    points = {"point": re.findall(r'name="point" value="([^"]+)"', page)}
    early = send(clerk, number, "acceptance", **points)
    assert (early.status_code, 'data-reason="wants_unsent"' in text_of(early)) == (422, True)
    assert send(clerk, number, "supplement").status_code == 303
    case = seen(office, number)
    assert (case["state"], [want["zh"] for each in case["asked"] for want in each["wants"]]) == (
        "supplement",
        ["缺第二页"],
    )
    early = send(clerk, number, "supplement/given", "/desk")
    assert early.status_code == 303
    assert 'data-reason="supplement_missing"' in text_of(clerk.get(f"/cases/{number}/desk"))
    with_file = {"material": "marriage", "file": (io.BytesIO(paper()), "页.png", "image/png")}
    assert send(clerk, number, "papers", "/desk", **with_file).status_code == 303
    send(clerk, number, "supplement/given", "/desk")
    assert seen(office, number)["state"] == "received"


def test_originals_are_taken_and_given_back_once(office: Office, clerk: Desk) -> None:
    number = submitted(office)
    send(clerk, number, "originals", "/desk", material="hukou", copies="2")
    [original] = seen(office, number)["originals"]
    assert (original["material"], original["copies"], original["returned_at"]) == ("hukou", 2, None)
    path = f"originals/{original['id']}/return"
    hidden = clerk.hidden(f"/cases/{number}/desk", f"/cases/{number}/{path}")
    clerk.send(f"/cases/{number}/{path}", hidden)
    returned = seen(office, number)["originals"][0]["returned_at"]
    assert returned
    clerk.send(f"/cases/{number}/{path}", hidden)
    assert seen(office, number)["originals"][0]["returned_at"] == returned


def test_a_withdrawal_needs_the_written_wish(office: Office, clerk: Desk) -> None:
    number = submitted(office)
    send(clerk, number, "withdrawal", "/desk")
    assert seen(office, number)["state"] == "received"
    send(clerk, number, "withdrawal", "/desk", wish_seen="yes", matter="SS-CARD")
    parts = {part["matter"]: part["state"] for part in seen(office, number)["parts"]}
    assert (parts["SS-CARD"], parts["BIRTH-CERT"]) == ("withdrawn", "waiting")
    send(clerk, number, "withdrawal", "/desk", wish_seen="yes")
    assert seen(office, number)["state"] == "withdrawn"


def test_a_case_is_found_exactly_and_never_by_an_address(office: Office, clerk: Desk) -> None:
    number = submitted(office)
    card = office.county.card("chen", "mother")
    found = clerk.post("/cases/", "/cases/", number=number.lower().replace("-", " "))
    assert found.location == f"/console/cases/{number}"
    for by in ({"card": card["id_number"]}, {"phone": "199 0000 0001"}, {"name": card["name"]}):
        answer = clerk.post("/cases/", "/cases/", **by)
        assert (answer.status_code, number in text_of(answer)) == (200, True)
        assert card["id_number"] not in text_of(answer)
    assert number not in text_of(clerk.post("/cases/", "/cases/", name=card["name"][:1]))
    two = clerk.post("/cases/", "/cases/", name=card["name"], phone="19900000001")
    assert two.status_code == 303
    assert number not in text_of(clerk.get("/cases/", name=card["name"]))


def test_results_are_handed_out_against_the_card(office: Office, clerk: Desk) -> None:
    number = sent_out(office, "WJ", "GA")
    officer = office.actor("officer-wj")
    made = {"documents": [{"document": "birth_certificate", "of": "child", "identifier": "C410001"}]}
    decided = {"kind": "completed", "result": made}
    handling.decide(office.ports, officer, number, "BIRTH-CERT", decided)
    page = text_of(clerk.get(f"/cases/{number}/results"))
    assert "C410001" in page
    assert 'name="result"' not in page
    send(clerk, number, "results/partial", "/results")
    results = re.findall(r'name="result" value="([^"]+)"', text_of(clerk.get(f"/cases/{number}/results")))
    assert len(results) == 1
    unseen = send(clerk, number, "results/handover", "/results", result=results)
    assert 'data-reason="card_not_checked"' in text_of(unseen)
    card = office.county.card("chen", "mother")["id_number"]
    fields = {"result": results, "receiver": card, "card_checked": "yes"}
    assert send(clerk, number, "results/handover", "/results", **fields).status_code == 303
    assert "result_issued" in [line["kind"] for line in seen(office, number)["timeline"]]


def test_a_result_is_looked_at_printed_and_left_to_the_kiosk_that_prints_it(
    office: Office, clerk: Desk
) -> None:
    number = sent_out(office, "WJ", "GA")
    decided = {"kind": "completed", "result": {"documents": []}}
    handling.decide(office.ports, office.actor("officer-wj"), number, "BIRTH-CERT", decided)
    send(clerk, number, "results/partial", "/results")
    page = text_of(clerk.get(f"/cases/{number}/results"))
    [file] = re.findall(rf"/console(/cases/{number}/results/\w+/file)", page)
    given = clerk.get(file)
    assert (given.status_code, given.mimetype) == (200, "application/pdf")
    assert given.get_data().startswith(b"%PDF-")
    assert office.client("officer-wj").get(file).status_code == 403
    holder = office.ports.index.of_number(office.county.card("chen", "mother")["id_number"])
    citizen = Actor("sitting-1", "citizen", terminal="kiosk-1", holder=holder)
    printing.begin_print(office.ports, citizen, number, file.split("/")[-2])
    shown = text_of(clerk.get(f"/cases/{number}/results"))
    assert "正在打印" in shown
    assert "/prints/" not in shown, "the kiosk is still at it"


def test_only_clerks_work_on_cases(office: Office) -> None:
    number = submitted(office)
    assert office.client("supervisor").get(f"/cases/{number}").status_code == 200
    assert "陈" not in text_of(office.client("supervisor").get(f"/cases/{number}"))
    for login in ("supervisor", "officer-wj", "auditor", "admin"):
        assert office.client(login).get(f"/cases/{number}/desk").status_code == 403
        assert office.client(login).get("/cases/").status_code == 403
    assert office.client("clerk").get("/cases/XX-261123-222-2222").status_code == 404
