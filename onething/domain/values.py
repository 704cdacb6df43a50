"""A value on a form: its fact, where it came from, and how raw input becomes one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from onething.domain.catalog import Catalog, Fact, FactType, Label
from onething.domain.people import find_citizen_number, find_credit_code, find_mobile, passes_luhn


class Origin(StrEnum):
    """Where a value came from."""

    CARD = "card"
    IDENTITY = "identity"  # proven by the province's identity, where there is no reader for a card
    REGISTER = "register"
    E_LICENCE = "e_licence"
    EARLIER_CASE = "earlier_case"
    TYPED = "typed"
    COMPUTED = "computed"


_ORIGINS = {origin.value: origin for origin in Origin}


@dataclass(frozen=True)
class Replaced:
    """What another device had typed: ``channel`` is ``kiosk``, ``phone`` or ``window``, ``at`` ISO 8601, UTC.

    Both are None where the draft is older than their being noted.
    """

    value: Any
    channel: str | None = None
    at: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is sealed with the value that stands."""
        return {"value": self.value, "channel": self.channel, "at": self.at}

    @classmethod
    def from_json(cls, data: Any) -> Replaced:
        """As it was sealed; in older drafts it is the bare value."""
        return cls(**data) if isinstance(data, dict) else cls(data)


@dataclass(frozen=True)
class Value:
    """One value: ``value`` as stored, ``source`` its register, ``as_of`` the record's own date.

    ``disputed`` keeps what the register said when the person typed something else instead; ``replaced`` what
    another device had typed there, the last first, until the person says which stays (``domain.merging``).
    """

    value: Any
    origin: Origin
    source: str | None = None
    as_of: str | None = None
    disputed: Any = None
    replaced: tuple[Replaced, ...] = ()

    @property
    def is_proven(self) -> bool:
        """Whether it is part of the proof of who somebody is: not to be typed over, and of no register."""
        return self.origin in (Origin.CARD, Origin.IDENTITY)

    def to_json(self) -> dict[str, Any]:
        """The value as it is sealed."""
        sealed = {"value": self.value, "origin": self.origin.value}
        if self.source is not None:
            sealed["source"] = self.source
        if self.as_of is not None:
            sealed["as_of"] = self.as_of
        if self.disputed is not None:
            sealed["disputed"] = self.disputed
        if self.replaced:
            sealed["replaced"] = [each.to_json() for each in self.replaced]
        return sealed

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Value:
        """The value as it was sealed."""
        return cls(
            data["value"],
            _ORIGINS[data["origin"]],
            data.get("source"),
            data.get("as_of"),
            data.get("disputed"),
            tuple(map(Replaced.from_json, data.get("replaced", ()))),
        )


class OpenedValues(Mapping[str, Value]):
    """Opened values by ``role.fact``, each made only when it is looked at."""

    def __init__(self, roles: Mapping[str, Mapping[str, Any]]) -> None:
        self._roles = roles

    def __getitem__(self, key: str) -> Value:
        role, _, fact = key.partition(".")
        return Value.from_json(self._roles[role][fact])

    def __iter__(self) -> Iterator[str]:
        return (f"{role}.{fact}" for role, facts in self._roles.items() for fact in facts)

    def __len__(self) -> int:
        return sum(map(len, self._roles.values()))


class BadValue(Exception):
    """A value that cannot be taken, with a sentence for the person."""

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = Label(zh, en)


def read_value(catalog: Catalog, fact: Fact, raw: Any) -> Any:
    """The stored form of what was typed or fetched; raises ``BadValue``.

    Dates are ISO 8601 texts, decimals texts, codes their code; texts are trimmed and NFC, and
    refuse control characters, bidirectional marks and what could command a printer.
    """
    if fact.type is FactType.CODE:
        return _code(catalog, fact, raw)
    return _READERS[fact.type](fact, raw)


def _text(fact: Fact, raw: Any) -> str:
    text = unicodedata.normalize("NFC", str(raw)).strip()
    if not text:
        raise BadValue("empty", f"请填写{fact.label.zh}", f"Please enter {fact.label.en}")
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for char in text):
        raise BadValue(
            "control_characters", "含有不能使用的字符，请重新输入", "Contains characters that cannot be used"
        )
    most = fact.max_length or 200
    if len(text) > most:
        raise BadValue("too_long", f"最多{most}个字", f"At most {most} characters")
    return text


