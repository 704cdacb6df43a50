"""How the makers of serial scanners want to be triggered and asked."""

import re
from dataclasses import dataclass

_ACK, _NAK, _ENQ = 0x06, 0x15, 0x05


@dataclass(frozen=True)
class Dialect:
    """The commands of one family of scanners; an empty one is a thing it cannot do.

    `query` asks for a setting and changes nothing. `is_answered` tells whether a trigger is acknowledged.
    """

    name: str
    trigger: bytes
    stop: bytes
    query: bytes
    is_answered: bool

    def find_answer(self, said: bytes) -> bool | None:
        """Whether the scanner agreed (True) or refused (False); None while it has not answered."""
        found = re.search(rb"([\x06\x15\x05])(?:[.!]|;\x03|,|;)", said)
        return None if found is None else found[1][0] == _ACK


def _newland(command: bytes) -> bytes:
    """`#` is a setting for now, which no power cut makes lasting."""
    return b"~\x010000#" + command + b";\x03"


HONEYWELL = Dialect("honeywell", b"\x16T\r", b"\x16U\r", b"\x16M\rTRGMOD?.", is_answered=False)
NEWLAND = Dialect(
    "newland", _newland(b"SCNTRG1"), _newland(b"SCNTRG0"), _newland(b"SCNMOD*"), is_answered=True
)
# scans by itself and is told nothing
PLAIN = Dialect("plain", b"", b"", b"", is_answered=False)

DIALECTS = {each.name: each for each in (HONEYWELL, NEWLAND, PLAIN)}
