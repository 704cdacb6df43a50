"""Signing in through an identity provider in a process of its own, and tokens that prove nothing."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from playwright.sync_api import Browser, expect

from onething.connectors.identity.openid import OpenIdProvider, OpenIdSettings
from sandbox.identity import MOODS
from tests.console.office import Office

TOP = Path(__file__).resolve().parents[2]
SECRET = "secret of the console"


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    """The sandbox's identity provider, started and found."""
    with subprocess.Popen(
        [sys.executable, "-m", "sandbox.identity", "--port", "0", "--client-secret", SECRET],
        cwd=TOP,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        issuer = json.loads(process.stdout.readline())["url"]
        try:
            yield OpenIdProvider(OpenIdSettings(issuer, "console", SECRET))
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture
def _with_provider(office: Office, provider: OpenIdProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = replace(office.ports.staff_proof, provider=provider)
    monkeypatch.setitem(office.app.extensions, "onething.ports", replace(office.ports, staff_proof=proof))


@pytest.mark.browser
@pytest.mark.usefixtures("_with_provider")
def test_a_person_signs_in_through_the_provider(office: Office, browser: Browser) -> None:
    page = browser.new_page()
    page.set_default_timeout(10_000)
    page.goto(office.address("/calendars/"))
    page.get_by_role("link", name="统一身份认证").click()
    page.fill("input[name=login]", "supervisor")
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(re.compile("/console/calendars/$"))
    expect(page.locator(".bar .name")).to_have_text("测试supervisor")
    page.context.close()


def go(office: Office, login: str, mood: str = "good", **changed: str) -> Any:
    """To the provider and back, without a browser; the last answer."""
    desk = office.client()
    began = desk.get("/sign-in/provider")
    assert began.status_code == 303
    query = {key: values[0] for key, values in parse_qs(urlsplit(began.location).query).items()}
    assert query["code_challenge_method"] == "S256"
    form = {**query, "login": login, "mood": mood}
    at = began.location.split("?")[0]
    back = requests.post(at, data=form, allow_redirects=False, timeout=10).headers["Location"]
    answer = {key: values[0] for key, values in parse_qs(urlsplit(back).query).items()}
    return desk.get("/sign-in/provider/return", **{**answer, **changed}), desk


@pytest.mark.usefixtures("_with_provider")
def test_a_good_token_opens_a_session(office: Office) -> None:
    answer, desk = go(office, "editor")
    assert answer.status_code == 200
    assert "测试editor" in desk.get("/").get_data(as_text=True)


@pytest.mark.usefixtures("_with_provider")
@pytest.mark.parametrize("mood", [mood for mood in MOODS if mood != "good"])
def test_a_token_that_proves_nothing_opens_nothing(office: Office, mood: str) -> None:
    answer, desk = go(office, "editor", mood)
    assert answer.status_code == 401
    assert 'data-reason="provider_failed"' in answer.get_data(as_text=True)
    assert desk.get("/").status_code == 303


@pytest.mark.usefixtures("_with_provider")
@pytest.mark.parametrize(
    "changed",
    [{"state": "another"}, {"code": "another"}, {"iss": "https://elsewhere.invalid"}, {"error": "x"}],
)
def test_an_answer_to_another_question_opens_nothing(office: Office, changed: dict[str, str]) -> None:
    answer, desk = go(office, "editor", **changed)
    assert 'data-reason="provider_failed"' in answer.get_data(as_text=True)
    assert desk.get("/").status_code == 303


@pytest.mark.usefixtures("_with_provider")
def test_an_answer_in_another_browser_opens_nothing(office: Office) -> None:
    """Somebody is led to an answer that another browser has begun."""
    desk = office.client()
    began = desk.get("/sign-in/provider")
    query = {key: values[0] for key, values in parse_qs(urlsplit(began.location).query).items()}
    at = began.location.split("?")[0]
    back = requests.post(at, data={**query, "login": "editor"}, allow_redirects=False, timeout=10)
    answer = {key: values[0] for key, values in parse_qs(urlsplit(back.headers["Location"]).query).items()}
    victim = office.client()
    said = victim.get("/sign-in/provider/return", **answer)
    assert 'data-reason="provider_failed"' in said.get_data(as_text=True)


@pytest.mark.usefixtures("_with_provider")
def test_somebody_without_an_account_is_refused(office: Office) -> None:
    answer, desk = go(office, "nobody-here")
    assert 'data-reason="sign_in_refused"' in answer.get_data(as_text=True)
    assert desk.get("/").status_code == 303


def test_a_provider_that_is_away_is_said_so(
    office: Office, provider: OpenIdProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = OpenIdProvider(OpenIdSettings("http://127.0.0.1:9", "console", SECRET))
    proof = replace(office.ports.staff_proof, provider=away)
    monkeypatch.setitem(office.app.extensions, "onething.ports", replace(office.ports, staff_proof=proof))
    answer = office.client().get("/sign-in/provider")
    assert 'data-reason="provider_failed"' in answer.get_data(as_text=True)
    assert provider.name == "统一身份认证"


def test_without_a_provider_there_is_no_such_way(office: Office) -> None:
    assert office.client().get("/sign-in/provider").status_code == 404
    assert "provider" not in office.client().get("/sign-in").get_data(as_text=True)