def _name(fact: Fact, raw: Any) -> str:
    text = re.sub(r"\s*[・•‧∙]\s*", "·", _text(fact, raw))
    if not all(char.isalpha() or char in "·-' ." for char in text):
        raise BadValue("not_a_name", "姓名只能是文字和间隔点“·”", "A name has letters and the dot · only")
    return text


def _found(find: Callable[[str], str | None], reason: str, zh: str, en: str) -> Callable[[Fact, Any], str]:
    def read(fact: Fact, raw: Any) -> str:
        found = find(_text(fact, raw))
        if found is None:
            raise BadValue(reason, zh, en)
        return found

    return read


def _date(fact: Fact, raw: Any) -> str:
    try:
        return date.fromisoformat(_text(fact, raw)[:10]).isoformat()
    except ValueError:
        raise BadValue("not_a_date", "请填写日期，如2026-11-20", "Enter a date such as 2026-11-20") from None


def _datetime(fact: Fact, raw: Any) -> str:
    try:
        return datetime.fromisoformat(_text(fact, raw)).isoformat(timespec="minutes")
    except ValueError:
        raise BadValue(
            "not_a_time",
            "请填写日期和时间，如2026-11-20 08:30",
            "Enter a date and time such as 2026-11-20 08:30",
        ) from None


def _month(fact: Fact, raw: Any) -> str:
    text = _text(fact, raw)
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise BadValue("not_a_month", "请填写年月，如2026-11", "Enter a month such as 2026-11")
    return text


def _integer(fact: Fact, raw: Any) -> int:
    text = _text(fact, raw)
    if isinstance(raw, bool) or not re.fullmatch(r"-?\d{1,12}", text):
        raise BadValue("not_a_number", "请填写整数", "Enter a whole number")
    return int(text)


def _decimal(fact: Fact, raw: Any) -> str:
    try:
        number = Decimal(_text(fact, raw))
    except InvalidOperation:
        raise BadValue("not_a_number", "请填写数字", "Enter a number") from None
    if not number.is_finite():
        raise BadValue("not_a_number", "请填写数字", "Enter a number")
    return format(number, "f")


def _boolean(_fact: Fact, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if str(raw) in ("true", "false"):
        return str(raw) == "true"
    raise BadValue("not_yes_or_no", "请选择是或否", "Choose yes or no")


def _code(catalog: Catalog, fact: Fact, raw: Any) -> str:
    code = str(raw)
    if code not in catalog.code_sets.get(fact.code_set or "", {}):
        raise BadValue("not_in_code_set", f"请选择{fact.label.zh}", f"Choose {fact.label.en} from the list")
    return code


_READERS: Mapping[FactType, Callable[[Fact, Any], Any]] = {
    FactType.TEXT: _text,
    FactType.ADDRESS: _text,
    FactType.DIVISION: _text,
    FactType.NAME: _name,
    FactType.CITIZEN_ID: _found(
        find_citizen_number,
        "bad_citizen_number",
        "身份证号码不对，请核对18位号码",
        "This ID number is not right",
    ),
    FactType.USCC: _found(
        find_credit_code,
        "bad_credit_code",
        "统一社会信用代码不对，请核对18位代码",
        "This credit code is not right",
    ),
    FactType.MOBILE: _found(
        find_mobile, "bad_mobile", "手机号码不对，请核对11位号码", "This mobile number is not right"
    ),
    FactType.BANK_CARD: _found(
        lambda text: digits if passes_luhn(digits := re.sub(r"[\s-]", "", text)) else None,
        "bad_bank_card",
        "银行卡号不对，请核对卡号",
        "This bank card number is not right",
    ),
    FactType.DATE: _date,
    FactType.DATETIME: _datetime,
    FactType.MONTH: _month,
    FactType.INTEGER: _integer,
    FactType.DECIMAL: _decimal,
    FactType.BOOLEAN: _boolean,
}
