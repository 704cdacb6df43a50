"""Certificates: what stands on each licence of the e-licence service, and its file."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import typst

from sandbox.e_licences import list_licences
from sandbox.parts import Part
from sandbox.people import World

ELSEWHERE = "新县政务服务和大数据管理局"
_TEMPLATE = resources.files("sandbox").joinpath("certificate.typ").read_bytes()
_WORDS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    resources.files("sandbox").joinpath("certificates.toml").read_text("utf-8")
)
_NUMBERS = ("id_number", "uscc")


@dataclass(frozen=True)
class Certificate:
    """One licence; its holder has a number, or like a newborn only a name. ``facts`` in the maker's words."""

    identifier: str
    document: str
    holder_code: str | None
    holder_name: str | None
    issuer: str
    issued_on: str
    facts: Mapping[str, Any]


def find_certificate(world: World, parts: Sequence[Part], identifier: str) -> Certificate | None:
    """The licence with this identifier, of a register or issued by a department; None when there is none."""
    issued = (each for part in parts for each in _issued(part))
    return next((each for each in (*_of_registers(world), *issued) if each.identifier == identifier), None)


def draw_certificate(certificate: Certificate) -> bytes:
    """The licence as PDF: one A4 page; the same licence gives the same bytes."""
    told = {
        "title": _WORDS["titles"].get(certificate.document, "电子证照"),
        "rows": _rows(certificate),
        "issuer": _WORDS["issuers"].get(certificate.issuer, ELSEWHERE),
        "issued_on": certificate.issued_on,
        "identifier": certificate.identifier,
    }
    ready = {"certificate": json.dumps(told, ensure_ascii=False)}
    pdf = typst.Compiler(_TEMPLATE, font_paths=_fonts(), sys_inputs=ready).compile(format="pdf", timestamp=0)
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)


def _rows(certificate: Certificate) -> list[tuple[str, str]]:
    whose = [("持证人", certificate.holder_name), ("证件号码", certificate.holder_code)]
    headed = [(_WORDS["headings"].get(name), value) for name, value in certificate.facts.items()]
    return [(head, _said(value)) for head, value in [*whose, *headed] if head and value not in (None, "")]


def _said(value: Any) -> str:
    """A moment without its zone, everything else as it is."""
    text = str(value)
    return text[:16].replace("T", " ") if re.match(r"\d{4}-\d{2}-\d{2}T", text) else text


def _of_registers(world: World) -> Iterator[Certificate]:
    for licence in list_licences(world):
        facts = {name: value for name, value in licence.facts.items() if name not in ("name", *_NUMBERS)}
        name = licence.facts.get("name") or licence.holder_name
        yield Certificate(
            licence.identifier, licence.document, licence.holder_code, name, "", licence.issued_on, facts
        )


def _issued(part: Part) -> Iterator[Certificate]:
    """The documents that a department has issued for a part."""
    for event in part.events:
        result = event.body.get("result") or {}
        facts = {**part.facts, **result.get("facts", {})}
        for document in result.get("documents", ()):
            yield _certificate(part, document, facts, str(event.body["at"])[:10])


def _certificate(
    part: Part, document: Mapping[str, str], facts: Mapping[str, Any], issued_on: str
) -> Certificate:
    role = document["of"]
    own = {key.partition(".")[2]: value for key, value in facts.items() if key.partition(".")[0] == role}
    code = next((str(own[name]) for name in _NUMBERS if own.get(name)), None)
    name = own.get("name")
    if code is None and name is None:
        # Of a sale nobody is the holder but those who are named in it.
        code = next((str(value) for key, value in facts.items() if key.partition(".")[2] in _NUMBERS), None)
    return Certificate(
        document["identifier"], document["document"], code, name, part.department, issued_on, own
    )
