"""The flow chart of a guide: from the one form over the departments to the results, as SVG."""

from collections import Counter
from collections.abc import Iterator
from typing import Final
from weakref import WeakKeyDictionary

from onething.domain.catalog import Catalog, Label

from . import flow_drawing as look
from .flow_drawing import LINE_HEIGHT, Drawing, text_width, wrap
from .flow_layout import Box, Layout, Link, Point, lay_out
from .flow_process import FlowChart, FlowStep, chart_of

STEP_WIDTH: Final = 244.0
PADDING: Final = 12.0
CHOICE_WIDTH: Final = 420.0
ROW_ROOM: Final = 3 * (STEP_WIDTH - 2 * PADDING)  # three steps side by side, or a choice and one
BOLD_ROOM: Final = 0.95  # bold letters are wider
NO_BREAK: Final = "\u00a0"
LABELS_FROM_ONE: Final = 3  # arrows from one step: more of them carry their label only once

SUBMIT: Final = Label("提交“一表”", "Submit the one form")
SUBMIT_WHERE: Final = Label("自助终端·手机·窗口", "kiosk, phone or window")
COMPLETE: Final = Label("材料齐全？", "All complete?")
SUPPLEMENT: Final = Label("一次性告知补正", "Told once what to add")
ACCEPT: Final = Label("统一受理", "Accepted as one case")
LED_BY: Final = Label("{lead}牵头", "led by {lead}")
TOGETHER: Final = Label(
    "部门联办·受理后{days}个工作日内", "Departments together: {days} working days from acceptance"
)
ISSUE: Final = Label("统一出件", "Results issued together")
ISSUE_HOW: Final = Label("窗口·邮寄·电子证照", "window, courier, e-licence")
RATING: Final = Label("好差评", "Rate the service")
YES: Final = Label("是", "yes")
NO: Final = Label("否", "no")
BETWEEN: Final = Label("·", ", ")
MEMBER: Final = Label("{name}（{remarks}）", "{name} ({remarks})")
OPTIONAL: Final = Label("可选", "optional")
THEN: Final = Label("；", "; ")
WAITS_FOR: Final = Label("{step}（{department}，在{before}之后）", "{step} ({department}, after {before})")
ALONE: Final = Label("{step}（{department}）", "{step} ({department})")

FIXED: Final = {
    "submit": (320.0, 84.0),
    "check": (270.0, 108.0),
    "supplement": (200.0, 84.0),
    "accept": (320.0, 84.0),
    "issue": (320.0, 84.0),
    "rating": (236.0, 62.0),
}


def draw_flow_chart(chart: FlowChart, lang: str = "zh") -> str:
    """Return the chart as an SVG document in Chinese (`zh`) or English (`en`), with a text alternative.

    Raises: ChartNotDrawn when dot is not installed or fails.
    """
    words = {step.id: _step_words(step, lang) for step in chart.steps}
    accepted = _accept_words(chart.lead, lang)
    fixed = FIXED | {"accept": (FIXED["accept"][0], _height(accepted))}
    boxes = [Box(name, *size, shape="diamond" if name == "check" else "box") for name, size in fixed.items()]
    sizes = {step.id: (_room(step) + 2 * PADDING, _height(words[step.id])) for step in chart.steps}
    boxes += [Box(_node(code), *size, framed=True) for code, size in sizes.items()]
    layout = lay_out(boxes, _links(chart, lang), [("accept", "supplement")], label_height=LINE_HEIGHT)
    drawing = Drawing()
    if chart.steps:
        _draw_frame(drawing, chart, layout, lang)
    _draw_lines(drawing, chart, layout, fixed, lang)
    for step in chart.steps:
        drawing.box(layout.boxes[_node(step.id)], sizes[step.id], look.STEP, dashed=step.optional)
        bold = len(_name_lines(step, lang))
        drawing.words(layout.boxes[_node(step.id)], words[step.id], bold=bold)
    _draw_way(drawing, layout, lang)
    drawing.box(layout.boxes["accept"], fixed["accept"], look.STEP)
    drawing.words(layout.boxes["accept"], accepted, bold=1)
    size = (layout.width, layout.height)
    told = _describe(chart, lang)
    return drawing.to_svg(size, title=_in(chart.title, lang), description=told, language=lang)


