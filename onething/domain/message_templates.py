"""The texts that providers have approved for us: what each may say, and how long each of its values may be.

WeChat's subscription messages limit every value by its kind: ``thing1`` is a thing of 20 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from onething.domain.messages import MessageKind, Way

# The longest that a message can say for each word in braces.
LONGEST = {
    "end": "JV2Q",
    "until": "2026-11-30",
    "on": "2026-11-30",
    "link": "/m/" + "x" * 200,
    "code": "000000",
}
# Characters for each kind of value in a subscription message.
WECHAT_KINDS: Mapping[str, int] = {
    "thing": 20,
    "number": 32,
    "letter": 32,
    "symbol": 5,
    "character_string": 32,
    "time": 24,
    "date": 24,
    "amount": 11,
    "phone_number": 17,
    "car_number": 8,
    "name": 10,
    "phrase": 5,
}
_ONLY = {
    "number": re.compile(r"[\d.-]+"),
    "letter": re.compile(r"[A-Za-z]+"),
    "character_string": re.compile(r"[\x21-\x7e]+"),
    "phrase": re.compile(r"[\u4e00-\u9fff]+"),
    "date": re.compile(r"\d{4}[-年]\d{1,2}[-月]\d{1,2}日?"),
    "time": re.compile(r"(\d{4}[-年]\d{1,2}[-月]\d{1,2}日?)? ?(\d{1,2}:\d{2})?"),
}
_SMS_LONGEST = 30
_SMS_LINK_LONGEST = 255
_LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Template:
    """One approved text: its id at the provider, and our words for each of its values.

    ``data`` maps the provider's name of a value to a text with ``{end}``, ``{until}``, ``{on}``, ``{link}``
    or ``{code}`` in it.
    """

    way: Way
    kind: MessageKind
    lang: str
    id: str
    data: Mapping[str, str]

    def said(self, fields: Mapping[str, str]) -> dict[str, str]:
        """Its values for one message."""
        return {name: text.format(**fields) for name, text in self.data.items()}


@dataclass(frozen=True)
class Templates:
    """The texts of an installation; a language that has none is served in Chinese."""

    all: tuple[Template, ...] = field(default=())

    def find(self, way: Way, kind: MessageKind, lang: str) -> Template | None:
        """The text for a message; None where nothing was approved: that way is then not taken."""
        fitting = [each for each in self.all if (each.way, each.kind) == (way, kind)]
        return next((each for wanted in (lang, "zh") for each in fitting if each.lang == wanted), None)

    def list_ids(self, way: Way) -> list[str]:
        """Every template's id on one way, each once."""
        return list(dict.fromkeys(each.id for each in self.all if each.way is way))


class BadTemplates(ValueError):
    """The texts cannot be used; ``problems`` are sentences for whoever wrote them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_templates(data: Mapping[str, Any]) -> Templates:
    """The texts from their plain form; raises ``BadTemplates`` with all that is wrong."""
    problems: list[str] = []
    read: list[Template] = []
    for place, each in enumerate(data.get("templates", ()), 1):
        try:
            template = _template(each)
        except (KeyError, TypeError, ValueError) as error:
            problems.append(f"template {place}: {error}")
            continue
        problems += [
            f"{template.way} {template.kind} ({template.lang}): {said}" for said in _faults(template)
        ]
        if any((t.way, t.kind, t.lang) == (template.way, template.kind, template.lang) for t in read):
            problems.append(f"{template.way} {template.kind} ({template.lang}): there are two")
        read.append(template)
    if unknown := data.keys() - {"templates"}:
        problems.append(f"nothing is called {', '.join(sorted(unknown))}")
    if problems:
        raise BadTemplates(problems)
    return Templates(tuple(read))


def _template(each: Mapping[str, Any]) -> Template:
    if set(each) - {"way", "kind", "lang", "id", "data"}:
        raise ValueError(f"it has way, kind, lang, id and data: {sorted(each)}")
    lang = each.get("lang", "zh")
    if lang not in _LANGUAGES:
        raise ValueError(f"lang is zh or en, not {lang}")
    data = {str(name): str(text) for name, text in each["data"].items()}
    return Template(Way(each["way"]), MessageKind(each["kind"]), lang, str(each["id"]), data)


def _faults(template: Template) -> Iterator[str]:
    if not template.id.strip():
        yield "the provider's id is missing"
    if _says_code(template) != (template.kind is MessageKind.STEP_UP_CODE):
        yield f"{MessageKind.STEP_UP_CODE} says {{code}}, and nothing else does"
    for name, text in template.data.items():
        if not _says_only_ours(text):
            yield f"{name} may say {', '.join('{' + each + '}' for each in LONGEST)} and no other word"
            continue
        yield from _WAYS[template.way](name, text, text.format(**LONGEST))


def _says_code(template: Template) -> bool:
    return any("{code}" in text for text in template.data.values())


def _says_only_ours(text: str) -> bool:
    try:
        parsed = list(Formatter().parse(text))
    except ValueError:
        return False
    return all(word is None or (word in LONGEST and not spec and not how) for _, word, spec, how in parsed)


def _wechat_faults(name: str, text: str, longest: str) -> Iterator[str]:
    kind = re.sub(r"\d+$", "", name)
    if kind not in WECHAT_KINDS or kind == name:
        yield f"{name} is no value of a subscription message"
        return
    if not longest or len(longest) > WECHAT_KINDS[kind]:
        yield f"{name} has at most {WECHAT_KINDS[kind]} characters: {text}"
    pattern = _ONLY.get(kind)
    if pattern and not pattern.fullmatch(longest):
        yield f"{name} cannot say {text}"


def _sms_faults(name: str, text: str, longest: str) -> Iterator[str]:
    most = _SMS_LINK_LONGEST if "{link}" in text else _SMS_LONGEST
    if not longest or len(longest) > most:
        yield f"{name} has at most {most} characters: {text}"


_WAYS = {Way.WECHAT: _wechat_faults, Way.SMS: _sms_faults}
