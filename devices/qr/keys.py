"""The key presses of a scanner that poses as a keyboard (Linux input events) as the characters they mean."""

import struct
from dataclasses import dataclass, field

# struct input_event of a 64-bit kernel: seconds, microseconds, type, code, value
EVENT = struct.Struct("@llHHi")
EV_SYN, EV_KEY, EV_MSC, EV_LED = 0, 1, 4, 17
SYN_DROPPED = 3
KEY_ENTER, KEY_KEYPAD_ENTER = 28, 96
SHIFTS = frozenset((42, 54))
CAPS_LOCK = 58
_PRESSED, _RELEASED = 1, 0

# US layout, the scanners' default: (first key code, plain, with shift)
_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
    (55, "*", "*"),
    (71, "789-456+1230.", "789-456+1230."),
    (98, "/", "/"),
)
PLAIN = {first + place: char for first, plain, _ in _ROWS for place, char in enumerate(plain)}
SHIFTED = {first + place: char for first, _, shifted in _ROWS for place, char in enumerate(shifted)}


@dataclass
class KeyReader:
    """Turns a byte stream of input events into texts, each ended by Enter.

    A text that cannot be known in full is thrown away whole and counted: events the kernel dropped, a key
    of no character, more than `longest` characters, a pause in the middle (then also what comes up to the
    next Enter, which may be the other half, until `patience` pauses have passed).
    """

    longest: int = 4296
    patience: int = 20
    dropped: int = 0
    _bytes: bytearray = field(default_factory=bytearray, repr=False)
    _typed: list[str] = field(default_factory=list, repr=False)
    _is_spoilt: bool = False
    _shifts_down: set[int] = field(default_factory=set)
    _is_locked: bool = False
    _pauses: int = 0

    @property
    def is_inside(self) -> bool:
        """Whether a text has begun and not ended."""
        return bool(self._typed) or self._is_spoilt

    def feed(self, data: bytes) -> list[str]:
        """The texts that these bytes end."""
        self._pauses = 0
        self._bytes += data
        whole = len(self._bytes) - len(self._bytes) % EVENT.size
        events = [EVENT.unpack_from(self._bytes, at)[2:] for at in range(0, whole, EVENT.size)]
        del self._bytes[:whole]
        return [text for event in events if (text := self._take(*event))]

    def break_off(self) -> None:
        """The keys have been still for as long as they never are inside a text."""
        self._pauses += 1
        if self._typed:
            self._typed.clear()
            self._is_spoilt = True
        elif self._pauses > self.patience:
            self._is_spoilt = False

    def clear(self) -> None:
        """Forget what was typed, and the rest of a text that has begun; keys that are held stay held."""
        self._is_spoilt = self._is_spoilt or bool(self._typed)
        self._typed.clear()

    def _take(self, kind: int, code: int, value: int) -> str | None:
        if kind == EV_SYN and code == SYN_DROPPED:
            self._is_spoilt = True
            self._shifts_down.clear()
        elif kind == EV_KEY and code in SHIFTS:
            (self._shifts_down.discard if value == _RELEASED else self._shifts_down.add)(code)
        elif kind == EV_KEY and value == _PRESSED:
            return self._press(code)
        return None

    def _press(self, code: int) -> str | None:
        if code in (KEY_ENTER, KEY_KEYPAD_ENTER):
            return self._end()
        if code == CAPS_LOCK:
            self._is_locked = not self._is_locked
        elif code in PLAIN and len(self._typed) < self.longest:
            self._typed.append(self._char(code))
        else:
            self._is_spoilt = True
        return None

    def _char(self, code: int) -> str:
        is_upper = bool(self._shifts_down) != (self._is_locked and PLAIN[code].isalpha())
        return (SHIFTED if is_upper else PLAIN)[code]

    def _end(self) -> str | None:
        text, is_spoilt = "".join(self._typed), self._is_spoilt
        self._typed.clear()
        self._is_spoilt = False
        if is_spoilt:
            self.dropped += 1
            return None
        return text or None


def press(text: str) -> bytes:
    """The events of typing the text and Enter, as a scanner sends them. KeyError where no key gives it."""
    keys = {char: (code, False) for code, char in reversed(PLAIN.items())}
    keys = {char: (code, True) for code, char in reversed(SHIFTED.items())} | keys
    events = b""
    for char in text:
        code, is_shifted = keys[char]
        stroke = _event(code, 1) + _event(code, 0)
        events += _event(42, 1) + stroke + _event(42, 0) if is_shifted else stroke
    return events + _event(KEY_ENTER, 1) + _event(KEY_ENTER, 0)


def _event(code: int, value: int) -> bytes:
    return EVENT.pack(0, 0, EV_KEY, code, value) + EVENT.pack(0, 0, EV_SYN, 0, 0)