class CatalogFlowCharts:
    """Draws the charts of a catalog's one-things (ports.FlowCharts), each once."""

    def __init__(self) -> None:
        self._drawn: WeakKeyDictionary[Catalog, dict[tuple[str, str], str]] = WeakKeyDictionary()

    def draw(self, catalog: Catalog, thing: str, lang: str = "zh") -> str:
        """Return the chart as SVG. Raises: UnknownThing, ChartNotDrawn."""
        drawn = self._drawn.setdefault(catalog, {})
        if (thing, lang) not in drawn:
            drawn[thing, lang] = draw_flow_chart(chart_of(catalog, thing), lang)
        return drawn[thing, lang]


def _node(code: str) -> str:
    # dot reads a colon in a name as a port
    return f"step_{code.encode().hex()}"


def _in(label: Label, lang: str) -> str:
    return label.en if lang == "en" else label.zh


def _step_words(step: FlowStep, lang: str) -> list[tuple[str, str]]:
    """Return the lines of a step: its name in one colour, who and how long in the others."""
    lines = [(line, look.INK) for line in _name_lines(step, lang)]
    lines += [(line, look.SOFT) for line in wrap(_in(step.department, lang), _room(step)) if line]
    lines += [(line, look.STEP[1]) for line in wrap(_remarks(step, lang), _room(step)) if line]
    for member in step.members:
        text = _in(MEMBER, lang).format(name=_in(member.label, lang), remarks=_remarks(member, lang))
        lines += [(line, look.INK) for line in wrap(text, _room(step))]
    return lines


def _accept_words(lead: Label, lang: str) -> list[tuple[str, str]]:
    led_by = _in(LED_BY, lang).format(lead=_in(lead, lang))
    who = wrap(led_by, FIXED["accept"][0] - 2 * PADDING)
    return [(_in(ACCEPT, lang), look.INK), *((line, look.SOFT) for line in who)]


def _room(step: FlowStep) -> float:
    return (CHOICE_WIDTH if step.members else STEP_WIDTH) - 2 * PADDING


def _name_lines(step: FlowStep, lang: str) -> list[str]:
    return wrap(_in(step.label, lang), _room(step) * BOLD_ROOM)


def _remarks(step: FlowStep, lang: str) -> str:
    """Return limit and remarks; each stays on one line."""
    optional = _in(OPTIONAL, lang) if step.optional else ""
    facts = [_in(step.limit, lang), _in(step.remark, lang), optional]
    return _in(BETWEEN, lang).join(fact.replace(" ", NO_BREAK) for fact in facts if fact)


def _height(lines: list[tuple[str, str]]) -> float:
    return len(lines) * LINE_HEIGHT + 2 * PADDING


def _links(chart: FlowChart, lang: str) -> list[Link]:
    links = [
        Link("submit", "check", weight=20),
        Link("check", "accept", label_width=text_width(_in(YES, lang)) + 8, weight=20),
        Link("check", "supplement", label_width=text_width(_in(NO, lang)) + 8),
        # keeps the way back on the right, beside the way on
        Link("accept", "supplement", visible=False),
        Link("supplement", "submit", back=True),
    ]
    rows = [row for wave in chart.waves() for row in _rows(wave)]
    links += [Link("accept", _node(step.id), visible=False) for step in rows[0]] if rows else []
    for above, below in zip(rows, rows[1:], strict=False):
        links += [
            Link(_node(above[at % len(above)].id), _node(step.id), visible=False)
            for at, step in enumerate(below)
        ]
    feeds = list(_feed_links(chart, lang))
    pairs = {(link.tail, link.head) for link in feeds}
    links = [link for link in links if (link.tail, link.head) not in pairs] + feeds
    last = [_node(step.id) for step in rows[-1]] if rows else ["accept"]
    links += [Link(name, "issue", visible=not rows, weight=2) for name in last]
    return [*links, Link("issue", "rating", weight=20)]


def _rows(wave: tuple[FlowStep, ...]) -> list[tuple[FlowStep, ...]]:
    """Return the wave in rows that a kiosk can show with letters still large enough."""
    rows: list[tuple[FlowStep, ...]] = []
    for step in wave:
        if rows and sum(map(_room, rows[-1])) + _room(step) <= ROW_ROOM:
            rows[-1] = (*rows[-1], step)
        else:
            rows.append((step,))
    return rows


