"""How pages write labels, moments, days and money: filters ``tell``, ``moment_of``, ``day_of``, ``money``."""

from __future__ import annotations

from datetime import date, datetime

from flask import Blueprint

from mobile_api.pages.language import say, say_label
from onething.domain.working_days import SHANGHAI


def register(pages: Blueprint) -> None:
    """Give the templates these filters, under names that no other door uses."""
    pages.app_template_filter("tell")(say_label)
    pages.app_template_filter("moment_of")(write_moment)
    pages.app_template_filter("day_of")(write_day)
    pages.app_template_filter("money")(write_money)


def write_moment(at: datetime | str | None) -> str:
    """``11月23日 14:05`` in Shanghai; an empty text for None."""
    if not at:
        return ""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    local = moment.astimezone(SHANGHAI)
    return say(f"{local.month}月{local.day}日 {local:%H:%M}", f"{local:%d %b %H:%M}")


def write_day(on: date | str | None) -> str:
    """``2026年11月23日``; an empty text for None."""
    if not on:
        return ""
    day = date.fromisoformat(str(on)[:10])
    return say(f"{day.year}年{day.month}月{day.day}日", f"{day:%d %b %Y}")


def write_money(fen: int | None) -> str:
    """``12.50 元`` of 1250; an empty text for None."""
    return "" if fen is None else f"{fen // 100}.{fen % 100:02d} " + say("元", "yuan")
