"""Signing in: both factors, failures that look alike, locks, sessions that end; all of it in Chromium."""

import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from onething.domain.staff import (
    Role,
    SignInLocked,
    SignInRefused,
    Staff,
    StaffSessionEnded,
    Stage,
)
from onething.ports import Ports
from onething.ports.staff import AuditQuery
from onething.services import staff_sign_in, staffing
from onething.services.staff_sign_in import MOST_FAILURES
from tests.console.looking import look, told
from tests.console.office import PASSWORD, Account, Office

_NUMBERS = count(1)


class MovedClock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def ports(office: Office, clock: MovedClock) -> Ports:
    return replace(office.ports, clock=clock, wall_clock=clock)


@pytest.fixture
def newcomer(office: Office) -> Staff:
    """An account of this test's own, with a given password and no second factor."""
    login = f"new-{next(_NUMBERS)}"
    return staffing.add_staff(
        office.ports, staffing.COMMAND_LINE, login=login, name="新人", roles=[Role.CLERK], password=PASSWORD
    )


@pytest.fixture
def known(office: Office, newcomer: Staff) -> Account:
    """The same with a second factor and a password of their own."""
    uri = staffing.enrol_second_factor(office.ports, staffing.COMMAND_LINE, newcomer.id)
    with office.ports.records.act() as uow:
        staff = replace(newcomer, password_given=False, second_factor_at=datetime.now(UTC))
        uow.staff.save(staff)
    return Account(staff, re.findall(r"secret=([A-Z2-7]+)", uri)[0])


def open_session(ports: Ports, account: Account, ahead: timedelta = timedelta()) -> str:
    begun = staff_sign_in.sign_in(ports, account.staff.login, PASSWORD)
    assert begun.stage is Stage.SECOND_FACTOR
    code = pyotp.TOTP(account.secret).at(int(time.time() + ahead.total_seconds()))
    return staff_sign_in.give_code(ports, begun.token, code).token


def test_a_password_alone_opens_nothing(office: Office, known: Account) -> None:
    begun = staff_sign_in.sign_in(office.ports, known.staff.login, PASSWORD)
    with pytest.raises(StaffSessionEnded):
        staff_sign_in.get_session(office.ports, begun.token)
    desk = office.client()
    desk.client.set_cookie("console", begun.token, domain="127.0.0.1")
    assert desk.get("/").status_code == 303


def test_the_token_changes_with_the_second_factor(office: Office, known: Account) -> None:
    begun = staff_sign_in.sign_in(office.ports, known.staff.login, PASSWORD)
    opened = staff_sign_in.give_code(office.ports, begun.token, known.code())
    assert opened.token != begun.token
    with pytest.raises(StaffSessionEnded):
        staff_sign_in.get_session(office.ports, begun.token, tuple(Stage))
    assert staff_sign_in.get_session(office.ports, opened.token).staff.id == known.staff.id


def test_a_code_is_good_once(office: Office, known: Account) -> None:
    code = known.code()
    begun = staff_sign_in.sign_in(office.ports, known.staff.login, PASSWORD)
    staff_sign_in.give_code(office.ports, begun.token, code)
    again = staff_sign_in.sign_in(office.ports, known.staff.login, PASSWORD)
    with pytest.raises(SignInRefused):
        staff_sign_in.give_code(office.ports, again.token, code)


def test_wrong_logins_and_wrong_passwords_look_alike(office: Office, known: Account) -> None:
    desk = office.client()
    pages = []
    for login in (known.staff.login, "nobody-of-that-name"):
        hidden = desk.hidden("/sign-in", "/sign-in")
        answer = desk.send("/sign-in", {**hidden, "login": login, "password": "wrong horse 7 battery"})
        pages.append((answer.status_code, re.sub(login, "", answer.get_data(as_text=True))))
    assert pages[0] == pages[1]
    assert pages[0][0] == 401
    assert 'data-reason="sign_in_refused"' in pages[0][1]


def test_unknown_logins_cost_as_much_work(office: Office, known: Account) -> None:
    """The same hash is computed; the times may differ by what a busy machine does."""
    took: dict[str, list[float]] = {known.staff.login: [], "nobody-at-all": []}
    for _ in range(4):
        for login, times in took.items():
            began = time.process_time()
            with pytest.raises((SignInRefused, SignInLocked)):
                staff_sign_in.sign_in(office.ports, login, "wrong horse 7 battery")
            times.append(time.process_time() - began)
    real, unreal = (min(times) for times in took.values())
    assert 0.5 < real / unreal < 2


