"""A card as a person reads it: the fields its kind has, with their labels, in the order of its face."""

from dataclasses import dataclass, field
from datetime import date

from devices.id_card.card import CardKind, IdCard
from devices.id_card.code_names import ethnicity_name, sex_name
from devices.id_card.text_block import NO_END

_TAIWAN = "830000"

_KINDS: dict[CardKind, tuple[str, str]] = {
    "resident": ("居民身份证", "Resident identity card"),
    "hmt_permit": ("港澳居民居住证", "Residence permit for Hong Kong and Macao residents"),
    "foreigner_2017": ("外国人永久居留身份证（2017版）", "Foreign permanent resident card (2017)"),
    "foreigner_2023": ("外国人永久居留身份证（2023版）", "Foreign permanent resident card (2023)"),
}
_TAIWAN_PERMIT = ("台湾居民居住证", "Residence permit for Taiwan residents")

_LABELS = {
    "name": ("姓名", "Name"),
    "english_name": ("英文姓名", "Name in English"),
    "sex": ("性别", "Sex"),
    "ethnicity": ("民族", "Ethnic group"),
    "birth_on": ("出生日期", "Date of birth"),
    "country": ("国籍", "Nationality"),
    "address": ("住址", "Address"),
    "newest_address": ("最新住址", "Newest address"),
    "id_number": ("证件号码", "Card number"),
    "pass_number": ("通行证号码", "Travel permit number"),
    "authority": ("签发机关", "Issued by"),
    "issue_count": ("换证次数", "Times renewed"),
    "card_version": ("证件版本", "Card version"),
    "validity": ("有效期限", "Valid"),
    "old_number_link": ("既往版本证件号码关联项", "Link to the earlier number"),
}


@dataclass(frozen=True)
class ShownField:
    """One line: a stable name, its labels, and the value as it is printed on a card."""

    name: str
    zh: str
    en: str
    value: str = field(repr=False)


def kind_name(card: IdCard) -> tuple[str, str]:
    """What kind of card it is, in Chinese and English."""
    if card.kind == "hmt_permit" and card.id_number.startswith(_TAIWAN):
        return _TAIWAN_PERMIT
    return _KINDS[card.kind]


def list_shown_fields(card: IdCard, newest_address: str | None = None) -> list[ShownField]:
    """The fields that this card has; codes by their names, unknown ones with the code itself."""
    values = {
        **{name: getattr(card, name) for name in _LABELS if hasattr(card, name)},
        "sex": sex_name(card.sex),
        "ethnicity": ethnicity_name(card.ethnicity),
        "birth_on": _day(card.birth_on),
        "validity": f"{_day(card.valid_from)} - {_day(card.valid_to)}",
        "newest_address": newest_address or "",
    }
    return [ShownField(name, *_LABELS[name], values[name]) for name in _LABELS if values[name]]


def _day(on: date | None) -> str:
    return on.strftime("%Y.%m.%d") if on else NO_END
