"""The console's two languages: Chinese first, English by a switch that the browser keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, g, request

from onething.domain.dictionary import Label

COOKIE = "console-language"


def language() -> str:
    """``zh`` or ``en``."""
    return "en" if request.cookies.get(COOKIE) == "en" else "zh"


def say(zh: str, en: str) -> str:
    """One of two texts, by the language of this request."""
    return en if language() == "en" else zh


def say_label(label: Label | dict[str, Any] | None) -> str:
    """A label, or a mapping with ``zh`` and ``en``, in the language of this request."""
    if label is None:
        return ""
    if isinstance(label, Label):
        return say(label.zh, label.en)
    return say(str(label.get("zh") or ""), str(label.get("en") or label.get("zh") or ""))


def keep_language(answer: Response, wanted: str) -> None:
    """Remember the language in the browser for a year."""
    answer.set_cookie(
        COOKIE,
        "en" if wanted == "en" else "zh",
        max_age=timedelta(days=365),
        path="/console",
        httponly=True,
        samesite="Strict",
    )
    g.language_kept = True
