"""A numbered notice on slip paper: what the clerk hands over when a citizen asks for it at once."""

from collections.abc import Iterator, Mapping
from typing import Any

from devices.receipt_printer.slip import Cut, Element, Feed, Pair, Qr, Rule, Text

LONGEST = {
    "title_zh": 40,
    "number": 60,
    "case_number": 40,
    "thing_zh": 80,
    "issued_on": 10,
    "office_zh": 80,
    "qr": 300,
}
NEEDED = ("title_zh", "number", "case_number", "thing_zh", "issued_on", "office_zh")
MOST_LINES = 60
LONGEST_LINE = 300


class BadNotice(ValueError):
    """A notice that cannot be printed as it was sent; the message names the field."""

    reason = "bad_notice"


def check(notice: Any) -> Mapping[str, Any]:
    """The notice when it can be printed. BadNotice names the first field that is missing, odd or too long."""
    if not isinstance(notice, dict):
        raise BadNotice("notice")
    for name in (*NEEDED, *sorted(set(notice) - set(NEEDED))):
        if name != "lines" and not _is_text(notice.get(name), LONGEST.get(name, 0)):
            raise BadNotice(name)
    lines = notice.get("lines", [])
    if not isinstance(lines, list) or len(lines) > MOST_LINES:
        raise BadNotice("lines")
    if not all(_is_text(line, LONGEST_LINE) for line in lines):
        raise BadNotice("lines")
    if not notice.get("qr", "-").isascii():
        raise BadNotice("qr")
    return notice


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and value.isprintable() and 0 < len(value) <= longest


def lay_out(notice: Mapping[str, Any]) -> list[Element]:
    """The slip of a notice that ``check`` let pass."""
    return [*_head(notice), *_body(notice), *_end(notice)]


def _head(notice: Mapping[str, Any]) -> Iterator[Element]:
    yield Text(notice["title_zh"], bold=True, double=True, align="center")
    yield Text(notice["number"], align="center")
    yield Rule()
    yield Pair("办件编号", notice["case_number"])
    yield Pair("办理", notice["thing_zh"])
    yield Rule()


def _body(notice: Mapping[str, Any]) -> Iterator[Element]:
    for line in notice.get("lines", []):
        yield Text(line)
    if notice.get("lines"):
        yield Rule()


def _end(notice: Mapping[str, Any]) -> Iterator[Element]:
    yield Text(notice["office_zh"], align="center")
    yield Text(notice["issued_on"], align="center")
    if "qr" in notice:
        yield Feed()
        yield Qr(notice["qr"])
    yield Feed(2)
    yield Cut()
