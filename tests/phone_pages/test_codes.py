"""Codes that a phone shows: read once within a minute, renewed in time, worth nothing for anything else."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from onething.services import showing_codes, signing_in
from tests.phone_pages.street import Street, Walker
from tests.phone_pages.test_after import NOBODY_S, Hall, session_of, text_of
from tests.services.office import licence


@pytest.fixture
def hall(street: Street) -> Hall:
    return Hall.behind(street)


@pytest.fixture
def owner(street: Street) -> Walker:
    return street.client("sun.mother")


def test_a_code_is_read_once_within_its_minute(street: Street, owner: Walker) -> None:
    page = text_of(owner, "/m/licences/me")
    assert "<svg" in page
    issued = showing_codes.issue(street.ports, session_of(street), "sign_in")
    shown = showing_codes.redeem(street.ports, issued["text"], "terminal-9", "sign_in")
    assert shown.session.card["id_number"] == street.cards["sun", "mother"]["id_number"]
    late = showing_codes.issue(street.ports, session_of(street), "sign_in")
    street.clock.at += timedelta(seconds=61)
    tampered = late["text"][:-1] + ("A" if late["text"][-1] != "A" else "B")
    for text in (issued["text"], late["text"], tampered, "", "https://elsewhere.invalid/x"):
        with pytest.raises(showing_codes.ShowingCodeRefused):
            showing_codes.redeem(street.ports, text, "terminal-9", "sign_in")
    assert street.cards["sun", "mother"]["id_number"] not in issued["text"]


def test_a_code_is_worth_nothing_for_something_else_or_after_signing_out(street: Street) -> None:
    session = session_of(street)
    text = showing_codes.issue(street.ports, session, "sign_in")["text"]
    token = text.rpartition(":")[2]
    for wrong in (text, f"{street.url}/v/c/{token}"):
        with pytest.raises(showing_codes.ShowingCodeRefused):
            showing_codes.redeem(street.ports, wrong, "terminal-8", "licence")
    signing_in.end_session(street.ports, session, "signed_out")
    with pytest.raises(showing_codes.ShowingCodeRefused):
        showing_codes.redeem(street.ports, text, "terminal-8", "sign_in")


def test_guessing_codes_stops_at_a_place_and_not_elsewhere(street: Street) -> None:
    for _ in range(20):
        with pytest.raises(showing_codes.ShowingCodeRefused):
            showing_codes.redeem(street.ports, f"ONETHING-SHOW:1:{NOBODY_S}", "terminal-7", "sign_in")
    good = showing_codes.issue(street.ports, session_of(street), "sign_in")["text"]
    with pytest.raises(showing_codes.TooManyRefusals):
        showing_codes.redeem(street.ports, good, "terminal-7", "sign_in")
    assert showing_codes.redeem(street.ports, good, "terminal-6", "sign_in").session


def test_a_licence_is_shown_to_whoever_scans_it_and_says_little(
    street: Street, hall: Hall, owner: Walker
) -> None:
    number = hall.case()
    hall.complete(number, "BIRTH-CERT", licence("birth_certificate"))
    listed = text_of(owner, "/m/licences")
    path = re.findall(r'href="(/m/licences/\w+/code)"', listed)[0]
    assert "<svg" in text_of(owner, path)
    result = path.split("/")[3]
    issued = showing_codes.issue(street.ports, session_of(street), "licence", result)
    at = issued["text"].removeprefix(street.url)
    anyone = street.client()
    for _ in range(2):  # looking at the address alone uses nothing up: scanners look ahead
        assert "查看" in text_of(anyone, at)
    shown = anyone.client.post(at, base_url="http://127.0.0.1")
    page = shown.get_data(as_text=True)
    assert shown.status_code == 200
    assert "出生医学证明" in page
    card = street.cards["sun", "mother"]
    assert card["name"] not in page
    assert card["id_number"] not in page
    again = anyone.client.post(at, base_url="http://127.0.0.1")
    assert again.status_code == 422
    assert "showing_code_refused" in again.get_data(as_text=True)


@pytest.mark.browser
def test_a_code_on_the_screen_is_renewed_before_it_is_too_old(street: Street, browser: Browser) -> None:
    page = street.enter(browser, "sun.mother")
    page.clock.install()
    page.goto(f"{street.url}/m/licences/me")
    first = page.inner_html("#code")
    page.clock.run_for(20_000)
    assert page.inner_html("#code") == first
    page.clock.run_for(31_000)
    page.wait_for_function("(first) => document.getElementById('code').innerHTML !== first", arg=first)
    assert "over" not in (page.get_attribute("#showing", "class") or "")
    page.context.set_offline(True)
    page.clock.run_for(61_000)
    assert "已过期" in page.inner_text("#left")
    page.context.close()
