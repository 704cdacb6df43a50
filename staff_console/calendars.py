"""Working-day calendars: the years there are, one year's months, and uploading a new one."""

from __future__ import annotations

import base64
import binascii
import calendar
from collections.abc import Iterator
from datetime import date

from flask import Response, request

from onething.domain.working_days import WorkingCalendar
from onething.packs.calendar_files import LARGEST_BYTES
from onething.services import calendars, staffing
from onething.services.calendars import CalendarRefused, KnownYear
from staff_console import forms
from staff_console.rendering import show as show_page
from staff_console.rooms import Room, Waiting, address, done
from web.current import current_duty, current_ports

room = Room("calendars", "/calendars")
room.add_menu("工作日历", "Working days", "show", "editor", "supervisor", group=("目录与日历", "Catalogue"))


@room.tile("年的工作日历待上传", "days wait to be uploaded", "show", "editor", "supervisor")
def find_missing() -> Waiting | None:
    """A year without days makes dates provisional."""
    missing = calendars.find_missing_year(current_ports())
    return Waiting(missing, "warn") if missing else None


@room.page("/", "editor", "supervisor")
def show() -> Response:
    """Every known year, and every upload."""
    return _list(None, 200)


@room.page("/<int:year>", "editor", "supervisor")
def show_year(year: int) -> Response:
    """One year by months."""
    known = calendars.get_year(current_ports(), year)
    return show_page("calendars/year.html", known=known, months=list(_months(known)))


@room.act("/preview", "editor", largest_body=lambda: LARGEST_BYTES + 10_000)
def preview() -> Response:
    """What a file would change; nothing is kept yet."""
    file = forms.upload("file")
    content = file.read(LARGEST_BYTES + 1)
    name = (file.filename or "")[-80:]
    try:
        proposed = calendars.propose(current_ports(), name, content)
    except CalendarRefused as refusal:
        return _list(refusal, 422)
    kept = base64.b64encode(content).decode()
    return show_page("calendars/preview.html", proposed=proposed, name=name, kept=kept)


@room.act("/", "editor", largest_body=lambda: 2 * LARGEST_BYTES)
def upload() -> Response:
    """Put the file in place that was just looked at; it is read and checked again."""
    try:
        content = base64.b64decode(request.form.get("kept", ""), validate=True)
    except binascii.Error:
        forms.refuse("file", "required", "请重新选择文件", "Choose the file again")
    name = forms.text("name", longest=80)
    try:
        years = calendars.upload(current_ports(), current_duty().actor(), name, content)
    except CalendarRefused as refusal:
        return _list(refusal, 422)
    told = "、".join(str(each.year) for each in years)
    return done(address("calendars.show"), f"{told}年的工作日历已启用", f"The calendar of {told} is in place")


def _list(refusal: CalendarRefused | None, status: int) -> Response:
    ports = current_ports()
    history = calendars.list_history(ports)
    return show_page(
        "calendars/years.html",
        status,
        years=calendars.list_years(ports),
        history=history,
        names=staffing.names_of(ports, {each.uploaded_by for each in history}),
        missing=calendars.find_missing_year(ports),
        problems=refusal.problems if refusal else (),
    )


def _months(known: KnownYear) -> Iterator[tuple[int, list[list[tuple[date, str] | None]]]]:
    """Month by month its weeks of (day, what it is): work, rest, off (a holiday) or make_up."""
    days = WorkingCalendar({known.year: known.days})
    for month in range(1, 13):
        weeks = calendar.Calendar().monthdatescalendar(known.year, month)
        yield (
            month,
            [
                [(day, _kind(days, known, day)) if day.month == month else None for day in week]
                for week in weeks
            ],
        )


def _kind(days: WorkingCalendar, known: KnownYear, day: date) -> str:
    if day in known.days.off:
        return "off"
    if day in known.days.work:
        return "make_up"
    return "work" if days.is_working(day) else "rest"
