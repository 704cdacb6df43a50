"""Cases that are over, in the county of the mini-program's tests: what a phone finds afterwards."""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import requests

from onething.domain.actors import Actor
from onething.domain.values import Origin, Value
from onething.ports import Ports
from onething.services import issuing
from sandbox.e_licences import identifier_of
from tests.phone_pages.test_after import ADDRESS, Hall
from tests.services.county import County
from tests.services.office import HandClock, work

# Of one person only these tests: what others find of theirs is not changed by it.
OWNER = ("tong", "mother")
PEOPLE = (("stranger", "man"), ("fang", "worker"))


def finish(ports: Ports, admin: str, cards: Mapping[tuple[str, str], Any]) -> dict[str, Any]:
    """Case numbers by what became of them, and the people whom a mandate may name."""
    _, catalog = ports.catalogs.current()
    clock = HandClock()
    settings = replace(ports.settings, without_system=frozenset(catalog.departments), track_seconds=60)
    own = replace(ports, settings=settings, clock=clock)
    hall = Hall(own, cards[OWNER]["id_number"])
    register = Value("河南省信阳市新县旧址1号", Origin.REGISTER, "household_register", "2026-01-02")
    open_case = hall.case(values={"mother": {"address": register}})
    numbers = {"open": open_case, "ready": _completed(hall), "sent": _completed(hall)}
    _send(hall, clock, admin, numbers["sent"])
    return {**numbers, "people": {".".join(name): _named(cards[name]) for name in PEOPLE}}


def _completed(hall: Hall) -> str:
    number = hall.case()
    # The e-licence service has a file of this one for its owner.
    identifier = identifier_of("hukou_book", hall.applicant)
    hall.complete(number, "BIRTH-CERT", {"document": "hukou_book", "of": "child", "identifier": identifier})
    hall.complete(number, "VACCINE")
    return number


def _send(hall: Hall, clock: HandClock, admin: str, number: str) -> None:
    """In a parcel, and delivered by a courier who takes no time."""
    at_once = {"transit_after": {"seconds": 0}, "deliver_after": {"seconds": 0}, "ends": "delivered"}
    requests.put(f"{admin}/courier", json=at_once, timeout=5).raise_for_status()
    holder = hall.ports.index.of_number(hall.applicant)
    citizen = Actor("session-1", "citizen", terminal="terminal-1", holder=holder)
    listed = issuing.list_results(hall.ports, citizen, number)["results"]
    issuing.send_by_courier(
        hall.ports, citizen, number, results=[each["id"] for each in listed], address=ADDRESS
    )
    for _ in range(40):
        work(cast(County, hall))
        if issuing.list_results(hall.ports, citizen, number)["shipments"][0]["state"] == "delivered":
            return
        clock.at += timedelta(seconds=61)
        time.sleep(0.05)
    raise AssertionError("the sandbox's courier has not delivered")


def _named(card: Mapping[str, Any]) -> dict[str, str]:
    return {name: card[name] for name in ("name", "id_number")}
