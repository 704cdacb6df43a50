"""Uploaded calendar files: YAML or JSON as in a pack's calendar.yaml, or CSV with a date and a kind."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import yaml

from onething.domain.calendar_checks import CalendarProblem, ListedDay, ListedYear
from onething.ports.staff import ReadCalendar

LARGEST_BYTES = 200_000
_YEAR = re.compile(r"(19|20)\d\d")
_KINDS = {"off": "off", "work": "work", "休": "off", "放假": "off", "班": "work", "上班": "work"}
_HEADS = {
    "date": "date",
    "日期": "date",
    "kind": "kind",
    "类型": "kind",
    "notice": "notice",
    "依据": "notice",
}


class CalendarFiles:
    """``CalendarReader``; what cannot be read is a problem with its line, never an exception."""

    def read(self, name: str, content: bytes) -> ReadCalendar:
        """The years in a file, by its name's ending."""
        if len(content) > LARGEST_BYTES:
            return _refused(1, "too_large", "文件超过 200 KB", "the file is larger than 200 KB")
        try:
            # Spreadsheets write a mark before UTF-8.
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return _refused(1, "not_utf8", "文件不是 UTF-8 编码", "the file is not UTF-8 text")
        if name.lower().endswith(".csv"):
            return _read_csv(text)
        return _read_yaml(text)


def _read_yaml(text: str) -> ReadCalendar:
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            return _refused(
                1, "bad_yaml", "不能用锚点和别名（& 和 *）", "anchors and aliases are not used here"
            )
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or "nested too deeply"
        return _refused(
            mark.line + 1 if mark else 1, "bad_yaml", f"格式错误：{said}", f"this is not YAML or JSON: {said}"
        )
    if not isinstance(root, yaml.MappingNode):
        return _refused(1, "bad_shape", "最外层应是“年份: …”", "the top must be 'year: ...'")
    years: list[ListedYear] = []
    problems: list[CalendarProblem] = []
    for key, value in root.value:
        _read_year(key, value, years, problems)
    return ReadCalendar(tuple(years), tuple(problems))


def _read_year(
    key: yaml.Node, value: yaml.Node, years: list[ListedYear], problems: list[CalendarProblem]
) -> None:
    line, name = key.start_mark.line + 1, str(key.value)
    if not isinstance(key, yaml.ScalarNode) or not _YEAR.fullmatch(name):
        problems.append(
            CalendarProblem(line, "bad_year", f"“{name[:20]}”不是年份", f"'{name[:20]}' is not a year")
        )
        return
    if not isinstance(value, yaml.MappingNode):
        problems.append(
            CalendarProblem(line, "bad_shape", f"{name} 下应有 off 和 work", f"{name} must hold off and work")
        )
        return
    parts = {str(part.value): node for part, node in value.value}
    for part in parts.keys() - {"off", "work", "notice"}:
        at = parts[part].start_mark.line + 1
        problems.append(
            CalendarProblem(at, "unknown_key", f"不认识“{part[:20]}”", f"'{part[:20]}' is not known here")
        )
    off, work = (tuple(_listed(parts.get(part))) for part in ("off", "work"))
    notice = " ".join(each.text for each in _listed(parts.get("notice")))
    years.append(ListedYear(int(name), off, work, notice, line))


def _listed(node: yaml.Node | None) -> Iterator[ListedDay]:
    """The texts of a list, or of one text alone; anything nested shows as what it is."""
    if node is None or (isinstance(node, yaml.ScalarNode) and not node.value):
        return
    for each in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        text = str(each.value) if isinstance(each, yaml.ScalarNode) else "…"
        yield ListedDay(text.strip(), each.start_mark.line + 1)


def _read_csv(text: str) -> ReadCalendar:
    rows = csv.reader(io.StringIO(text))
    head = [_HEADS.get(name.strip().lower(), "") for name in next(rows, [])]
    if "date" not in head or "kind" not in head:
        return _refused(
            1, "bad_head", "首行要有“日期”和“类型”两列", "the first line must name the columns date and kind"
        )
    found: dict[int, dict[str, list[ListedDay]]] = {}
    notices: dict[int, str] = {}
    problems: list[CalendarProblem] = []
    for row in rows:
        cells = dict(zip(head, (cell.strip() for cell in row), strict=False))
        if not any(cells.values()):
            continue
        kind = _KINDS.get(cells.get("kind", "").lower())
        listed = ListedDay(cells.get("date", ""), rows.line_num)
        if kind is None or listed.day is None:
            problems.append(_bad_row(listed, kind))
            continue
        found.setdefault(listed.day.year, {"off": [], "work": []})[kind].append(listed)
        notices.setdefault(listed.day.year, cells.get("notice", ""))
    years = (
        ListedYear(year, tuple(days["off"]), tuple(days["work"]), notices[year], _first_line(days))
        for year, days in sorted(found.items())
    )
    return ReadCalendar(tuple(years), tuple(problems))


def _bad_row(listed: ListedDay, kind: str | None) -> CalendarProblem:
    if kind is None:
        return CalendarProblem(
            listed.line, "bad_kind", "类型只能是“休”或“班”", "the kind is off or work only"
        )
    text = listed.text[:20]
    return CalendarProblem(listed.line, "bad_date", f"“{text}”不是日期", f"'{text}' is no date")


def _first_line(days: dict[str, list[ListedDay]]) -> int:
    return min(each.line for listed in days.values() for each in listed)


def _refused(line: int, reason: str, zh: str, en: str) -> ReadCalendar:
    return ReadCalendar((), (CalendarProblem(line, reason, zh, en),))
