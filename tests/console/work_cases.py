"""Cases for the work pages: submitted at the kiosk, waiting for the window or handled by departments."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

from PIL import Image, ImageDraw

from onething.domain.records import Session
from onething.services import accepting, attaching, casefiles
from onething.worker import Worker
from tests.console.office import Office

_KEYS = count(1)


@contextmanager
def _window_accepts(office: Office) -> Iterator[None]:
    """Submissions meanwhile wait for the window, as they do in a county with one."""
    county, before = office.county, office.county.ports
    county.ports = replace(before, settings=replace(before.settings, window_accepts=True))
    try:
        yield
    finally:
        county.ports = before


def submitted(office: Office, *, with_page: bool = False) -> str:
    """A birth that waits for acceptance; with a page that the citizen had to hand in, or without."""
    county = office.county
    with _window_accepts(office):
        moods = ("marriage_register", "e_licences") if with_page else ()
        for source in moods:
            county.sandbox.put_mood(source, "down")
        try:
            session = county.sign_in()
            draft = county.ready_new_birth(session)
            if with_page:
                draft = hand_in(office, session, draft)
            return str(county.submit(session, draft, f"work-{next(_KEYS)}")["case_number"])
        finally:
            for source in moods:
                county.sandbox.put_mood(source, "ok")


def hand_in(office: Office, session: Session, draft: dict[str, Any]) -> dict[str, Any]:
    """A page for each material that is wanted on paper, and the signature again."""
    for each in draft["materials"]:
        if each["state"] == "to_submit":
            attaching.add_paper(office.county.ports, session, draft["id"], each["id"], paper())
    return office.county.sign(session, draft)


def paper() -> bytes:
    """A sheet as a kiosk's camera gives it, with lines that stand for writing."""
    image = Image.new("RGB", (1240, 1754), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((300, 120, 940, 180), fill=(30, 30, 30))
    for line in range(24):
        draw.rectangle((140, 300 + 52 * line, 1100 - 37 * (line % 5), 312 + 52 * line), fill=(70, 70, 70))
    draw.ellipse((820, 1380, 1080, 1640), outline=(190, 30, 30), width=14)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def sent_out(office: Office, *departments: str) -> str:
    """An accepted birth whose first parts are with these departments, who decide at the console."""
    for each in departments:
        office.county.sandbox.put_department(each, decide="hold")
    number = submitted(office)
    accepting.accept_case(office.ports, office.actor("clerk"), number)
    worker = Worker(office.ports, "test")
    while worker.work_once():
        pass
    return number


def seen(office: Office, number: str, login: str = "clerk") -> dict[str, Any]:
    return casefiles.view_case_for_staff(office.ports, office.actor(login), number)


def part_of(office: Office, number: str, matter: str) -> dict[str, Any]:
    return next(part for part in seen(office, number)["parts"] if part["matter"] == matter)
