"""The language of an answer's title: Chinese unless English is wanted more."""

from __future__ import annotations

from flask import request

from onething.domain.dictionary import Label

OFFERED = ("zh", "zh-CN", "zh-Hans", "en", "en-GB", "en-US")


def preferred_language() -> str:
    """``zh`` or ``en``, by Accept-Language (RFC 9110)."""
    wanted = request.accept_languages.best_match(OFFERED, default="zh")
    return "en" if wanted.startswith("en") else "zh"


def in_preferred_language(text: Label) -> str:
    """One of the two texts of a label."""
    return text.en if preferred_language() == "en" else text.zh
