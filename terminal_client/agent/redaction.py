"""The program's last lines, kept in memory, with everything that looks like a person taken out."""

import logging
import re
import sys
from collections import deque

KEPT_LINES = 2000
LONGEST_LINE = 400
LARGEST_BYTES = 192 * 1024
HIDDEN = "[hidden]"
PERSONAL = (
    re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])"),
    re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])"),
    re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])"),
    re.compile(r"(?i)(?:token|secret|proof|code)[\"']?[=:]\s*[\"']?[\w.~*$-]{6,}"),
    re.compile(r"[\u3400-\u9fff\U00020000-\U0003134f·]{2,}"),
)


def redact(text: str) -> str:
    """The text without ID numbers, phone numbers, credit codes, secrets and any run of Chinese characters.

    A name cannot be told from a word, so no Chinese leaves the machine in a log.
    """
    for pattern in PERSONAL:
        text = pattern.sub(HIDDEN, text)
    return text


class LogTail(logging.Handler):
    """Keeps the last lines of the log in memory, redacted as they come; prints the warnings among them."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line; a traceback is cut to its last line, which names the error's kind."""
        kept = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None})
        line = self.format(kept)
        if record.exc_info and record.exc_info[0]:
            line += f" ({record.exc_info[0].__name__})"
        shown = redact(line)[:LONGEST_LINE]
        self._lines.append(shown)
        # With a handler of our own the library prints nothing by itself: the journal has warnings from here.
        if record.levelno >= logging.WARNING:
            sys.stderr.write(shown + "\n")
            sys.stderr.flush()

    def read(self) -> str:
        """The lines, oldest first, at most `LARGEST_BYTES` of the newest."""
        text = "\n".join(self._lines).encode()[-LARGEST_BYTES:]
        return text.decode(errors="ignore")
