"""The 256-byte text block of the four card kinds (GA/T 490 and its successors), both ways.

UTF-16LE, padded with spaces; in all four layouts the kind stands at byte 248: space resident, J permit of
Hong Kong, Macao and Taiwan residents, I foreigner of 2017, Y foreigner of 2023.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from devices.id_card.card import CardKind, IdCard
from devices.id_card.card_number import is_valid_number
from devices.id_card.frames import Bytes

LENGTH = 256
NO_END = "长期"
_TYPE_AT = 248
_OLD_FOREIGNER_NUMBER = re.compile(r"[A-Z]{3}[0-9]{12}")
_DATE = re.compile(r"[0-9]{8}")


class UnreadableBlock(ValueError):
    """The block is no card; the message names the field, never its value."""


@dataclass(frozen=True)
class Layout:
    """One kind's fields as (name, offset, length) in bytes; reserved stretches are left out."""

    kind: CardKind
    type_char: str
    fields: tuple[tuple[str, int, int], ...]


_RESIDENT = Layout(
    "resident",
    " ",
    (
        ("name", 0, 30),
        ("sex", 30, 2),
        ("ethnicity", 32, 4),
        ("birth_on", 36, 16),
        ("address", 52, 70),
        ("id_number", 122, 36),
        ("authority", 158, 30),
        ("valid_from", 188, 16),
        ("valid_to", 204, 16),
    ),
)
_HMT_PERMIT = Layout(
    "hmt_permit",
    "J",
    (
        ("name", 0, 30),
        ("sex", 30, 2),
        ("birth_on", 36, 16),
        ("address", 52, 70),
        ("id_number", 122, 36),
        ("authority", 158, 30),
        ("valid_from", 188, 16),
        ("valid_to", 204, 16),
        ("pass_number", 220, 18),
        ("issue_count", 238, 4),
    ),
)
_FOREIGNER_2017 = Layout(
    "foreigner_2017",
    "I",
    (
        ("english_name", 0, 120),
        ("sex", 120, 2),
        ("id_number", 122, 30),
        ("country", 152, 6),
        ("name", 158, 30),
        ("valid_from", 188, 16),
        ("valid_to", 204, 16),
        ("birth_on", 220, 16),
        ("card_version", 236, 4),
        ("authority", 240, 8),
    ),
)
_FOREIGNER_2023 = Layout(
    "foreigner_2023",
    "Y",
    (
        ("name", 0, 30),
        ("sex", 30, 2),
        ("issue_count", 32, 4),
        ("birth_on", 36, 16),
        ("english_name", 52, 70),
        ("id_number", 122, 36),
        ("valid_from", 188, 16),
        ("valid_to", 204, 16),
        ("english_name", 220, 22),
        ("country", 242, 6),
        ("old_number_link", 250, 6),
    ),
)
LAYOUTS = (_RESIDENT, _HMT_PERMIT, _FOREIGNER_2017, _FOREIGNER_2023)


def decode_text_block(block: Bytes, photo: bytes = b"") -> IdCard:
    """The card in a 256-byte block, of which no copy stays behind.

    UnreadableBlock when anything in it cannot be so.
    """
    block = memoryview(block)
    if len(block) != LENGTH:
        raise UnreadableBlock(f"the block has {len(block)} bytes, not {LENGTH}")
    layout = _layout_of(block)
    texts: dict[str, str] = {}
    for name, offset, length in layout.fields:
        texts[name] = texts.get(name, "") + _text(name, block[offset : offset + length])
    texts = {name: text.strip(" \0") for name, text in texts.items()}
    _check_number(layout.kind, texts["id_number"])
    if not texts["name"] and not texts.get("english_name"):
        raise UnreadableBlock("the card names nobody")
    return _card(layout.kind, texts, photo)


def encode_text_block(card: IdCard) -> bytes:
    """The block a card of that kind would give. ValueError when a value does not fit its field."""
    layout = next(each for each in LAYOUTS if each.kind == card.kind)
    block = bytearray(" ".encode("utf-16-le") * (LENGTH // 2))
    rest = _texts_of(card)
    for name, offset, length in layout.fields:
        raw = rest[name].encode("utf-16-le")
        block[offset : offset + min(len(raw), length)] = raw[:length]
        rest[name] = raw[length:].decode("utf-16-le")
    if too_long := [name for name, _, _ in layout.fields if rest[name]]:
        raise ValueError(f"{too_long[0]} is longer than its field")
    block[_TYPE_AT : _TYPE_AT + 2] = layout.type_char.encode("utf-16-le")
    return bytes(block)


def _layout_of(block: memoryview) -> Layout:
    mark = bytes(block[_TYPE_AT : _TYPE_AT + 2]).replace(b"\0\0", b" \0").decode("utf-16-le", "replace")
    for layout in LAYOUTS:
        if layout.type_char == mark:
            return layout
    raise UnreadableBlock("the card is of an unknown kind")


def _text(name: str, raw: memoryview) -> str:
    try:
        text = codecs.utf_16_le_decode(raw, "strict", True)[0]
    except UnicodeDecodeError:
        # its cause would carry the bytes along
        raise UnreadableBlock(f"{name} is not UTF-16") from None
    # some issuers pad with NUL instead of space; any other control character is damage
    if any(unicodedata.category(char) == "Cc" for char in text.rstrip("\0 ")):
        raise UnreadableBlock(f"{name} holds control characters")
    return text


def _card(kind: CardKind, texts: dict[str, str], photo: bytes) -> IdCard:
    end = texts["valid_to"]
    dates = {name: _date(name, texts[name]) for name in ("birth_on", "valid_from")}
    valid_to = None if end == NO_END else _date("valid_to", end)
    if valid_to and valid_to < dates["valid_from"]:
        raise UnreadableBlock("the card ends before it begins")
    if texts["sex"] not in ("0", "1", "2", "9"):
        raise UnreadableBlock("sex is none of the standard's codes")
    values: dict[str, Any] = texts | dates | {"valid_to": valid_to}
    return IdCard(kind=kind, photo=photo, **values)


def _date(name: str, text: str) -> date:
    if not _DATE.fullmatch(text):
        raise UnreadableBlock(f"{name} is no date")
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError as error:
        raise UnreadableBlock(f"{name} is no date") from error


def _check_number(kind: CardKind, number: str) -> None:
    if kind == "foreigner_2017":
        good = bool(_OLD_FOREIGNER_NUMBER.fullmatch(number))
    else:
        good = is_valid_number(number)
    if kind == "hmt_permit":
        good = good and number[:6] in ("810000", "820000", "830000")
    if kind == "foreigner_2023":
        good = good and number[0] == "9"
    if not good:
        raise UnreadableBlock("id_number fails its check")


def _texts_of(card: IdCard) -> dict[str, str]:
    texts = {name: value or "" for name, value in card.to_json().items() if name != "photo"}
    for name in ("birth_on", "valid_from", "valid_to"):
        texts[name] = texts[name].replace("-", "")
    texts["valid_to"] = texts["valid_to"] or NO_END
    return texts
