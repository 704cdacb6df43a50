"""The local pages: closed to everybody but this machine's own page."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import requests

from terminal_client.journey.state import Screen, Sentence
from terminal_client.rendering import render

from .conftest import RunningKiosk
from .made_birth import MOTHER
from .walking import Walk


def test_the_page_is_closed_and_kept_nowhere(running: RunningKiosk) -> None:
    page = requests.get(running.url, timeout=5)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert not re.search(r"<script(?! src)|<style|\son\w+=|hx-on|js:", page.text)


def test_another_sites_page_is_refused(running: RunningKiosk) -> None:
    act = running.url + "acts/start"
    assert requests.post(act, headers={"Sec-Fetch-Site": "cross-site"}, timeout=5).status_code == 403
    assert requests.get(running.url, headers={"Host": "evil.invalid"}, timeout=5).status_code == 403


def test_candidates_come_back_as_json(running: RunningKiosk) -> None:
    answer = requests.post(
        running.url + "candidates", data={"letters": "xinxian", "kind": "place"}, timeout=5
    )
    assert answer.json()[0] == {"text": "新县", "used": 7}


def test_a_preview_is_for_the_one_who_is_signed_in(running: RunningKiosk) -> None:
    assert requests.get(running.url + "pages/f1.jpg", timeout=5).status_code == 404
    assert requests.get(running.url + "pages/..%2Fthings.jpg", timeout=5).status_code == 404


def test_the_end_of_a_sitting_clears_the_browser(running: RunningKiosk) -> None:
    answer = requests.post(running.url + "wiped", timeout=5)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_prompt_is_sound(running: RunningKiosk) -> None:
    sound = requests.get(running.url + "voice/card-zh.wav", timeout=5)
    assert sound.content[:4] == b"RIFF"
    assert requests.get(running.url + "voice/nonsense-zh.wav", timeout=5).status_code == 404


def test_the_stream_carries_no_whole_number(running: RunningKiosk) -> None:
    page = re.search(r"/events/(\w+)", requests.get(running.url, timeout=5).text)
    assert page is not None
    running.devices.place(MOTHER)
    with requests.get(running.url + "events/" + page[1], stream=True, timeout=5) as stream:
        first = next(stream.iter_content(200_000)).decode()
    assert "hx-partial" in first
    assert MOTHER["id_number"] not in first


def test_a_matter_that_does_not_apply_is_not_called_required() -> None:
    walk = Walk().to_card()
    assert walk.journey.plan is not None
    matters = [dict(each) for each in walk.journey.plan["matters"]]
    why_not = {"zh": "您的情况不需要办这一项", "en": "Not needed in your situation"}
    matters[0] |= {"offered": False, "chosen": False, "optional": False, "why_not": why_not}
    at = replace(walk.journey, screen=Screen.MATTERS, plan={**walk.journey.plan, "matters": matters})
    html = render(at, hall=Sentence("大厅", "Hall"), clock=datetime.now(UTC))["screen"]
    row = re.findall(r'<button type="button" class="matter.*?</button>', html, re.DOTALL)[0]
    assert why_not["zh"] in row
    assert "不用办" in row
    assert "必办" not in row
    assert "toggle_matter" not in row
