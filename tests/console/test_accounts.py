"""Accounts: added with a given password, duties kept apart, changes that count at once, nobody locked out."""

import re
from itertools import count

import pytest
from playwright.sync_api import Browser, expect

from onething.domain.staff import Role, StaffSessionEnded
from onething.ports.staff import AuditQuery
from onething.services import staff_sign_in, staffing
from tests.console.office import PASSWORD, Office

_NUMBERS = count(1)


def add(office: Office, **fields: object) -> tuple[int, str]:
    desk = office.client("admin")
    wanted = {"login": f"added-{next(_NUMBERS)}", "name": "王五", "roles": ["clerk"], **fields}
    answer = desk.post("/staff/new", "/staff/new", **wanted)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_new_account_gets_a_password_that_is_shown_once(office: Office) -> None:
    status, page = add(office, login="wangwu")
    assert status == 200
    given = re.search(r"<code>([a-z0-9-]{19})</code>", page)
    assert given is not None
    begun = staff_sign_in.sign_in(office.ports, "wangwu", given[1])
    assert begun.stage == "enrolment"
    staff = staffing.find_by_login(office.ports, "wangwu")
    assert staff is not None
    assert staff.password_given
    assert given[1] not in office.client("admin").get(f"/staff/{staff.id}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"roles": ["admin", "clerk"]}, "duties_collide"),
        ({"roles": ["auditor", "supervisor"]}, "duties_collide"),
        ({"roles": ["auditor", "admin"]}, "duties_collide"),
        ({"roles": []}, "roles_wanted"),
        ({"roles": ["department"]}, "roles_wanted"),
        ({"roles": ["department"], "department": "XX"}, "unknown_department"),
        ({"login": "clerk"}, "login_taken"),
        ({"login": "a b"}, "bad_login"),
        ({"login": ""}, "bad_fields"),
        ({"name": "王\x07五"}, "bad_fields"),
    ],
)
def test_what_may_not_be_is_refused_and_what_was_typed_is_kept(
    office: Office, fields: dict[str, object], reason: str
) -> None:
    before = len(staffing.list_staff(office.ports))
    status, page = add(office, hall="一号窗口", **fields)
    assert status == 422
    assert f'data-reason="{reason}"' in page
    assert 'value="一号窗口"' in page
    assert len(staffing.list_staff(office.ports)) == before


def test_a_changed_role_counts_at_once(office: Office) -> None:
    staff = staffing.add_staff(
        office.ports,
        staffing.COMMAND_LINE,
        login="changing",
        name="赵六",
        roles=[Role.SUPERVISOR],
        password=PASSWORD,
        given=False,
    )
    begun = staff_sign_in.sign_in_by_provider(office.ports, "changing")
    assert staff_sign_in.get_session(office.ports, begun.token).staff.may([Role.SUPERVISOR])
    path = f"/staff/{staff.id}"
    done = office.client("admin").post(path, path, name="赵六", roles=["clerk"])
    assert done.status_code == 303
    with pytest.raises(StaffSessionEnded):
        staff_sign_in.get_session(office.ports, begun.token)
    query = AuditQuery(actor=office.accounts["admin"].staff.id, action="staff_changed")
    [row, *_] = office.ports.audit_search.list_rows(query, None, 5)
    assert row.row.detail == {"staff": staff.id, "roles": ["clerk"], "department": None}


def test_an_administrator_cannot_lock_themselves_out(office: Office) -> None:
    own = office.accounts["admin"].staff.id
    desk = office.client("admin")
    page = desk.get(f"/staff/{own}").get_data(as_text=True)
    assert "/disabling" not in page
    hidden = desk.hidden(f"/staff/{own}", f"/staff/{own}")
    assert desk.send(f"/staff/{own}/disabling", {**hidden, "disabled": "yes"}).status_code == 303
    assert 'data-reason="not_oneself"' in desk.get("/staff/").get_data(as_text=True)
    changed = desk.post(f"/staff/{own}", f"/staff/{own}", name="x", roles=["clerk"])
    assert 'data-reason="not_oneself"' in changed.get_data(as_text=True)
    assert desk.get("/staff/").status_code == 200


def test_a_reset_second_factor_is_enrolled_anew(office: Office) -> None:
    staff = staffing.add_staff(
        office.ports,
        staffing.COMMAND_LINE,
        login="lost-phone",
        name="钱七",
        roles=[Role.CLERK],
        password=PASSWORD,
    )
    staffing.enrol_second_factor(office.ports, staffing.COMMAND_LINE, staff.id)
    assert staff_sign_in.sign_in(office.ports, "lost-phone", PASSWORD).stage == "second_factor"
    path = f"/staff/{staff.id}"
    assert office.client("admin").post(f"{path}/second-factor", path).status_code == 303
    assert staff_sign_in.sign_in(office.ports, "lost-phone", PASSWORD).stage == "enrolment"


def test_an_unknown_account_is_not_found(office: Office) -> None:
    assert office.client("admin").get("/staff/nobody").status_code == 404


@pytest.mark.browser
def test_the_main_acts_work_without_a_script_and_by_keyboard(office: Office, browser: Browser) -> None:
    """An account is added, found by filter and disabled with scripts switched off and no mouse."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1366, "height": 768})
    context.add_cookies([{"name": "console", "value": office.token("admin"), "url": office.url}])
    page = context.new_page()
    page.goto(office.address("/staff/new"))
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#login")).to_be_focused()
    page.keyboard.type("no-script")
    page.keyboard.press("Tab")
    page.keyboard.type("无脚本")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator(".given code")).to_be_visible()
    page.goto(office.address("/staff/?name=no-script"))
    page.get_by_role("link", name="no-script").press("Enter")
    page.get_by_role("button", name="停用账号").press("Enter")
    expect(page.locator(".said.done")).to_contain_text("已停用")
    expect(page.get_by_role("button", name="启用")).to_be_visible()
    context.close()
