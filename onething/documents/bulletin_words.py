"""What the bulletin says, section by section: sentences, charts and tables in Chinese official style."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from onething.domain.bulletin import Bulletin
from onething.domain.catalog import Label
from onething.domain.clocks import Colour
from onething.domain.ratings import Level
from onething.domain.statistics import Colours, DepartmentNumbers, Kept

from . import bulletin_charts as charts
from .bulletin_charts import Bar, Piece

COLOUR_WORDS: Final = {
    Colour.GREEN: ("正常", charts.GREEN),
    Colour.YELLOW: ("临期", charts.AMBER),
    Colour.RED: ("超期", charts.RED),
    Colour.GREY: ("暂停", charts.GREY),
}
MOST_BARS: Final = 9  # a chart with more would not leave a page room for its words
MOST_NAMED: Final = 6
SMALLEST_CHANGE: Final = 0.05  # in points; less is shown as none
LEVEL_COLOURS: Final = (charts.GREEN, charts.TEAL, charts.BLUE, charts.AMBER, charts.RED)


@dataclass(frozen=True)
class Table:
    """Headings, their columns' sides (``l``, ``c``, ``r``), and the rows, all ready text."""

    heads: tuple[str, ...]
    sides: str
    widths: tuple[int, ...]  # 0: as wide as its text, else parts of what is left
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """One numbered part of the bulletin; what is empty is left out."""

    title: str
    paragraphs: tuple[str, ...] = ()
    chart: str = ""
    caption: str = ""
    table: Table | None = None


def list_sections(bulletin: Bulletin) -> list[Section]:
    """The bulletin's parts in order."""
    return [
        _whole(bulletin),
        _departments(bulletin),
        _late(bulletin),
        _ratings(bulletin),
        _sources(bulletin),
        _waiting(bulletin),
        _orders(bulletin),
    ]


def list_figures(bulletin: Bulletin) -> list[dict[str, str]]:
    """The six numbers at the head, each with what it is compared to."""
    now, before = bulletin.statistics, bulletin.previous
    return [
        _amount("收件", "件", now.cases.submitted, before.cases.submitted),
        _amount("办结", "件", now.cases.closed.ended, before.cases.closed.ended),
        _rate("按时办结率", now.cases.closed.share, before.cases.closed.share),
        _rate("数据预填率", now.saved.prefill_share, before.saved.prefill_share),
        _amount("免交材料", "份", now.saved.papers_exempt, before.saved.papers_exempt),
        _amount("减少跑动", "次", now.saved.visits, before.saved.visits),
    ]


def say_share(share: float | None) -> str:
    """A share in per cent, a dash when there is none; never rounded up to 100 while something is missing."""
    if share is None:
        return "—"
    cut = int(share * 1000) / 10
    return f"{cut:g}%" if cut in (0.0, 100.0) else f"{cut:.1f}%"


