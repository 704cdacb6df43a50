"""A clock's colour as a condition, so that rows of one colour are found by index (``clocks.colour``)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_

from onething.domain.clocks import Colour

Column = ColumnElement[Any]


def has_colour(
    wanted: Colour, due_on: Column, warn_on: Column, paused_on: Column, today: date
) -> ColumnElement[bool]:
    """Whether a clock that runs out on ``due_on``, which must be there, shows this colour today."""
    if wanted is Colour.GREY:
        return paused_on.is_not(None)
    runs = paused_on.is_(None)
    if wanted is Colour.RED:
        return and_(runs, due_on < today)
    if wanted is Colour.YELLOW:
        return and_(runs, due_on >= today, warn_on <= today)
    return and_(runs, due_on >= today, or_(warn_on.is_(None), warn_on > today))


def colour_of(
    due_on: Column, warn_on: Column, paused: ColumnElement[bool], today: date
) -> ColumnElement[str]:
    """The word of the colour that a clock shows today."""
    return case(
        (or_(paused, due_on.is_(None)), Colour.GREY.value),
        (due_on < today, Colour.RED.value),
        (warn_on <= today, Colour.YELLOW.value),
        else_=Colour.GREEN.value,
    )
