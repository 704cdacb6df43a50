"""Reading one mapping of a pack: known keys only, each with its shape, every mistake collected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from onething.domain.catalog import Label, Limit
from onething.domain.catalog_problems import PackProblem, Path, did_you_mean, find_full_width

_Member = TypeVar("_Member", bound=StrEnum)
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff，。：；！？、]")
_LIMIT = re.compile(r"(\d{1,4}(?:\.\d)?) (wd|cd)")
NO_LABEL = Label("", "")


class Entry:
    """One mapping at ``path``; ``finish`` names the keys that nobody asked for."""

    def __init__(self, value: Any, path: Path, problems: list[PackProblem]) -> None:
        self.path = path
        # what is wrong with an entry that is none is said once, not again for every key it lacks
        self.problems = problems if isinstance(value, Mapping) else []
        self._seen: set[str] = set()
        self._known: list[str] = []
        self._value: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        if not isinstance(value, Mapping):
            sign = find_full_width(value) if isinstance(value, str) else None
            zh, en = "这里要写成“键: 值”的形式", "this must be written as 'key: value' lines"
            also = (f"；{sign.zh}", f"; {sign.en}") if sign else ("", "")
            problems.append(PackProblem(path, "wrong_shape", zh + also[0], en + also[1]))

    def refuse(self, path: Path, reason: str, zh: str, en: str) -> None:
        """Note a mistake at ``path``."""
        self.problems.append(PackProblem(path, reason, zh, en))

    def refuse_word(self, path: Path, reason: str, word: Any, zh: str, en: str) -> None:
        """Note that a word is not one of those allowed, and the full-width sign in it if there is one."""
        sign = find_full_width(str(word))
        self.refuse(path, reason, f"{zh}；{sign.zh}" if sign else zh, f"{en}; {sign.en}" if sign else en)

    def has(self, key: str) -> bool:
        """Whether the key is written with a value."""
        return self._value.get(key) is not None

    def raw(self, key: str) -> Any:
        """The value as it stands, or None."""
        self._seen.add(key)
        self._known.append(key)
        return self._value.get(key)

    def find_text(self, key: str) -> str | None:
        """A text, or None when the key is not written."""
        value = self.raw(key)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, Mapping | list):
            zh, en = f"“{key}”要写一段文字", f"'{key}' must be one plain text"
            self.refuse((*self.path, key), "wrong_shape", zh, en)
            return None
        shown = str(value).lower() if isinstance(value, bool) else value
        self.refuse(
            (*self.path, key),
            "wrong_shape",
            f"“{key}”要写文字，如是编码请加引号",
            f"'{key}' must be text; put a code in quotes: \"{shown}\"",
        )
        return None

    def text(self, key: str) -> str:
        """A text that must be there."""
        value = self.find_text(key)
        if not value and self._value.get(key) in (None, ""):
            self._missing(key)
        return value or ""

    def flag(self, key: str, default: bool) -> bool:
        """``true`` or ``false``."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.refuse(
                (*self.path, key),
                "wrong_shape",
                f"“{key}”只能是 true 或 false",
                f"'{key}' must be true or false",
            )
            return default
        return value

    def number(self, key: str, default: int | None = None) -> int:
        """A whole number, zero or more."""
        value = self.raw(key)
        if value is None:
            if default is None:
                self._missing(key)
            return default or 0
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.refuse(
            (*self.path, key), "wrong_shape", f"“{key}”要写一个整数", f"'{key}' must be a whole number"
        )
        return default or 0

    def find_number(self, key: str) -> int | None:
        """A whole number, or None when the key is not written."""
        return self.number(key) if self.raw(key) is not None else None

    def choice(self, key: str, members: type[_Member], default: _Member) -> _Member:
        """One of a closed list of words."""
        word = self.find_text(key)
        return default if word is None else self.word(word, (*self.path, key), members, default)

    def word(self, word: Any, path: Path, members: type[_Member], default: _Member) -> _Member:
        """A word that must be one of a closed list."""
        try:
            return members(word)
        except ValueError:
            zh, en = did_you_mean(str(word), list(members))
            words = ", ".join(members)
            self.refuse_word(
                path,
                "unknown_word",
                word,
                f"“{word}”不在允许的词里{zh or '，'}允许的有：{words}",
                f"'{word}' is not a word used here{en}; the words are: {words}",
            )
            return default

    def label(self, key: str = "label") -> Label:
        """``key: {zh, en}``; the entry's own name may stand beside it as ``zh`` and ``en``."""
        if key == "label" and not self.has("label"):
            self._seen.update(("label", "zh", "en"))
            self._known.extend(("zh", "en"))
            return self._label(self._value, self.path)
        value = self.raw(key)
        if value is None:
            self._missing(key)
            return NO_LABEL
        return self._label(value, (*self.path, key))

    def find_label(self, key: str) -> Label | None:
        """``key: {zh, en}``, or None when the key is not written."""
        value = self.raw(key)
        return None if value is None else self._label(value, (*self.path, key))

    def labels(self, key: str) -> tuple[Label, ...]:
        """A list of ``{zh, en}``."""
        return tuple(self._label(value, path) for value, path in self.items(key))

    def _label(self, value: Any, path: Path) -> Label:
        if isinstance(value, str):
            value = {"zh": value}
        if not isinstance(value, Mapping):
            self.refuse(path, "wrong_shape", "这里要写 {zh: …, en: …}", "this must be {zh: ..., en: ...}")
            return NO_LABEL
        zh, en = value.get("zh"), value.get("en")
        if path != self.path:
            for extra in value.keys() - {"zh", "en"}:
                self._unknown(extra, (*path, extra), ["zh", "en"])
        if not isinstance(zh, str) or not zh.strip():
            self.refuse(path, "missing_chinese", "缺少中文", "the Chinese text (zh) is missing")
        if not isinstance(en, str) or not en.strip():
            self.refuse(path, "missing_english", "缺少英文", "the English text (en) is missing")
        elif _CHINESE.search(en):
            self.refuse(
                path,
                "missing_english",
                "英文（en）里有中文",
                "the English text (en) holds Chinese characters",
            )
        return Label(str(zh or ""), str(en or ""))

    def items(self, key: str) -> Iterator[tuple[Any, Path]]:
        """Each item of a list with its path; a missing list is an empty one."""
        value = self.raw(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.refuse((*self.path, key), "wrong_shape", f"“{key}”要写成列表", f"'{key}' must be a list")
            return
        for at, item in enumerate(value):
            yield item, (*self.path, key, at)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        found = []
        for item, path in self.items(key):
            if isinstance(item, str):
                found.append(item)
            else:
                self.refuse(path, "wrong_shape", "这里要写文字", "this must be text; put a code in quotes")
        return tuple(found)

    def entries(self, key: str) -> Iterator[tuple[str, Entry]]:
        """Each entry of a mapping from codes to mappings."""
        value = self.raw(key)
        if value is None:
            return
        if not isinstance(value, Mapping):
            self.refuse(
                (*self.path, key),
                "wrong_shape",
                f"“{key}”要写成“编码: …”",
                f"'{key}' must map codes to entries",
            )
            return
        for code, item in value.items():
            yield code, Entry(item, (*self.path, key, code), self.problems)

    def words(self, key: str) -> dict[str, str]:
        """A mapping from names to single words, such as ``{self: person}``."""
        value = self.raw(key)
        below = Entry({} if value is None else value, (*self.path, key), self.problems)
        return {name: below.text(name) for name in below._value}

    def all_entries(self) -> Iterator[tuple[str, Entry]]:
        """Every entry of this mapping, for files that are nothing but codes and entries."""
        for code, item in self._value.items():
            self._seen.add(code)
            yield code, Entry(item, (*self.path, code), self.problems)

    def limit(self, key: str) -> Limit | None:
        """``5 wd``, ``0.5 wd`` or ``20 cd``; None when not written."""
        value = self.raw(key)
        if value is None:
            return None
        found = _LIMIT.fullmatch(str(value))
        if not found:
            self.refuse_word(
                (*self.path, key),
                "bad_limit",
                value,
                f"时限“{value}”要写成 5 wd（工作日）或 20 cd（自然日）",
                f"the limit '{value}' must be like 5 wd (working days) or 20 cd (calendar days)",
            )
            return None
        return Limit(Decimal(found[1]), found[2])

    def finish(self) -> None:
        """Refuse the keys that are not part of the format."""
        for key in self._value.keys() - self._seen:
            self._unknown(key, (*self.path, key), self._known)

    def _unknown(self, key: str, path: Path, known: list[str]) -> None:
        zh, en = did_you_mean(key, known)
        sign = find_full_width(key)
        if sign:
            zh, en = f"；{sign.zh}", f"; {sign.en}"
        self.refuse(path, "unknown_key", f"不认识的键“{key}”{zh}", f"'{key}' is not a key used here{en}")

    def _missing(self, key: str) -> None:
        self.refuse(self.path, "missing_key", f"缺少“{key}”", f"'{key}' is missing")