def _feed_links(chart: FlowChart, lang: str) -> Iterator[Link]:
    """Yield an arrow for everything a step waits for; many arrows with one label show it once."""
    arrows = Counter(feed.step for step in chart.steps for feed in step.after)
    shown: set[tuple[str, str]] = set()
    for step in chart.steps:
        for feed in step.after:
            carries = _in(feed.carries, lang)
            if arrows[feed.step] > LABELS_FROM_ONE and (feed.step, carries) in shown:
                carries = ""
            shown.add((feed.step, carries))
            width = text_width(carries) + 8 if carries else 0.0
            yield Link(_node(feed.step), _node(step.id), label_width=width, weight=2)


def _draw_frame(drawing: Drawing, chart: FlowChart, layout: Layout, lang: str) -> None:
    left, top, right, _ = layout.frame
    drawing.frame(layout.frame)
    text = _in(TOGETHER, lang).format(days=chart.promise_days)
    drawing.words(((left + right) / 2, top + 26), [(text, look.SOFT)], bold=1)


def _draw_lines(
    drawing: Drawing, chart: FlowChart, layout: Layout, fixed: dict[str, Point], lang: str
) -> None:
    for line in layout.lines:
        drawing.line(line)
    if chart.steps:
        _draw_through_frame(drawing, layout, fixed)
    for line in layout.lines:
        if line.label_at is not None:
            drawing.words(line.label_at, [(_carried(chart, line.link, lang), look.SOFT)], halo=True)


def _draw_through_frame(drawing: Drawing, layout: Layout, fixed: dict[str, Point]) -> None:
    """One arrow for all into the frame and one out of it: lines to every step would cross."""
    left, top, right, bottom = layout.frame
    for name, edge, side in (("accept", top, 1), ("issue", bottom, -1)):
        x, y = layout.boxes[name]
        at = min(max(x, left + 24), right - 24)
        near = (at, y + side * fixed[name][1] / 2)
        ends = (near, (at, edge)) if name == "accept" else ((at, edge), near)
        drawing.straight(*ends)


def _carried(chart: FlowChart, link: Link, lang: str) -> str:
    if link.tail == "check":
        return _in(YES if link.head == "accept" else NO, lang)
    step = next(step for step in chart.steps if _node(step.id) == link.head)
    return next(_in(feed.carries, lang) for feed in step.after if _node(feed.step) == link.tail)


def _draw_way(drawing: Drawing, layout: Layout, lang: str) -> None:
    """Draw what every one-thing has: the way in, the way back for a supplement, the way out."""
    at = layout.boxes
    drawing.box(at["submit"], FIXED["submit"], look.START)
    drawing.words(at["submit"], [(_in(text, lang), look.START[2]) for text in (SUBMIT, SUBMIT_WHERE)], bold=1)
    drawing.diamond(at["check"], FIXED["check"], look.CHECK)
    drawing.words(at["check"], [(_in(COMPLETE, lang), look.CHECK[2])], bold=1)
    drawing.box(at["supplement"], FIXED["supplement"], look.STOP)
    told = wrap(_in(SUPPLEMENT, lang), FIXED["supplement"][0] - 2 * PADDING)
    drawing.words(at["supplement"], [(line, look.STOP[2]) for line in told])
    drawing.box(at["issue"], FIXED["issue"], look.END)
    drawing.words(at["issue"], [(_in(text, lang), look.END[2]) for text in (ISSUE, ISSUE_HOW)], bold=1)
    drawing.box(at["rating"], FIXED["rating"], look.CHECK, radius=29)
    drawing.words(at["rating"], [(_in(RATING, lang), look.CHECK[2])], bold=1)


def _describe(chart: FlowChart, lang: str) -> str:
    """Tell the chart in words, in the order of handling."""
    names = {step.id: _in(step.label, lang) for step in chart.steps}
    told = [_in(SUBMIT, lang), _in(ACCEPT, lang)]
    for wave in chart.waves():
        for step in wave:
            before = ("、" if lang == "zh" else ", ").join(names[feed.step] for feed in step.after)
            sentence = _in(WAITS_FOR if before else ALONE, lang)
            told.append(
                sentence.format(step=names[step.id], department=_in(step.department, lang), before=before)
            )
    return _in(THEN, lang).join([*told, _in(ISSUE, lang), _in(RATING, lang)])
