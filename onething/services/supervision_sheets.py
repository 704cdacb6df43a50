"""The board and the statistics as tables, Chinese first, with names instead of codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from onething.domain.catalog import Catalog, Department, Label, Source, Thing
from onething.domain.clocks import Colour
from onething.domain.listing import CaseLine, PartLine
from onething.domain.ratings import Level
from onething.domain.spreadsheet import Cell, Share, Sheet
from onething.domain.statistics import DepartmentNumbers, Kept, SourceHealth, Statistics, ThingNumbers
from onething.services.state_words import CASE_STATE

Row = tuple[Cell | Share, ...]
COLOURS: Mapping[Colour, Label] = {
    Colour.GREEN: Label("正常", "In time"),
    Colour.YELLOW: Label("临期", "Near its limit"),
    Colour.RED: Label("超期", "Past its limit"),
    Colour.GREY: Label("暂停", "Paused"),
}


def board_sheet(catalog: Catalog, lines: Iterable[CaseLine]) -> Sheet:
    """One line for each case."""
    return Sheet(
        title="办件看板",
        headings=(
            "办件编号 Number",
            "一件事 One-thing",
            "状态 State",
            "时限 Clock",
            "牵头部门 Lead department",
            "责任部门 Held up by",
            "提交时间 Submitted",
            "应办结日 Due",
            "预警日 Warned from",
            "办结时间 Closed",
            "区划 Division",
        ),  # fmt: skip
        rows=tuple(_board_row(catalog, line) for line in lines),
    )


def statistics_sheets(catalog: Catalog, statistics: Statistics) -> list[Sheet]:
    """Departments, one-things, the whole, sources."""
    return [
        _departments(catalog, statistics.departments),
        _things(catalog, statistics.things),
        _whole(statistics),
        _sources(catalog, statistics),
    ]


def _board_row(catalog: Catalog, line: CaseLine) -> Row:
    state = CASE_STATE.get(line.state)
    return (
        line.number,
        _name(catalog.things, line.thing),
        state.zh if state else line.state,
        COLOURS[line.colour].zh,
        _name(catalog.departments, line.lead),
        "；".join(_held_up(catalog, part) for part in line.responsible),
        line.submitted_at,
        line.due_on,
        line.warn_on,
        line.closed_at,
        line.division,
    )


def _held_up(catalog: Catalog, part: PartLine) -> str:
    thing = catalog.things.get(part.thing)
    matter = thing.matters.get(part.matter) if thing else None
    return f"{_name(catalog.departments, part.department)}：{matter.label.zh if matter else part.matter}"


def _departments(catalog: Catalog, departments: Iterable[DepartmentNumbers]) -> Sheet:
    return Sheet(
        title="部门",
        headings=(
            "部门 Department",
            "接收 Received",
            "提前 Early",
            "按时 On time",
            "超期 Late",
            "无时限 No limit",
            "按时率 Share in time",
            "不予许可 Denied",
            "暂停 Paused",
            "延期 Extended",
            "督办 Orders",
            "已答复 Answered",
            "在办正常 Green",
            "在办临期 Yellow",
            "在办超期 Red",
            "在办暂停 Grey",
            "评价 Ratings",
            "差评 Low",
            "已整改 Put right",
            "整改中 Open",
            "整改逾期 Overdue",
        ),  # fmt: skip
        rows=tuple(_department_row(catalog, each) for each in departments),
    )


def _department_row(catalog: Catalog, each: DepartmentNumbers) -> Row:
    low = sum(each.rated.levels.get(level.value, 0) for level in Level if level.is_low)
    return (
        _name(catalog.departments, each.department),
        each.dispatched,
        *_kept(each.kept),
        each.denied,
        each.suspended,
        each.extended,
        each.orders,
        each.orders_answered,
        each.open.green,
        each.open.yellow,
        each.open.red,
        each.open.grey,
        each.rated.total,
        low,
        each.rated.rectifications_settled,
        each.rated.rectifications_open,
        each.rated.rectifications_overdue,
    )


def _things(catalog: Catalog, things: Iterable[ThingNumbers]) -> Sheet:
    return Sheet(
        title="一件事",
        headings=(
            "一件事 One-thing",
            "收件 Submitted",
            "提前 Early",
            "按时 On time",
            "超期 Late",
            "无时限 No limit",
            "按时率 Share in time",
            "半数用时（工作日）Median",
            "九成用时（工作日）90th percentile",
            "近30天办结 Closed in 30 days",
        ),  # fmt: skip
        rows=tuple(
            (
                _name(catalog.things, each.thing),
                each.submitted,
                *_kept(each.closed),
                each.waiting.median_days if each.waiting else None,
                each.waiting.p90_days if each.waiting else None,
                each.waiting.cases if each.waiting else None,
            )
            for each in things
        ),
    )


def _kept(kept: Kept) -> Row:
    return kept.early, kept.on_time, kept.late, kept.no_limit, Share(kept.share)


def _whole(statistics: Statistics) -> Sheet:
    cases, saved, rated = statistics.cases, statistics.saved, statistics.rated
    lines: Sequence[Row] = (
        ("统计起 From", statistics.period.first),
        ("统计止 To", statistics.period.last),
        ("收件 Submitted", cases.submitted),
        ("受理 Accepted", cases.accepted),
        ("不予受理 Not accepted", cases.refused),
        ("补正 Supplements asked", cases.supplements),
        ("撤回 Withdrawn", cases.withdrawn),
        ("办结 Closed", cases.closed.ended),
        ("按时办结率 Share in time", Share(cases.closed.share)),
        ("表单项 Values", saved.values),
        ("预填项 Filled in from data", saved.prefilled),
        ("预填率 Share filled in", Share(saved.prefill_share)),
        ("免交材料 Papers not asked for", saved.papers_exempt),
        ("实交材料 Papers handed in", saved.papers_handed_in),
        ("减少跑动 Visits saved", saved.visits),
        ("评价 Ratings", rated.total),
        ("满意率 Share satisfied", Share(rated.satisfied_share)),
        ("呼叫工作人员 Calls for staff", statistics.staff_calls),
        ("已应答 Answered", statistics.staff_calls_answered),
    )
    return Sheet("总体", ("指标 What", "数值 Number"), tuple(lines))


def _sources(catalog: Catalog, statistics: Statistics) -> Sheet:
    health = {each.source: each for each in statistics.sources}
    disputed = {each.source: each for each in statistics.disputes}
    rows: list[Row] = []
    for code in sorted(health.keys() | disputed.keys()):
        asked = health.get(code, SourceHealth(code))
        states = disputed[code].states if code in disputed else {}
        rows.append(
            (
                _name(catalog.sources, code),
                asked.found,
                asked.not_held,
                asked.unavailable,
                Share(asked.share),
                sum(states.values()),
                states.get("corrected", 0),
                states.get("explained", 0) + states.get("rejected", 0),
                states.get("open", 0),
            )
        )
    headings = (
        "数据来源 Source", "有结果 Found", "查无 Not held", "无应答 No answer", "应答率 Share answered",
        "异议 Disputes", "已更正 Corrected", "已说明 Explained", "处理中 Open",
    )  # fmt: skip
    return Sheet("数据来源", headings, tuple(rows))


def _name(named: Mapping[str, Department] | Mapping[str, Thing] | Mapping[str, Source], code: str) -> str:
    found = named.get(code)
    return found.label.zh if found else code
