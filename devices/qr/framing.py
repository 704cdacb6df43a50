"""From the bytes of a serial scanner to whole codes, and to its answers to commands."""

from dataclasses import dataclass, field

LONGEST = 8192
_ANSWER_BEGINS = b"\x02\x01"
_ANSWER_ENDS = b";\x03"
_LONGEST_ANSWER = 512


@dataclass
class CodeFramer:
    """Cuts a stream at the scanner's suffix.

    What the line leaves unended is a torso and is thrown away: half a number may be somebody else's. So is
    what comes after it up to the next suffix, which may be its other half, until `patience` silences have
    passed. So is a code of more than `longest` bytes: memory stays bounded whatever comes. `dropped` counts
    what was thrown away.
    """

    suffix: bytes = b"\r"
    longest: int = LONGEST
    patience: int = 20
    dropped: int = 0
    _held: bytearray = field(default_factory=bytearray, repr=False)
    _is_spoilt: bool = False
    _silences: int = 0

    @property
    def is_inside(self) -> bool:
        """Whether a code has begun and not ended."""
        return bool(self._held) or self._is_spoilt

    def feed(self, data: bytes) -> list[bytes]:
        """The codes that these bytes complete, without their suffix; empty ones left out."""
        self._silences = 0
        self._held += data
        whole = []
        while (end := self._held.find(self.suffix)) >= 0:
            code = bytes(self._held[:end])
            del self._held[: end + len(self.suffix)]
            whole += self._ended(code)
        if len(self._held) > self.longest:
            self._spoil()
        return whole

    def break_off(self) -> None:
        """The line has been silent for as long as it never is inside a code."""
        self._silences += 1
        if self._held.strip(b"\r\n"):
            self._spoil()
        elif self._silences > self.patience:
            self.clear()

    def pass_over(self, data: bytes) -> None:
        """Forget these bytes and what was before them, and the rest of a code that they leave unended."""
        self.feed(data)
        if self._held.strip(b"\r\n"):
            self._spoil()

    def clear(self) -> None:
        """Begin anew, as on another line."""
        self._held.clear()
        self._is_spoilt = False

    def _spoil(self) -> None:
        self._is_spoilt = True
        # the suffix may have come in part
        del self._held[: len(self._held) - (len(self.suffix) - 1)]

    def _ended(self, code: bytes) -> list[bytes]:
        if self._is_spoilt or len(code) > self.longest:
            self._is_spoilt = False
            self.dropped += 1
            return []
        code = code.strip(b"\r\n")
        return [code] if code else []


@dataclass
class AnswerFilter:
    """Takes a Newland scanner's answers (02 01 ... ; 03) out of the stream that carries its codes."""

    answers: list[bytes] = field(default_factory=list)
    _held: bytearray = field(default_factory=bytearray, repr=False)

    def feed(self, data: bytes) -> bytes:
        """The bytes that belong to codes; answers that are whole are added to `answers`."""
        self._held += data
        codes = bytearray()
        while self._held:
            begin = self._held.find(_ANSWER_BEGINS)
            if begin < 0:
                keep = 1 if self._held.endswith(_ANSWER_BEGINS[:1]) else 0
                codes += self._held[: len(self._held) - keep]
                del self._held[: len(self._held) - keep]
                break
            codes += self._held[:begin]
            del self._held[:begin]
            end = self._held.find(_ANSWER_ENDS)
            if end < 0:
                if len(self._held) > _LONGEST_ANSWER:
                    self._held.clear()
                break
            self.answers.append(bytes(self._held[: end + len(_ANSWER_ENDS)]))
            del self._held[: end + len(_ANSWER_ENDS)]
        return bytes(codes)

    def break_off(self) -> None:
        """The line has been silent: an answer that has begun will not be ended."""
        self._held.clear()

    def clear(self) -> None:
        """Forget what has begun and what was answered."""
        self._held.clear()
        self.answers.clear()
