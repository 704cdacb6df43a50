"""A clerk helps somebody who is at home: by the code from their phone, and never beyond filling in."""

import secrets

import pytest

from onething.domain.phones import Provider
from onething.domain.records import Session
from onething.ports import Once
from onething.ports.phones import ProvenUser
from onething.services import mandating, phone_sign_in
from sandbox.running import RunningSandbox
from tests.console.office import Desk, Office


@pytest.fixture
def person(office: Office, sandbox: RunningSandbox) -> Session:
    """Somebody on their phone, proven by the province's identity."""
    card = sandbox.get_person("fang", "worker")["card"]
    user = ProvenUser("fang.worker", card["name"], card["id_number"])
    signed_in = phone_sign_in.begin(office.ports, Provider.PROVINCE, user, "测试手机")
    phone = phone_sign_in.find_phone(office.ports, signed_in["access_token"])
    assert phone is not None
    assert phone.session is not None
    return phone.session


def test_a_clerk_fills_in_by_a_code_until_it_is_taken_back(office: Office, person: Session) -> None:
    once = Once(secrets.token_urlsafe(16), "0" * 64)
    made = mandating.grant_help(office.ports, person, ["P-RETIRE"], 1, once)
    clerk = Desk(office, "clerk")
    clerk.post("/filing/sittings/help", "/filing/", code="ABCD-EFGH")
    assert "帮办码无效" in clerk.get("/filing/").get_data(as_text=True)
    begun = clerk.post("/filing/sittings/help", "/filing/", code=made["code"])
    assert begun.location.endswith("/filing/table")
    opened = clerk.post("/filing/drafts", "/filing/table", thing="P-RETIRE")
    draft = str(opened.location).partition("#")[0].removeprefix("/console")
    assert clerk.get(draft).status_code == 200
    beyond = clerk.post("/filing/drafts", "/filing/table", thing="P-FLEXJOB")
    said = clerk.get(str(beyond.location).partition("#")[0].removeprefix("/console")).get_data(as_text=True)
    assert "委托范围不包括此事项" in said
    assert rows_on_behalf(office, person, draft.rpartition("/")[2]) >= {"draft_opened", "draft_read"}
    mandating.revoke(office.ports, person, made["id"])
    assert str(clerk.get(draft).location).endswith("/filing/")


def rows_on_behalf(office: Office, person: Session, draft: str) -> set[str]:
    """What was done in this draft on the person's behalf, all of it by the clerk."""
    with office.ports.records.read() as uow:
        rows = [row for row in uow.audit.list_of_subject(person.holder, 50) if row.case == draft]
    helped = [row for row in rows if row.on_behalf_of == person.holder]
    assert {row.actor_kind for row in helped} == {"staff"}
    return {row.action for row in helped}
