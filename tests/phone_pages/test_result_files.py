"""The files of results on a phone's pages, and what is asked of a print that no kiosk has told of."""

import re

import requests

from onething.domain.actors import Actor
from onething.domain.results import KIOSK_PRINT_LASTS
from onething.services import following, printing
from sandbox.e_licences import identifier_of
from tests.phone_pages.street import Street
from tests.phone_pages.test_after import Hall, led, session_of, text_of


def put_mood(street: Street, mood: str) -> None:
    """How the e-licence service behaves when it is asked for files."""
    requests.put(f"{street.sandbox.admin}/moods/e_licence_files", json={"mood": mood}, timeout=10)


def test_files_are_opened_and_a_print_in_doubt_is_asked_about(street: Street) -> None:
    hall, owner = Hall.behind(street), street.client("sun.mother")
    number = hall.case()
    identifier = identifier_of("hukou_book", hall.applicant)
    hall.complete(number, "BIRTH-CERT", {"document": "hukou_book", "of": "child", "identifier": identifier})
    hall.complete(number, "VACCINE")
    results = f"/m/cases/{number}/results"
    shown = text_of(owner, results)
    files = re.findall(rf'href="({results}/\w+/file)"', shown)
    files += re.findall(r'href="(/m/licences/\w+/file)"', text_of(owner, "/m/licences"))
    assert len(files) >= 3
    for file in files[:2]:
        given = owner.get(file)
        assert (given.status_code, given.mimetype) == (200, "application/pdf"), file
        assert given.get_data().startswith(b"%PDF-")
    put_mood(street, "down")
    away = next(answer for file in files if (answer := owner.get(file)).status_code != 200)
    put_mood(street, "ok")
    assert (away.status_code, "请稍后再试" in away.get_data(as_text=True)) == (503, True)
    kiosk = Actor(
        "sitting-1", "citizen", terminal="kiosk-1", holder=street.ports.index.of_number(hall.applicant)
    )
    first = following.view_case(street.ports, session_of(street), number)["results"][0]["id"]
    printing.begin_print(street.ports, kiosk, number, first)
    assert "纸都出来了吗" not in text_of(owner, results), "the kiosk is still at it"
    street.clock.at += KIOSK_PRINT_LASTS
    asked = text_of(street.client("sun.mother"), results)
    assert "纸都出来了吗" in asked
    [path] = set(re.findall(rf'action="(/m/cases/{number}/prints/\w+)"', asked))
    again = street.client("sun.mother")
    assert "已记为打印领取" in led(again.post(path, results, came_out="yes"), again)
    street.clock.at -= KIOSK_PRINT_LASTS
