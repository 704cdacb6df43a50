"""Informing everyone: guides, procedures, handbooks, lists and news, all of the one current revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from onething.domain.errors import NotFound
from onething.domain.handbook import Handbook, handbook_of
from onething.domain.imprint import Imprint, News, news_of
from onething.domain.service_lists import AUDIENCES, ServiceList, as_csv, list_services
from onething.ports import Ports

# How many revisions back the feed goes.
MOST_REVISIONS = 10


def get_imprint(ports: Ports) -> Imprint:
    """The current revision's number, digest and day."""
    number, _ = ports.catalogs.current()
    return ports.catalogs.imprint(number)


def get_service_list(ports: Ports, audience: str) -> ServiceList:
    """The list for persons or for enterprises; raises ``NotFound`` for another audience."""
    if audience not in AUDIENCES:
        raise NotFound
    revision, catalog = ports.catalogs.current()
    return list_services(catalog, audience, revision)


def write_service_list(ports: Ports, audience: str, language: str) -> str:
    """The list as CSV text; raises ``NotFound``."""
    return as_csv(get_service_list(ports, audience), language)


def print_service_list(ports: Ports, audience: str, language: str) -> bytes:
    """The list as XLSX; raises ``NotFound``."""
    services = get_service_list(ports, audience)
    return ports.catalog_prints.service_list(services, ports.catalogs.imprint(services.revision), language)


def list_procedures(ports: Ports, code: str) -> dict[str, Any]:
    """Every matter's working procedure as plain data; raises ``UnknownThing``."""
    handbook = get_handbook(ports, code)
    return {
        "revision": handbook.revision,
        "thing": handbook.code,
        "procedures": [asdict(each) for each in handbook.procedures],
    }


def get_handbook(ports: Ports, code: str) -> Handbook:
    """The clerks' handbook; raises ``UnknownThing``."""
    revision, catalog = ports.catalogs.current()
    return handbook_of(catalog, catalog.get_thing(code), revision, ports.settings.answer_within_days)


def print_handbook(ports: Ports, code: str) -> bytes:
    """The clerks' handbook as PDF; raises ``UnknownThing``."""
    handbook = get_handbook(ports, code)
    return ports.catalog_prints.handbook(handbook, ports.catalogs.imprint(handbook.revision))


def print_procedure(ports: Ports, code: str, matter: str) -> bytes:
    """One matter's working procedure as PDF; raises ``UnknownThing`` and ``NotFound``."""
    handbook = get_handbook(ports, code)
    procedure = next((each for each in handbook.procedures if each.code == matter), None)
    if procedure is None:
        raise NotFound
    return ports.catalog_prints.procedure(handbook, procedure, ports.catalogs.imprint(handbook.revision))


def list_news(ports: Ports) -> Sequence[News]:
    """What the latest revisions changed, newest first."""
    newest, _ = ports.catalogs.current()
    oldest = max(1, newest - MOST_REVISIONS + 1)
    found: list[News] = []
    for number in range(newest, oldest - 1, -1):
        before = ports.catalogs.get(number - 1) if number > 1 else None
        found += news_of(ports.catalogs.imprint(number), before, ports.catalogs.get(number))
    return found
