"""Cases for the work pages: submitted at the kiosk, waiting for the window or handled by departments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

from onething.services import accepting, casefiles
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
        if with_page:
            county.sandbox.put_mood("e_licences", "down")
        try:
            session = county.sign_in()
            draft = county.ready_birth(session)
            if with_page:
                draft = hand_in(office, session, draft)
            return str(county.submit(session, draft, f"work-{next(_KEYS)}")["case_number"])
        finally:
            county.sandbox.put_mood("e_licences", "ok")


def hand_in(office: Office, session: Any, draft: dict[str, Any]) -> dict[str, Any]:
    """A page for each material that is wanted on paper."""
    from onething.services import attaching
    from tests.services.county import signature

    for each in draft["materials"]:
        if each["state"] == "to_submit":
            draft = attaching.attach(office.county.ports, session, draft["id"], each["id"], signature())
    return draft


def sent_out(office: Office, *departments: str) -> str:
    """An accepted birth whose first parts are with these departments, who decide at the console."""
    for each in departments:
        office.county.sandbox.put_department(each, decide="hold")
    number = submitted(office)
    accepting.accept_case(office.ports, office.actor("clerk"), number)
    Worker(office.ports, "test").work_once()
    return number


def seen(office: Office, number: str, login: str = "clerk") -> dict[str, Any]:
    return casefiles.view_case_for_staff(office.ports, office.actor(login), number)


def part_of(office: Office, number: str, matter: str) -> dict[str, Any]:
    return next(part for part in seen(office, number)["parts"] if part["matter"] == matter)
