"""An ID card as read: plain values, codes untouched."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal, get_args

CardKind = Literal["resident", "hmt_permit", "foreigner_2017", "foreigner_2023"]

_DATES = ("birth_on", "valid_from", "valid_to")


@dataclass(frozen=True, kw_only=True)
class IdCard:
    """What one card says. Fields a kind does not have are empty.

    `sex` is GB/T 2261.1 ("1" male, "2" female), `ethnicity` GB/T 3304 as on the card (two digits),
    `country` ISO 3166 three letters, `valid_to` None means 长期 (no end), `photo` is the card's own WLT
    packing (1024 bytes). The repr names the kind only: people do not belong in logs.
    """

    kind: CardKind
    name: str = field(repr=False)
    english_name: str = field(default="", repr=False)
    sex: str = field(repr=False)
    ethnicity: str = field(default="", repr=False)
    birth_on: date = field(repr=False)
    address: str = field(default="", repr=False)
    id_number: str = field(repr=False)
    authority: str = field(default="", repr=False)
    valid_from: date = field(repr=False)
    valid_to: date | None = field(repr=False)
    country: str = field(default="", repr=False)
    pass_number: str = field(default="", repr=False)
    issue_count: str = field(default="", repr=False)
    card_version: str = field(default="", repr=False)
    old_number_link: str = field(default="", repr=False)
    photo: bytes = field(default=b"", repr=False)

    def to_json(self) -> dict[str, str | None]:
        """The fields as text: dates in ISO 8601, the photo in base64, `valid_to` null for 长期."""
        values: dict[str, str | None] = {each.name: getattr(self, each.name) for each in fields(self)}
        for name in _DATES:
            on: date | None = getattr(self, name)
            values[name] = on.isoformat() if on else None
        values["photo"] = base64.b64encode(self.photo).decode()
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "IdCard":
        """The card from `to_json`'s shape. ValueError when a field is unknown, missing or malformed."""
        known = {each.name for each in fields(cls)}
        if unknown := set(values) - known:
            raise ValueError(f"an ID card has no {', '.join(sorted(unknown))}")
        if values.get("kind") not in get_args(CardKind):
            raise ValueError(f"kind must be one of {', '.join(get_args(CardKind))}")
        try:
            return cls(**{name: _from_text(name, value) for name, value in values.items()})
        except (TypeError, binascii.Error) as error:
            raise ValueError(f"not an ID card: {error}") from error


def _from_text(name: str, value: Any) -> Any:
    if name == "valid_to" and value is None:
        return None
    if not isinstance(value, str):
        raise TypeError(f"{name} must be text")
    if name in _DATES:
        return date.fromisoformat(value)
    return base64.b64decode(value, validate=True) if name == "photo" else value
