"""Identifiers of e-licences (GB/T 36904): five parts, and a check character by ISO 7064 MOD 37,36."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROOT = "1.2.156.3005.2"
_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FORM = re.compile(
    r"1\.2\.156\.3005\.2"
    r"\.(?P<kind>[0-9A-Z]{21})\.(?P<issuer>[0-9A-Z]{1,30})\.(?P<serial>[0-9A-Z]{1,40})"
    r"\.(?P<version>[0-9]{3})\.(?P<check>[0-9A-Z])"
)


@dataclass(frozen=True)
class ELicenceIdentifier:
    """What an identifier says: the licence's kind, who issued it, its serial and its version."""

    kind: str
    issuer: str
    serial: str
    version: int

    def __str__(self) -> str:
        version = f"{self.version:03d}"
        check = check_character(f"{self.kind}{self.issuer}{self.serial}{version}")
        return ".".join((_ROOT, self.kind, self.issuer, self.serial, version, check))


def find_e_licence_identifier(text: str) -> ELicenceIdentifier | None:
    """The identifier that a text is, or None when its form or its check character is wrong."""
    found = _FORM.fullmatch(text.strip().upper())
    if found is None:
        return None
    identifier = ELicenceIdentifier(found["kind"], found["issuer"], found["serial"], int(found["version"]))
    return identifier if str(identifier)[-1] == found["check"] else None


def check_character(text: str) -> str:
    """The ISO 7064 MOD 37,36 check character over digits and capital letters.

    Raises ``ValueError`` for any other character.
    """
    remainder = 36
    for character in text:
        total = (remainder + _CHARACTERS.index(character)) % 36 or 36
        remainder = total * 2 % 37
    return _CHARACTERS[(37 - remainder) % 36]
