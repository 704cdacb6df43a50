"""Places boxes and lines by Graphviz's dot; everything is measured in points from the top left."""

import json
from dataclasses import dataclass
from typing import Any, Final

import graphviz

POINTS_PER_INCH: Final = 72.0
CLUSTER: Final = "cluster_together"


class ChartNotDrawn(Exception):
    """dot could not be run or did not answer; `reason` is stable."""

    reason = "chart_not_drawn"


@dataclass(frozen=True)
class Box:
    """A box to be placed: its size, and whether it stands inside the frame of the departments."""

    name: str
    width: float
    height: float
    framed: bool = False
    shape: str = "box"


@dataclass(frozen=True)
class Link:
    """A line to be laid, one for each pair; an invisible one only keeps order, a `back` one makes none."""

    tail: str
    head: str
    label_width: float = 0.0
    visible: bool = True
    back: bool = False
    weight: int = 1


Point = tuple[float, float]
Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True)
class Line:
    """A laid line: an arrow's cubic Bézier points (3n + 1), its tip, and the middle of its label."""

    link: Link
    points: tuple[Point, ...]
    tip: Point
    label_at: Point | None


@dataclass(frozen=True)
class Layout:
    """Where everything is: middles of boxes, lines, the frame as left, top, right, bottom."""

    width: float
    height: float
    boxes: dict[str, Point]
    lines: tuple[Line, ...]
    frame: Rectangle


def lay_out(
    boxes: list[Box], links: list[Link], level: list[tuple[str, ...]], *, label_height: float
) -> Layout:
    """Place the boxes; each tuple of `level` stands at one height. Raises: ChartNotDrawn."""
    graph = graphviz.Digraph(graph_attr={"rankdir": "TB", "nodesep": "0.36", "ranksep": "0.5"})
    graph.attr("node", shape="box", fixedsize="true", label="")
    with graph.subgraph(name=CLUSTER, graph_attr={"margin": "20", "label": _room(10, 34)}) as frame:
        for box in boxes:
            _place(frame if box.framed else graph, box)
    for names in level:
        with graph.subgraph(graph_attr={"rank": "same"}) as same:
            for name in names:
                same.node(name)
    for link in links:
        graph.edge(link.tail, link.head, **_edge_attributes(link, label_height))
    return _read(_run_dot(graph), links)


def _place(graph: graphviz.Digraph, box: Box) -> None:
    width, height = f"{box.width / POINTS_PER_INCH:.3f}", f"{box.height / POINTS_PER_INCH:.3f}"
    graph.node(box.name, width=width, height=height, shape=box.shape)


def _edge_attributes(link: Link, label_height: float) -> dict[str, str]:
    attributes = {"weight": str(link.weight)}
    if not link.visible:
        attributes["style"] = "invis"
    if link.back:
        attributes["constraint"] = "false"
    if link.label_width:
        attributes["label"] = _room(link.label_width, label_height)
    return attributes


def _room(width: float, height: float) -> str:
    # an empty table of that size: dot leaves the room, and measures no font that a browser may not have
    return (
        f'<<TABLE BORDER="0" FIXEDSIZE="TRUE" WIDTH="{width:.0f}" HEIGHT="{height:.0f}">'
        "<TR><TD></TD></TR></TABLE>>"
    )


def _run_dot(graph: graphviz.Digraph) -> dict[str, Any]:
    try:
        placed: dict[str, Any] = json.loads(graph.pipe(format="json", quiet=True))
    except (graphviz.ExecutableNotFound, graphviz.CalledProcessError, ValueError) as error:
        raise ChartNotDrawn(str(error)) from error
    return placed


def _read(placed: dict[str, Any], links: list[Link]) -> Layout:
    _, _, width, height = _numbers(placed["bb"])
    boxes, frame = {}, (0.0, 0.0, 0.0, 0.0)
    for thing in placed["objects"]:
        if thing["name"] == CLUSTER and "bb" in thing:
            left, bottom, right, top = _numbers(thing["bb"])
            frame = (left, height - top, right, height - bottom)
        elif "pos" in thing:
            x, y = _numbers(thing["pos"])
            boxes[thing["name"]] = (x, height - y)
    names = {thing["_gvid"]: thing["name"] for thing in placed["objects"]}
    wanted = {(link.tail, link.head): link for link in links if link.visible}
    ends = [(names[edge["tail"]], names[edge["head"]], edge) for edge in placed["edges"]]
    lines = [_line(edge, wanted[t, h], height) for t, h, edge in ends if (t, h) in wanted and "pos" in edge]
    return Layout(width, height, boxes, tuple(lines), frame)


def _line(edge: dict[str, Any], link: Link, height: float) -> Line:
    tip, points = (0.0, 0.0), []
    for piece in edge["pos"].split():
        x, y = _numbers(piece.removeprefix("e,"))
        if piece.startswith("e,"):
            tip = (x, height - y)
        else:
            points.append((x, height - y))
    label_at = None
    if "lp" in edge:
        x, y = _numbers(edge["lp"])
        label_at = (x, height - y)
    return Line(link, tuple(points), tip, label_at)


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]
