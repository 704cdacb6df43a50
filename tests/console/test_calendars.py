"""Uploading a year of working days: what is refused, what it changes, and that clocks count by it."""

import base64
import io
from datetime import date, timedelta

import pytest
from werkzeug.datastructures import FileStorage

from tests.console.office import Desk, Office, hidden_fields


def span(first: str, last: str) -> list[str]:
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    return [str(day + timedelta(days=each)) for each in range((end - day).days + 1)]


# An invented year: 2031 has no notice yet.
OFF = [
    *span("2031-01-01", "2031-01-01"),
    *span("2031-01-22", "2031-01-28"),
    *span("2031-04-05", "2031-04-07"),
    *span("2031-05-01", "2031-05-05"),
    *span("2031-06-23", "2031-06-24"),
    *span("2031-10-01", "2031-10-07"),
]
WORK = ["2031-01-18", "2031-02-01", "2031-04-27"]


def written(off: list[str] = OFF, work: list[str] = WORK, year: str = "2031") -> bytes:
    lines = [f'"{year}":', "  notice: [测试通知]", "  off:", *(f"    - {day}" for day in off)]
    return "\n".join([*lines, "  work:", *(f"    - {day}" for day in work)]).encode()


def send(desk: Desk, content: bytes, name: str = "days.yaml") -> tuple[int, str]:
    hidden = desk.hidden("/calendars/", "/calendars/preview")
    answer = desk.send("/calendars/preview", {**hidden, "file": FileStorage(io.BytesIO(content), name)})
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (written(work=[*WORK, "2031-05-01"]), "off_and_work", 33),
        (written(off=[day for day in OFF if day != "2031-10-02"]), "holiday_missing", 1),
        (written(off=[day for day in OFF if day[:7] != "2031-01"]), "holiday_missing", 1),
        (written(off=[*OFF, "2032-01-01"]), "outside_the_year", 29),
        (written(off=[*OFF, OFF[0]]), "listed_twice", 29),
        (written(off=[*OFF, "2031-11-01"]), "off_anyway", 29),
        (written(work=[*WORK, "2031-11-03"]), "works_anyway", 33),
        (written(off=[*OFF, "2031-13-01"]), "bad_date", 29),
        (written(work=[]), None, 0),
        (b"a: [", "bad_yaml", 1),
        (b"- 2031-01-01", "bad_shape", 1),
        ("\ufeff日期,类型\n2031-01-01,假\n".encode(), "bad_kind", 2),
        (b"\xff\xfe\x00", "not_utf8", 1),
        (b"", "bad_shape", 1),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    office: Office, content: bytes, reason: str | None, line: int
) -> None:
    name = "days.csv" if content.startswith("\ufeff日期".encode()) else "days.yaml"
    status, page = send(office.client("editor"), content, name)
    if reason is None:
        assert status == 200
        return
    assert status == 422, page
    assert f'data-reason="{reason}">第{line}行' in page
    with office.ports.records.read() as uow:
        assert not uow.calendars.list_history()


def test_a_year_is_looked_at_put_in_place_and_counted_by(office: Office) -> None:
    ports, desk = office.ports, office.client("editor")
    before = ports.working_days.after(date(2031, 1, 21), 1)
    assert before == (date(2031, 1, 22), True)
    status, page = send(desk, written())
    assert status == 200
    assert 'data-year="2031"' in page
    fields = hidden_fields(page, "/console/calendars/")
    assert base64.b64decode(fields["kept"]) == written()
    assert desk.send("/calendars/", fields).status_code == 303
    assert "2031" in desk.get("/calendars/").get_data(as_text=True)
    office.county.look_again()
    assert office.county.ports.working_days.after(date(2031, 1, 21), 1) == (date(2031, 1, 29), False)
    assert office.county.ports.working_days.after(date(2031, 1, 17), 1) == (date(2031, 1, 18), False)
    assert desk.get("/calendars/2031").status_code == 200
    with ports.records.read() as uow:
        [kept] = uow.calendars.list_history()
    assert (kept.notice, kept.uploaded_by) == ("测试通知", office.accounts["editor"].staff.id)
    # The same form again changes nothing more.
    assert desk.send("/calendars/", fields).status_code == 303
    with ports.records.read() as uow:
        assert len(uow.calendars.list_history()) == 1


def test_what_is_put_in_place_is_checked_again(office: Office) -> None:
    desk = office.client("editor")
    _, page = send(desk, written())
    fields = hidden_fields(page, "/console/calendars/")
    forged = base64.b64encode(written(off=[*OFF, "2031-11-01"])).decode()
    with office.ports.records.read() as uow:
        before = len(uow.calendars.list_history())
    assert desk.send("/calendars/", {**fields, "kept": forged}).status_code == 422
    with office.ports.records.read() as uow:
        assert len(uow.calendars.list_history()) == before


def test_a_supervisor_looks_and_does_not_upload(office: Office) -> None:
    desk = office.client("supervisor")
    page = desk.get("/calendars/").get_data(as_text=True)
    assert "/console/calendars/preview" not in page
    hidden = office.client("editor").hidden("/calendars/", "/calendars/preview")
    assert desk.send("/calendars/preview", hidden).status_code == 403
