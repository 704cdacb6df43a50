"""A case's flow as boxes and lines: its parts in the order of handling, each with its state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onething.domain.flow import waves_of
from staff_console.language import say
from staff_console.work.case_words import PART_KINDS

WIDE, HIGH, ACROSS, DOWN = 196, 62, 56, 14
_LETTERS = 26


@dataclass(frozen=True)
class FlowBox:
    """A part at its place: the corner in units of the drawing, its words in lines, and its badge's kind."""

    x: int
    y: int
    lines: tuple[str, ...]
    state: str
    kind: str
    colour: str
    is_mine: bool


@dataclass(frozen=True)
class FlowDrawing:
    """Boxes and the curves between them, in a field of ``width`` by ``height``; ``told`` says it in words."""

    width: int
    height: int
    boxes: tuple[FlowBox, ...]
    curves: tuple[str, ...]
    told: str


def draw_flow(view: Mapping[str, Any]) -> FlowDrawing:
    """Lay out a case's parts: those of one column run side by side, from left to right in time.

    ``view`` is what ``casefiles.view_case_for_staff`` answers; parts that it does not show are left out.
    """
    parts = {part["matter"]: part for part in view["parts"]}
    waits = {code: [each for each in part["waits_for"] if each in parts] for code, part in parts.items()}
    waves = waves_of(waits)
    rows = max((len(wave) for wave in waves), default=1)
    places = _places(waves, rows)
    boxes = tuple(_box(parts[code], *places[code]) for code in places)
    curves = tuple(_curve(places[before], places[code]) for code in places for before in waits[code])
    told = say("；", "; ").join(f"{_name(part)}{say('：', ': ')}{_state(part)}" for part in parts.values())
    width = len(waves) * (WIDE + ACROSS) - ACROSS + 4
    return FlowDrawing(width, rows * (HIGH + DOWN) - DOWN + 4, boxes, curves, told)


def _places(waves: Sequence[Sequence[str]], rows: int) -> dict[str, tuple[int, int]]:
    places = {}
    for column, wave in enumerate(waves):
        top = (rows - len(wave)) * (HIGH + DOWN) // 2
        for row, code in enumerate(wave):
            places[code] = (column * (WIDE + ACROSS) + 2, top + row * (HIGH + DOWN) + 2)
    return places


def _box(part: Mapping[str, Any], x: int, y: int) -> FlowBox:
    return FlowBox(
        x,
        y,
        _short(_name(part)),
        _state(part),
        PART_KINDS[part["state"]],
        part["colour"] if part["due_on"] else "",
        part["is_mine"],
    )


def _curve(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1, x2, y2 = start[0] + WIDE, start[1] + HIGH // 2, end[0] - 7, end[1] + HIGH // 2
    bend = (x1 + x2) // 2
    return f"M{x1},{y1}C{bend},{y1} {bend},{y2} {x2},{y2}"


def _name(part: Mapping[str, Any]) -> str:
    return say(str(part["zh"]), str(part["en"]))


def _state(part: Mapping[str, Any]) -> str:
    return say(str(part["state_zh"]), str(part["state_en"]))


def _short(name: str) -> tuple[str, ...]:
    """At most two lines; a Chinese character is as wide as two Latin letters."""
    lines, line, room = [], "", _LETTERS
    words = name.split(" ") if name.isascii() else list(name)
    gap = " " if name.isascii() else ""
    for word in words:
        wide = sum(1 if char.isascii() else 2 for char in word + gap)
        if line and room < wide:
            lines.append(line.strip())
            line, room = "", _LETTERS
        line, room = line + word + gap, room - wide
    lines.append(line.strip())
    return tuple(lines) if len(lines) < 3 else (lines[0], lines[1].rstrip()[:-1] + "…")
