"""Enrolment codes: as a technician types them, and as the console's QR code carries them."""

from dataclasses import dataclass, field

from terminal_client.identity import LETTERS

CHECK_LETTERS = LETTERS + "*~$=U"
ID_LENGTH = 4
LENGTH = 16
MODULUS = 37
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
PREFIX = "ONETHING-ENROL:1:"


class BadCode(Exception):
    """What was typed or scanned is no enrolment code; `zh` and `en` say what to do."""

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = reason
        self.zh = zh
        self.en = en


@dataclass(frozen=True)
class EnrolmentCode:
    """The code in its parts, and what its QR code says besides: the server, and the authority's digest."""

    code_id: str
    secret: str = field(repr=False)
    server_url: str | None = None
    ca_pin: str | None = None


def parse_typed(text: str) -> EnrolmentCode:
    """A code as people type it: small letters, dashes and letters taken for digits do no harm. BadCode."""
    code = text.strip().upper()
    # the check character may be a U, which is no letter of the rest
    code = code[:-1].translate(ALIKE) + code[-1:]
    if len(code) != LENGTH:
        raise BadCode("code_length", "编码共16位，请再看一遍", "A code has 16 characters. Please look again.")
    if not set(code[:-1]) <= set(LETTERS) or code[-1] not in _checks(code[:-1]):
        raise BadCode(
            "code_mistyped", "编码有一位输错了，请再看一遍", "A character is mistyped. Please look again."
        )
    return EnrolmentCode(code[:ID_LENGTH], code[ID_LENGTH:-1])


def parse_scanned(text: str) -> EnrolmentCode:
    """What the console's QR code holds: code, server and the authority's SHA-256. BadCode."""
    code, _, rest = text.removeprefix(PREFIX).partition(":")
    server_url, _, pin = rest.rpartition(":")
    if not text.startswith(PREFIX) or not text.isascii() or not text.isprintable():
        raise BadCode("not_a_code", "这不是终端注册码", "This is no enrolment code.")
    if not server_url.startswith(("https://", "http://")) or not (pin == "-" or _is_digest(pin)):
        raise BadCode("not_a_code", "这不是终端注册码", "This is no enrolment code.")
    typed = parse_typed(code)
    return EnrolmentCode(typed.code_id, typed.secret, server_url, None if pin == "-" else pin.lower())


def check_letter(text: str) -> str:
    """Crockford's check character: the text as one number in base 32, modulo 37."""
    number = 0
    for letter in text:
        number = number * 32 + LETTERS.index(letter)
    return CHECK_LETTERS[number % MODULUS]


def _checks(text: str) -> tuple[str, ...]:
    right = check_letter(text)
    # somebody who reads 0 as O and 1 as I does so in the last place too
    return {"0": ("0", "O"), "1": ("1", "I", "L")}.get(right, (right,))


def _is_digest(text: str) -> bool:
    return len(text) == 64 and set(text.lower()) <= set("0123456789abcdef")
