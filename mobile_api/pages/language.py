"""How a phone wants its pages: Chinese or English, plain or in care mode; kept by the browser for a year."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, request

from onething.domain.dictionary import Label

LANGUAGES = ("zh", "en")
MODES = ("plain", "care")
_LANGUAGE, _MODE = "phone-language", "phone-mode"


def language() -> str:
    """``zh`` or ``en``."""
    return "en" if request.cookies.get(_LANGUAGE) == "en" else "zh"


def mode() -> str:
    """``plain``, or ``care``: larger text and targets for old eyes and hands."""
    return "care" if request.cookies.get(_MODE) == "care" else "plain"


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


def keep(answer: Response, wanted: str) -> None:
    """Remember one of LANGUAGES or MODES."""
    name = _LANGUAGE if wanted in LANGUAGES else _MODE
    answer.set_cookie(name, wanted, max_age=timedelta(days=365), path="/m", httponly=True, samesite="Lax")