@pytest.mark.parametrize("login", ["known", "unknown-login"])
def test_five_failures_lock_a_name_whoever_it_is(
    ports: Ports, clock: MovedClock, known: Account, login: str
) -> None:
    name = known.staff.login if login == "known" else f"{login}-{time.monotonic_ns()}"
    for _ in range(MOST_FAILURES):
        with pytest.raises(SignInRefused):
            staff_sign_in.sign_in(ports, name, "wrong horse 7 battery")
    with pytest.raises(SignInLocked):
        staff_sign_in.sign_in(ports, name, PASSWORD)
    clock.ahead = timedelta(minutes=16)
    if login == "known":
        assert staff_sign_in.sign_in(ports, name, PASSWORD).stage is Stage.SECOND_FACTOR
    else:
        with pytest.raises(SignInRefused):
            staff_sign_in.sign_in(ports, name, PASSWORD)


def test_wrong_codes_lock_as_wrong_passwords_do(ports: Ports, known: Account) -> None:
    """Giving the password again does not forget the wrong codes."""
    for attempt in range(MOST_FAILURES):
        begun = staff_sign_in.sign_in(ports, known.staff.login, PASSWORD)
        assert begun.before.count == attempt
        with pytest.raises(SignInRefused):
            staff_sign_in.give_code(ports, begun.token, "12345x")
    with pytest.raises(StaffSessionEnded):
        staff_sign_in.give_code(ports, begun.token, known.code())
    with pytest.raises(SignInLocked):
        staff_sign_in.sign_in(ports, known.staff.login, PASSWORD)


def test_the_person_is_told_of_failures_since(office: Office, known: Account) -> None:
    desk = office.client()
    hidden = desk.hidden("/sign-in", "/sign-in")
    desk.send("/sign-in", {**hidden, "login": known.staff.login, "password": "wrong horse 7 battery"})
    sent = desk.send("/sign-in", {**hidden, "login": known.staff.login, "password": PASSWORD})
    assert sent.location == "/console/sign-in/code"
    hidden = desk.hidden("/sign-in/code", "/sign-in/code")
    assert desk.send("/sign-in/code", {**hidden, "code": known.code()}).location == "/console/"
    assert "登录失败 1 次" in desk.get("/").get_data(as_text=True)
    assert "登录失败" not in desk.get("/").get_data(as_text=True)


def test_a_session_ends_when_idle_and_after_eight_hours(
    ports: Ports, clock: MovedClock, known: Account
) -> None:
    token = open_session(ports, known)
    for minutes in range(10, 8 * 60, 10):
        clock.ahead = timedelta(minutes=minutes)
        staff_sign_in.get_session(ports, token)
    clock.ahead = timedelta(hours=8, seconds=1)
    with pytest.raises(StaffSessionEnded):
        staff_sign_in.get_session(ports, token)
    other = open_session(ports, known, clock.ahead)
    clock.ahead += timedelta(minutes=15, seconds=1)
    with pytest.raises(StaffSessionEnded):
        staff_sign_in.get_session(ports, other)


