"""A county that has published its catalog and serves the public door; no kiosk, no sandbox."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask

from onething.bootstrap import build_ports
from onething.documents.catalog_prints import KeptPrints
from onething.documents.flow_chart import CatalogFlowCharts
from onething.domain.imprint import Imprint
from onething.packs.reading import load_pack, read_catalog
from onething.ports import Ports
from onething.services import publishing
from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from public_api.door import PUBLIC
from public_api.guide_pages import guide_pages
from web.app import create_app
from web.settings import DoorSettings

PACK = Path(__file__).resolve().parents[2] / "catalog" / "xinxian"
DATA = load_pack(PACK).data


def open_county(folder: Path, database_url: str, data: Mapping[str, Any] = DATA) -> Ports:
    """Ports over a database with its first revision; the gateway's address is nobody's."""
    KeyRing.make(folder / "keys.json")
    tokens = folder / "tokens.json"
    tokens.touch(mode=0o600)
    tokens.write_text(json.dumps({"onething": "token", "departments": {"GA": "token of GA"}}))
    migrate(database_url)
    ports = build_ports(
        {
            "ONETHING_DATABASE_URL": database_url,
            "ONETHING_FILES": str(folder / "files"),
            "ONETHING_KEYS": str(folder / "keys.json"),
            "ONETHING_GATEWAY_URL": "http://127.0.0.1:9",
            "ONETHING_GATEWAY_TOKENS": str(tokens),
            "ONETHING_PUBLIC_URL": "http://127.0.0.1:8080",
        }
    )
    publish(ports, data)
    return ports


def publish(ports: Ports, data: Mapping[str, Any]) -> int:
    """Publish a revision; its number."""
    return publishing.publish(ports.records, ports.clock, data, read_catalog, "test").number


def publish_in_memory(ports: SimpleNamespace) -> None:
    """Give ports in memory the county's catalog as their first revision, and what prints it."""
    catalog = read_catalog(DATA)
    imprint = Imprint(1, "0" * 64, datetime(2026, 11, 23, tzinfo=UTC))
    ports.catalogs = SimpleNamespace(
        current=lambda: (1, catalog), get=lambda _number: catalog, imprint=lambda _number: imprint
    )
    ports.reads = SimpleNamespace(tallies=lambda *_period, **_filters: ())
    ports.working_days = SimpleNamespace(between=lambda _after, _until: 0)
    ports.flow_charts = CatalogFlowCharts()
    ports.catalog_prints = KeptPrints()


def public_app(ports: Ports) -> Flask:
    """The public door and its pages over these ports."""
    app = create_app(ports, DoorSettings(), [PUBLIC])
    app.register_blueprint(guide_pages)
    return app
