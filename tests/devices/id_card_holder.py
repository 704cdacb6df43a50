"""A program that reads one card and holds it, for a test that looks into its memory.

    python -m tests.devices.id_card_holder URL COMMAND HOLDS_RAW

Says "read" once it has the card, and ends with standard input. With HOLDS_RAW it also keeps the bytes as they
came, to show that the test would find them.
"""

import sys
from collections.abc import Callable

from devices.id_card import sam_v
from devices.id_card.frames import FrameParser

from .id_card_wires import open_url

_held: list[bytes] = []


def _keep_raw() -> None:
    plain: Callable[..., list[bytearray]] = FrameParser.feed

    def feed(self: FrameParser, data: memoryview) -> list[bytearray]:
        bodies = plain(self, data)
        _held.extend(map(bytes, bodies))
        return bodies

    FrameParser.feed = feed  # type: ignore[assignment,method-assign]


def main() -> None:
    """See the module."""
    url, command, holds_raw = sys.argv[1:]
    if holds_raw == "yes":
        _keep_raw()
    reader = open_url(url)
    asked: dict[str, Callable[[sam_v.SamVReader], object]] = {
        "3001": lambda reader: reader.read(),
        "3010": lambda reader: reader.read_with_fingerprint(),
    }
    card = asked[command](reader)
    print("read", flush=True)
    sys.stdin.read()
    del card


if __name__ == "__main__":
    main()