def test_a_page_that_asks_by_itself_keeps_no_session_alive(
    office: Office, ports: Ports, clock: MovedClock, known: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(office.app.extensions, "onething.ports", ports)
    desk = office.client()
    desk.client.set_cookie("console", open_session(ports, known), domain="127.0.0.1")
    clock.ahead = timedelta(minutes=10)
    at = "http://127.0.0.1"
    assert desk.client.get("/console/", base_url=at, headers={"HX-Request": "true"}).status_code == 200
    clock.ahead = timedelta(minutes=16)
    asked = desk.client.get("/console/", base_url=at, headers={"HX-Request": "true"})
    assert (asked.status_code, asked.headers["HX-Redirect"]) == (401, "/console/sign-in")


def test_signing_out_everywhere_ends_every_session(ports: Ports, clock: MovedClock, known: Account) -> None:
    first = open_session(ports, known)
    clock.ahead = timedelta(seconds=60)
    second = open_session(ports, known, clock.ahead)
    staff_sign_in.sign_out(ports, second, everywhere=True)
    for token in (first, second):
        with pytest.raises(StaffSessionEnded):
            staff_sign_in.get_session(ports, token)


def test_disabling_an_account_ends_its_sessions(ports: Ports, office: Office, known: Account) -> None:
    token = open_session(ports, known)
    staffing.set_disabled(ports, office.actor("admin"), known.staff.id, disabled=True)
    with pytest.raises(StaffSessionEnded):
        staff_sign_in.get_session(ports, token)
    with pytest.raises(SignInRefused):
        staff_sign_in.sign_in(ports, known.staff.login, PASSWORD)


def test_every_sign_in_is_audited(office: Office, known: Account) -> None:
    open_session(office.ports, known)
    rows = office.ports.audit_search.list_rows(AuditQuery(actor=known.staff.id), None, 10)
    assert [(each.row.action, each.row.result) for each in rows] == [
        ("staff_sign_in", "ok"),
        ("staff_password_given", "ok"),
    ]


def test_cookies_are_closed_to_scripts_and_other_sites(office: Office, known: Account) -> None:
    desk = office.client()
    hidden = desk.hidden("/sign-in", "/sign-in")
    sent = desk.send("/sign-in", {**hidden, "login": known.staff.login, "password": PASSWORD})
    [cookie] = [each for each in sent.headers.getlist("Set-Cookie") if each.startswith("console=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie


def test_behind_https_cookies_belong_to_this_host_alone(
    office: Office, known: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    secure = replace(office.ports, settings=replace(office.ports.settings, public_url="https://a.example"))
    monkeypatch.setitem(office.app.extensions, "onething.ports", secure)
    answer = office.client().get("/sign-in")
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-console-before=")
    assert "Secure" in cookie


def test_a_form_from_elsewhere_is_refused(office: Office) -> None:
    desk = office.client("editor")
    hidden = desk.hidden("/catalogue/", "/catalogue/uploads")
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        answer = desk.send("/catalogue/uploads", hidden, **headers)
        assert answer.status_code == 403, headers
        assert 'data-reason="form_foreign"' in answer.get_data(as_text=True)
    other = office.client("admin").hidden("/staff/", "/sign-in/end")["csrf"]
    assert desk.send("/catalogue/uploads", {**hidden, "csrf": other}).status_code == 403
    assert desk.send("/catalogue/uploads", {}).status_code == 403


@pytest.mark.browser
def test_the_first_sign_in_in_a_browser(office: Office, browser: Browser, newcomer: Staff) -> None:
    """Password, QR, recovery codes, a password of one's own, and in; then a recovery code, once."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(10_000)
    page.goto(office.address("/staff/"))
    expect(page).to_have_url(re.compile(r"/console/sign-in\?to="))
    wrong = look(page, "sign-in-zh")
    give_password(page, newcomer, PASSWORD)
    expect(page.locator(".qr svg")).to_be_visible()
    wrong += look(page, "sign-in-enrolment-zh")
    page.fill("#code", pyotp.TOTP(page.locator("#secret").inner_text()).now())
    page.get_by_role("button", name="绑定").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    wrong += look(page, "sign-in-recovery-zh")
    page.get_by_role("link", name="我已保存").click()
    wrong += look(page, "sign-in-new-password-zh")
    choose_password(page, "my own words 9", "my own words 8")
    expect(page.locator("#again-error")).to_be_visible()
    choose_password(page, "my own words 9", "my own words 9")
    expect(page.locator(".bar .name")).to_have_text("新人")
    sign_out(page, "退出登录")
    give_password(page, newcomer, "my own words 9")
    wrong += look(page, "sign-in-code-zh")
    give_code(page, codes[3].lower())
    sign_out(page, "在所有地方退出")
    give_password(page, newcomer, "my own words 9")
    give_code(page, codes[3])
    expect(page.locator("[data-reason=sign_in_refused]")).to_be_visible()
    page.context.close()
    assert not [each for each in wrong if "401" not in each], told(wrong)


def give_password(page: Page, staff: Staff, password: str) -> None:
    page.fill("#login", staff.login)
    page.fill("#password", password)
    page.get_by_role("button", name="下一步").click()


def give_code(page: Page, code: str) -> None:
    page.fill("#code", code)
    page.get_by_role("button", name="登录").click()


def choose_password(page: Page, password: str, again: str) -> None:
    page.fill("#password", password)
    page.fill("#again", again)
    page.get_by_role("button", name="保存").click()


def sign_out(page: Page, way: str) -> None:
    page.locator(".menu summary").click()
    page.get_by_role("button", name=way).click()


def test_a_given_password_must_be_changed(office: Office, newcomer: Staff) -> None:
    begun = staff_sign_in.sign_in(office.ports, newcomer.login, PASSWORD)
    assert begun.stage is Stage.ENROLMENT
    secret = staff_sign_in.begin_enrolment(office.ports, begun.token).secret
    assert secret == staff_sign_in.begin_enrolment(office.ports, begun.token).secret
    step = staff_sign_in.finish_enrolment(office.ports, begun.token, pyotp.TOTP(secret).now())
    assert step.stage is Stage.NEW_PASSWORD
    with pytest.raises(StaffSessionEnded):
        staff_sign_in.get_session(office.ports, step.token)
    opened = staff_sign_in.choose_password(office.ports, step.token, "my own words 9")
    assert staff_sign_in.get_session(office.ports, opened.token).staff.password_given is False
