"""When the bytes of a code may be called a text."""

import unicodedata

LONGEST = 7089  # digits of the largest QR code, ISO/IEC 18004


def text_of(raw: bytes) -> str | None:
    """The bytes as text; None when they are not UTF-8, empty, too many, or hold control characters."""
    try:
        return checked(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def checked(text: str) -> str | None:
    """The text itself when it may be shown and compared; None otherwise.

    Control characters have no place in a code that is meant for us, and would break the frames of a serial
    scanner and the lines of whoever prints the text.
    """
    if not text or len(text) > LONGEST or any(unicodedata.category(char) == "Cc" for char in text):
        return None
    return text
