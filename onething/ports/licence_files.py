"""The files of e-licences, as the rules ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from onething.ports.world import NotHeld, Purpose, Unavailable


@dataclass(frozen=True)
class LicenceFileCall:
    """Which licence's file is wanted, why, and whose it may be.

    ``holders`` are the numbers of which the holder must have one; ``names`` count where the service knows
    no number, as of a newborn.
    """

    identifier: str
    holders: frozenset[str]
    names: frozenset[str]
    purpose: Purpose
    deadline_s: float = 8.0


@dataclass(frozen=True)
class LicenceFile:
    """A licence as PDF, and the SHA-256 of its bytes in hex."""

    data: bytes
    sha256: str


class LicenceFiles(Protocol):
    """The e-licence service's download (GB/T 36906)."""

    def fetch(self, call: LicenceFileCall) -> LicenceFile | NotHeld | Unavailable:
        """The file; never raises for the service's trouble, which ``Unavailable`` names."""
        ...