def say_day(day: date) -> str:
    """A day as official papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def name_of(names: Mapping[Any, Label], code: Any) -> str:
    """What a code is called, else the code itself: a later catalog may no longer know it."""
    label = names.get(code)
    return label.zh if label else str(code[-1] if isinstance(code, tuple) else code)


def _whole(bulletin: Bulletin) -> Section:
    now = bulletin.statistics
    cases = now.cases
    said = (
        f"{bulletin.statistics.period.first.month}月，全县共收到“一件事”申请{cases.submitted}件，受理{cases.accepted}件，"
        f"不予受理{cases.refused}件，一次性告知补正{cases.supplements}件，申请人撤回{cases.withdrawn}件；"
        f"办结{cases.closed.ended}件，{_say_kept(cases.closed)}。"
    )
    saved = (
        f"申请表共{now.saved.values}项内容，其中{now.saved.prefilled}项由共享数据自动填写，预填率"
        f"{say_share(now.saved.prefill_share)}；免交材料{now.saved.papers_exempt}份，"
        f"实交{now.saved.papers_handed_in}份，免交率{say_share(now.saved.exempt_share)}；"
        f"按各“一件事”改革前后跑动次数计算，减少群众跑动{now.saved.visits}次。"
    )
    departments = _open_departments(bulletin)
    rest = f"；部门只列超期和在办较多的{MOST_BARS}个" if len(departments) > MOST_BARS else ""
    return Section(
        "总体情况",
        (said, saved),
        chart=_open_chart([("在办“一件事”", now.open_cases), *departments[:MOST_BARS]]),
        caption=f"图1　截至{say_day(now.today)}在办件的时限状态（件）{rest}",
    )


def _open_departments(bulletin: Bulletin) -> list[tuple[str, Colours]]:
    """Those with most past their day, then with most open."""
    busy = [each for each in bulletin.statistics.departments if each.open.open]
    busy.sort(key=lambda each: (-each.open.red, -each.open.open, each.department))
    return [(name_of(bulletin.departments, each.department), each.open) for each in busy]


def _open_chart(lines: Sequence[tuple[str, Colours]]) -> str:
    bars = [Bar(name, _pieces(counted), f"{counted.open}") for name, counted in lines]
    told = "；".join(f"{bar.name}{bar.said}件" for bar in bars)
    return charts.draw_shares(bars, description=f"在办件的时限状态：{told}")


def _pieces(counted: Colours) -> tuple[Piece, ...]:
    return tuple(
        Piece(word, getattr(counted, colour.value), paint) for colour, (word, paint) in COLOUR_WORDS.items()
    )


_COLUMNS = (
    "部门",
    "接收",
    "办结",
    "提前",
    "按时",
    "超期",
    "按时率",
    "不予许可",
    "暂停",
    "延期",
    "在办",
    "其中超期",
)


def _departments(bulletin: Bulletin) -> Section:
    numbers = [each for each in bulletin.statistics.departments if _did_something(each)]
    bars = [
        Bar(
            name_of(bulletin.departments, each.department),
            (
                Piece("提前", each.kept.early, charts.GREEN),
                Piece("按时", each.kept.on_time, charts.TEAL),
                Piece("超期", each.kept.late, charts.RED),
            ),
            say_share(each.kept.share),
        )
        for each in numbers
        if each.kept.share is not None
    ]
    rest = f"；只列按时率较低的{MOST_BARS}个，其余见表" if len(bars) > MOST_BARS else ""
    return Section(
        "各部门办理情况",
        tuple(_say_departments(bulletin, numbers)),
        chart=charts.draw_shares(bars[-MOST_BARS:], description="各部门办结件的时限情况") if bars else "",
        caption=f"图2　各部门本月办结事项的时限情况（件）及按时办结率{rest}",
        table=Table(
            _COLUMNS,
            "lrrrrrrrrrrr",
            (1, *(0,) * 11),
            tuple(_department_row(bulletin, each) for each in numbers),
        ),
    )


def _did_something(each: DepartmentNumbers) -> bool:
    return bool(each.dispatched or each.kept.ended or each.open.open)


def _department_row(bulletin: Bulletin, each: DepartmentNumbers) -> tuple[str, ...]:
    counted = (each.dispatched, each.kept.ended, each.kept.early, each.kept.on_time, each.kept.late)
    after = (each.denied, each.suspended, each.extended, each.open.open, each.open.red)
    name = name_of(bulletin.departments, each.department)
    return (name, *map(str, counted), say_share(each.kept.share), *map(str, after))


def _say_departments(bulletin: Bulletin, numbers: Sequence[DepartmentNumbers]) -> Iterator[str]:
    ended = [each for each in numbers if each.kept.share is not None]
    if not ended:
        yield "本月没有部门办结有时限的事项。"
        return
    whole = [name_of(bulletin.departments, each.department) for each in ended if each.kept.share == 1]
    short = [each for each in ended if (each.kept.share or 0) < 1]
    if whole:
        yield f"{'、'.join(whole)}办结的事项全部在承诺时限内。"
    if short:
        told = (
            f"{name_of(bulletin.departments, each.department)}（超期{each.kept.late}件，"
            f"按时率{say_share(each.kept.share)}）"
            for each in list(reversed(short))[:MOST_NAMED]
        )
        yield f"有超期办结的部门：{'、'.join(told)}{_and_more(len(short))}。"


def _and_more(number: int) -> str:
    return f"等{number}个" if number > MOST_NAMED else ""


def _late(bulletin: Bulletin) -> Section:
    if not bulletin.late:
        return Section("超期办件", ("本月无超期办件。",))
    rows = tuple(
        (
            each.case_number,
            name_of(bulletin.things, each.thing),
            name_of(bulletin.matters, (each.thing, each.matter)),
            name_of(bulletin.departments, each.department),
            each.due_on.isoformat(),
            each.ended_on.isoformat() if each.ended_on else "仍在办",
            str(((each.ended_on or bulletin.statistics.today) - each.due_on).days),
        )
        for each in bulletin.late
    )
    total = len(bulletin.late) + bulletin.late_not_listed
    still = sum(each.ended_on is None for each in bulletin.late)
    said = f"超过承诺时限的事项共{total}件次，其中至今仍在办{still}件次，由所列责任部门说明原因并限期办结。"
    if bulletin.late_not_listed:
        said += f"下表列出应办结日最早的{len(bulletin.late)}件次。"
    heads = ("办件编号", "一件事", "事项", "责任部门", "应办结日", "实际办结", "超期（天）")
    return Section("超期办件", (said,), table=Table(heads, "lllllcr", (0, 3, 4, 3, 0, 0, 0), rows))


def _ratings(bulletin: Bulletin) -> Section:
    rated = bulletin.statistics.rated
    if not rated.total:
        return Section("好差评与整改", ("本月没有收到评价。",))
    low = sum(rated.levels.get(level.value, 0) for level in Level if level.is_low)
    said = (
        f"本月收到有效评价{rated.total}条，满意率（基本满意及以上）{say_share(rated.satisfied_share)}；差评{low}条，"
        f"已整改{rated.rectifications_settled}条，整改中{rated.rectifications_open}条"
        f"（其中逾期{rated.rectifications_overdue}条）。"
    )
    bars = [
        Bar(
            level.label.zh,
            (Piece("", rated.levels.get(level.value, 0), paint),),
            f"{rated.levels.get(level.value, 0)}条",
        )
        for level, paint in zip(Level, LEVEL_COLOURS, strict=True)
    ]
    lows = [each for each in bulletin.statistics.departments if _low_of(each)]
    rows = tuple(
        (
            name_of(bulletin.departments, each.department),
            str(each.rated.total),
            str(_low_of(each)),
            str(each.rated.rectifications_settled),
            str(each.rated.rectifications_open),
            str(each.rated.rectifications_overdue),
        )
        for each in lows
    )
    heads = ("收到差评的部门", "评价", "差评", "已整改", "整改中", "其中逾期")
    return Section(
        "好差评与整改",
        (said,),
        chart=charts.draw_amounts(bars, description=said),
        caption="图3　评价等级分布",
        table=Table(heads, "lrrrrr", (1, *(0,) * 5), rows) if rows else None,
    )


def _low_of(numbers: DepartmentNumbers) -> int:
    return sum(numbers.rated.levels.get(level.value, 0) for level in Level if level.is_low)


def _sources(bulletin: Bulletin) -> Section:
    now = bulletin.statistics
    disputes = {each.source: each for each in now.disputes}
    health = {each.source: each for each in now.sources}
    codes = sorted(disputes.keys() | health.keys())
    if not codes:
        return Section("数据共享与争议", ("本月没有向共享数据来源发起查询。",))
    rows = []
    for code in codes:
        asked, said = health.get(code), disputes.get(code)
        states: Mapping[str, int] = said.states if said else {}
        counted = (asked.found, asked.not_held, asked.unavailable) if asked else (0, 0, 0)
        settled = (states.get("corrected", 0), states.get("explained", 0) + states.get("rejected", 0))
        rows.append(
            (
                name_of(bulletin.sources, code),
                *map(str, (sum(counted), *counted)),
                say_share(asked.share if asked else None),
                *map(str, (said.opened if said else 0, *settled, states.get("open", 0))),
            )
        )
    opened = sum(each.opened for each in now.disputes)
    asked_of = [each for each in now.sources if each.share is not None and each.share < 0.99]
    asked_of.sort(key=lambda each: each.share or 0.0)
    said_all = [f"申请人对共享数据提出异议{opened}件。" if opened else "申请人未对共享数据提出异议。"]
    if asked_of:
        names = "、".join(
            f"{name_of(bulletin.sources, each.source)}（{say_share(each.share)}）"
            for each in asked_of[:MOST_NAMED]
        )
        said_all.append(f"应答率低于99%的数据来源：{names}{_and_more(len(asked_of))}。")
    heads = ("数据来源", "查询", "有结果", "查无", "无应答", "应答率", "异议", "已更正", "已说明", "处理中")
    return Section(
        "数据共享与争议", ("".join(said_all),), table=Table(heads, "lrrrrrrrrr", (1, *(0,) * 9), tuple(rows))
    )


def _waiting(bulletin: Bulletin) -> Section:
    things = [each for each in bulletin.statistics.things if each.waiting is not None]
    if not things:
        return Section("群众等候时长", ("近30天办结的件数不足，暂不公布等候时长。",))
    bars = [
        (
            name_of(bulletin.things, each.thing),
            float(each.waiting.median_days),
            float(each.waiting.p90_days),
            f"{each.waiting.median_days}／{each.waiting.p90_days}天",
        )
        for each in things
        if each.waiting is not None
    ]
    said = (
        f"截至{say_day(bulletin.statistics.period.last)}的30天内办结的件，从提交到办结实际用时（工作日，含补正和暂停）"
        "如下；不足5件的“一件事”不公布。该时长同时在办事指南中向群众公开。"
    )
    chart = charts.draw_spans(bars, description=said, legend=("半数不超过", "九成不超过"))
    return Section("群众等候时长", (said,), chart=chart, caption="图4　从提交到办结的工作日（半数／九成）")


def _orders(bulletin: Bulletin) -> Section:
    now = bulletin.statistics
    orders = sum(each.orders for each in now.departments)
    answered = sum(each.orders_answered for each in now.departments)
    said = (
        f"本月发出督办单{orders}份，收到部门答复{answered}份。自助终端呼叫工作人员{now.staff_calls}次，"
        f"已应答{now.staff_calls_answered}次。"
    )
    return Section("督办与现场服务", (said,))


def _say_kept(kept: Kept) -> str:
    if kept.share is None:
        return "无有时限的办结件"
    return (
        f"其中提前{kept.early}件、按时{kept.on_time}件、超期{kept.late}件，按时办结率{say_share(kept.share)}"
    )


def _amount(name: str, unit: str, now: int, before: int) -> dict[str, str]:
    if now == before:
        note = "与上月持平"
    elif not before:
        note = "上月无"
    else:
        change = (now - before) / before
        note = f"比上月{'增' if change > 0 else '减'}{abs(change):.1%}"
    return {"name": name, "number": str(now), "unit": unit, "note": note}


def _rate(name: str, now: float | None, before: float | None) -> dict[str, str]:
    said = say_share(now)
    note = "本月无" if now is None else "上月无"
    if now is not None and before is not None:
        points = (now - before) * 100
        note = f"{'升' if points > 0 else '降'}{abs(points):.1f}个百分点"
        if abs(points) < SMALLEST_CHANGE:
            note = "与上月持平"
    number = said.removesuffix("%")
    return {"name": name, "number": number, "unit": "%" if number != said else "", "note": note}
