"""A county for one test: services over a database, a sandbox process and files on disk."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image, ImageDraw

from onething.bootstrap import build_ports
from onething.domain.records import Session
from onething.packs.published import PublishedCatalogs
from onething.services import (
    attaching,
    authorising,
    consenting,
    enrolling,
    fetching,
    filling,
    signing_in,
    submitting,
)
from sandbox.running import RunningSandbox
from tests.services.ready_made import KEYS, PACK, furnish


class County:
    """One installation and its only kiosk; acts are named after the services they call.

    An empty database is furnished, unless the installation's keys are in ``folder`` already.
    """

    def __init__(
        self,
        database_url: str,
        sandbox: RunningSandbox,
        folder: Path,
        pack_folder: Path = PACK,
        *,
        window_accepts: bool = False,
    ) -> None:
        self.sandbox = sandbox
        self.database_url = database_url
        keys = folder / KEYS
        if not keys.exists():
            furnish(database_url, keys, pack_folder)
        self.ports = build_ports(
            {
                "ONETHING_DATABASE_URL": database_url,
                "ONETHING_FILES": str(folder / "files"),
                "ONETHING_KEYS": str(keys),
                "ONETHING_GATEWAY_URL": sandbox.url,
                "ONETHING_GATEWAY_TOKENS": str(sandbox.token_file),
                "ONETHING_PUBLIC_URL": "http://127.0.0.1:9",
                "ONETHING_WINDOW_ACCEPTS": "yes" if window_accepts else "no",
                "ONETHING_NEEDS_DEFAULT": "agreed",
            }
        )
        key = Ed25519PrivateKey.generate().public_key()
        pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        self.terminal = enrolling.enrol(self.ports, "1", "一楼大厅", pem)
        sandbox.forget_calls()

    def __enter__(self) -> County:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for department in ("WJ", "GA"):
            self.sandbox.put_department(department, decide="complete", after_seconds=0.1)
        for target in ("birth_register", "marriage_register", "household_register", "e_licences"):
            self.sandbox.put_mood(target, "ok")
        self.ports.close()

    def look_again(self) -> None:
        """Forget which revision is current, as happens by itself within two seconds."""
        self.ports = replace(
            self.ports, catalogs=(fresh := PublishedCatalogs(self.ports.records)), working_days=fresh
        )

    def card(self, family: str, role: str) -> dict[str, Any]:
        return dict(self.sandbox.get_person(family, role)["card"])

    def sign_in(self, family: str = "chen", role: str = "mother") -> Session:
        started = signing_in.start_session(self.ports, self.terminal, self.card(family, role))
        return signing_in.get_session(self.ports, self.terminal.id, started["token"])

    def open(self, session: Session, thing: str = "P-NEWBORN", **parts: Any) -> dict[str, Any]:
        return filling.open_draft(self.ports, session, thing, parts.get("chosen"), parts.get("answers", {}))

    def agree(self, session: Session, draft: dict[str, Any], *refused: str) -> dict[str, Any]:
        sources = {each["id"]: each["id"] not in refused for each in draft["consent"]["sources"]}
        return consenting.consent(self.ports, session, draft["id"], sources)

    def fetch(self, session: Session, draft: dict[str, Any], *sources: str) -> dict[str, Any]:
        return fetching.fetch(self.ports, session, draft["id"], sources or None)

    def authorise(self, session: Session, draft: dict[str, Any], family: str, role: str) -> dict[str, Any]:
        return authorising.authorise(self.ports, session, draft["id"], role, self.card(family, role))

    def fill(self, session: Session, draft: dict[str, Any], **values: Any) -> dict[str, Any]:
        named = {key.replace("__", "."): value for key, value in values.items()}
        return filling.fill(self.ports, session, draft["id"], named)

    def sign(self, session: Session, draft: dict[str, Any]) -> dict[str, Any]:
        return attaching.sign(self.ports, session, draft["id"], signature())

    def submit(self, session: Session, draft: dict[str, Any], key: str = "key-1") -> dict[str, Any]:
        return submitting.submit(self.ports, session, draft["id"], key, "0" * 64)

    def ready_new_birth(self, session: Session) -> dict[str, Any]:
        """The same where an earlier test of this county may have handed this child's birth in already."""
        with self.ports.records.act() as uow:
            uow.connection.exec_driver_sql("DELETE FROM case_claims")  # type: ignore[attr-defined]
        return self.ready_birth(session)

    def ready_birth(self, session: Session) -> dict[str, Any]:
        """A birth filled in, authorised by the father, signed and ready to submit."""
        draft = self.agree(session, self.open(session))
        draft = self.fetch(session, draft)
        draft = self.authorise(session, draft, "chen", "father")
        draft = self.fetch(session, draft)
        draft = self.fill(session, draft, child__name="李𠮷䶮", application__mobile="19900000001")
        return self.sign(session, draft)


def signature() -> bytes:
    """A signature as the pad gives it: dark strokes on a transparent PNG."""
    image = Image.new("RGBA", (800, 300), (255, 255, 255, 0))
    ImageDraw.Draw(image).line([(60, 150), (200, 60), (350, 240), (600, 100)], fill=(0, 0, 0, 255), width=8)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def field(draft: dict[str, Any], fact: str) -> dict[str, Any]:
    """One field of a draft view."""
    for section in draft["form"]["sections"]:
        for each in section["fields"]:
            if each["fact"] == fact:
                return dict(each)
    raise KeyError(fact)


def material(draft: dict[str, Any], name: str) -> dict[str, Any]:
    """One material of a draft view."""
    return dict(next(each for each in draft["materials"] if each["id"] == name))
