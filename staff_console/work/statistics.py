"""Statistics of a period, the month's bulletin, how sources answer, and calls from kiosks."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Response, request

from onething.domain.clocks import day_of
from onething.domain.dictionary import Label
from onething.domain.listing import Filters
from onething.domain.ratings import Level
from onething.domain.statistics import Period
from onething.services import calling_staff, supervision, supervision_exports, supervision_numbers
from staff_console import forms
from staff_console.lists import PAGE, Listing, cursor
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Waiting, address, done
from staff_console.work.call_words import CALL_REASONS
from staff_console.work.supervision import GROUP, as_file
from staff_console.work.supervision_lists import Named, asked, state_filter
from web.current import current_duty, current_ports

_CALL_STATES = {"open": Label("等人去", "Waiting"), "answered": Label("已应答", "Answered")}
_CALLERS = ("clerk", "technician", "supervisor")
_LONGEST = timedelta(days=366)
_WEAK = 0.95  # a source that answers less often is marked
_REASONS = {
    "slow": Label("超时", "too slow"),
    "down": Label("连接不上", "down"),
    "breaker_open": Label("连续失败，暂不查询", "left alone after failures"),
    "bad_answer": Label("应答格式有误", "answers that cannot be read"),
    "wrong_record": Label("返回了别人的记录", "somebody else's record"),
    "refused_by_gateway": Label("交换网关拒绝", "refused by the gateway"),
    "too_large": Label("应答过大", "answers too large"),
    "unknown": Label("原因不明", "unknown"),
}

room = Room("statistics", "/statistics")
room.add_menu("统计与通报", "Statistics", "show", "supervisor", group=GROUP)
sources_room = Room("sources", "/sources")
sources_room.add_menu(
    "数据源运行",
    "Sources",
    "show_sources",
    "supervisor",
    "technician",
    "editor",
    group=("数据共享", "Shared data"),
)
calls_room = Room("calls", "/calls")
calls_room.add_menu("大厅呼叫", "Calls", "show_calls", *_CALLERS, group=("办件", "Cases"))


@room.page("/", "supervisor")
def show() -> Response:
    """The numbers of some days: departments, one-things, what was saved, ratings."""
    ports = current_ports()
    period = _given(request.args.get("first", ""), request.args.get("last", ""))
    counted = supervision_numbers.get_statistics(ports, current_duty().actor(), period)
    return show_page(
        "work/statistics.html",
        counted=counted,
        period=period,
        named=Named(ports),
        levels=[(level.label, counted.rated.levels.get(level.value, 0)) for level in Level],
        month=f"{period.first:%Y-%m}",
    )


@room.act("/export", "supervisor")
def export() -> Response:
    """The same numbers as a file."""
    period = _given(request.form.get("first", ""), request.form.get("last", ""))
    form = "csv" if request.form.get("form") == "csv" else "xlsx"
    return as_file(
        supervision_exports.export_statistics(current_ports(), current_duty().actor(), period, form=form)
    )


@room.act("/bulletin", "supervisor")
def print_bulletin() -> Response:
    """A month's bulletin (通报) as PDF."""
    year, _, month = forms.text("month", longest=7).partition("-")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and month in _MONTHS):
        forms.refuse("month", "invalid", "月份不正确", "Not a month")
    return as_file(
        supervision_exports.export_bulletin(current_ports(), current_duty().actor(), int(year), int(month))
    )


_MONTHS = frozenset(f"{month:02d}" for month in range(1, 13))


def _given(first: str, last: str) -> Period:
    """A period of at most a year; what cannot be read is today's month."""
    today = day_of(current_ports().clock.now())
    begin, end = _day(first) or today.replace(day=1), _day(last) or today
    if end < begin or end - begin > _LONGEST:
        return Period(today.replace(day=1), today)
    return Period(begin, end)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@sources_room.page("/", "supervisor", "technician", "editor")
def show_sources() -> Response:
    """How each source answered in the last day."""
    ports = current_ports()
    health = supervision.get_source_health(ports, current_duty().actor())
    worst_first = sorted(health, key=lambda each: (each.share is None, each.share or 0.0, each.source))
    return show_page(
        "work/statistics_sources.html",
        listing=Listing(worst_first),
        named=Named(ports),
        reasons=_REASONS,
        weak=_WEAK,
        span=supervision.HEALTH_SPAN,
    )


@calls_room.tile("个呼叫等人去", "calls wait", "show_calls", *_CALLERS, state="open")
def count_calls() -> Waiting:
    """People who stand at a kiosk and wait."""
    open_ones = Filters(state="open")
    rows = supervision.list_staff_calls(current_ports(), current_duty().actor(), open_ones, None, PAGE).rows
    return Waiting(f"{PAGE}+" if len(rows) == PAGE else len(rows), "late" if rows else "good")


@calls_room.page("/", *_CALLERS)
def show_calls() -> Response:
    """Calls for a person, newest first; the page looks again by itself."""
    ports = current_ports()
    filters = [state_filter(_CALL_STATES)]
    page = supervision.list_staff_calls(ports, current_duty().actor(), asked(filters), cursor() or None, PAGE)
    listing = Listing(page.rows, page.next, filters)
    return show_page("work/statistics_calls.html", listing=listing, reasons=CALL_REASONS)


@calls_room.act("/<call>/answer", *_CALLERS)
def answer_call(call: str) -> Response:
    """Somebody has gone there."""
    calling_staff.answer(current_ports(), current_duty().actor(), call)
    return done(address("calls.show_calls", state="open"), "已应答", "Answered")
