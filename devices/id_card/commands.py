"""The SAM-V commands: bytes, good answers, and how long each may take."""

from dataclasses import dataclass

FOUND = 0x9F
GOOD = 0x90
ITEM_ABSENT = 0x91
NO_CARD = 0x80
SELECT_FAILED = 0x81
READ_FAILED = 0x41


@dataclass(frozen=True)
class Command:
    """Two command bytes, the words that mean success, the step's time limit, and the answer's data.

    `data_lengths` is what a good answer may carry: it tells this command's answer from an earlier one's
    that came late.
    """

    code: bytes
    good: frozenset[int]
    limit_s: float
    data_lengths: range = range(1)


_ONLY_GOOD = frozenset({GOOD})

RESET = Command(bytes.fromhex("10FF"), _ONLY_GOOD, 1.0)
STATUS = Command(bytes.fromhex("11FF"), _ONLY_GOOD, 0.5)
SAM_ID = Command(bytes.fromhex("12FF"), _ONLY_GOOD, 0.5, range(16, 17))
FIND = Command(bytes.fromhex("2001"), frozenset({FOUND}), 1.0, range(17))
SELECT = Command(bytes.fromhex("2002"), _ONLY_GOOD, 1.0, range(17))
READ = Command(bytes.fromhex("3001"), _ONLY_GOOD, 3.0, range(100, 4096))
READ_WITH_FINGERPRINT = Command(bytes.fromhex("3010"), _ONLY_GOOD, 3.0, range(100, 4096))
NEWEST_ADDRESS = Command(bytes.fromhex("3003"), frozenset({GOOD, ITEM_ABSENT}), 1.5, range(20, 100))
DEFAULT_SPEED = 115200
SPEEDS = {115200: 0, 57600: 1, 38400: 2, 19200: 3, 9600: 4}


def set_speed(baud: int) -> Command:
    """The command that changes the wire's speed. KeyError for a speed the reader does not have."""
    return Command(bytes([0x60, SPEEDS[baud]]), _ONLY_GOOD, 1.0)
