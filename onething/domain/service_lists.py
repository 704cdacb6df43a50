"""The county's two lists (清单) of one-things: one for persons, one for enterprises; pure.

A one-thing stands on the list when it says so (``listing``); rows keep the catalog's order.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from onething.domain.catalog import Catalog, Label, Listing, ListLevel, ListStatus, Thing
from onething.domain.spreadsheet import safe_text

AUDIENCES = ("person", "enterprise")
LEVEL = {
    ListLevel.NATIONAL: Label("国家级", "National"),
    ListLevel.PROVINCE: Label("省级", "Province"),
    ListLevel.CITY: Label("市级", "City"),
    ListLevel.COUNTY: Label("县级", "County"),
    ListLevel.TOWN: Label("乡级", "Township"),
}
STATUS = {
    ListStatus.OPEN: Label("已上线", "Open"),
    ListStatus.TRIAL: Label("试运行", "On trial"),
    ListStatus.PLANNED: Label("计划推出", "Planned"),
}
_TITLE = {
    "person": Label("个人“一件事”事项清单", "One-things for persons"),
    "enterprise": Label("企业“一件事”事项清单", "One-things for enterprises"),
}
COLUMNS = {
    "position": Label("序号", "No."),
    "code": Label("编码", "Code"),
    "thing": Label("一件事", "One-thing"),
    "matters": Label("联办事项", "Matters"),
    "lead": Label("牵头部门", "Lead department"),
    "joint": Label("配合部门", "Joint departments"),
    "promise_days": Label("承诺时限（工作日）", "Promise (working days)"),
    "batch": Label("批次", "Batch"),
    "level": Label("实施层级", "Level"),
    "status": Label("状态", "Status"),
}


@dataclass(frozen=True)
class ListRow:
    """One one-thing's line; ``promise_days`` are working days from acceptance."""

    position: int
    code: str
    thing: Label
    matters: tuple[Label, ...]
    lead: Label
    joint: tuple[Label, ...]
    promise_days: int
    batch: Label
    level: Label
    status: Label


@dataclass(frozen=True)
class ServiceList:
    """One of the two lists, as of one revision."""

    audience: str
    title: Label
    county: Label
    revision: int
    rows: tuple[ListRow, ...]


def list_services(catalog: Catalog, audience: str, revision: int) -> ServiceList:
    """The list of an audience, ``person`` or ``enterprise``."""
    listed = [
        (thing, thing.listing)
        for thing in catalog.things.values()
        if thing.audience == audience and thing.listing is not None
    ]
    return ServiceList(
        audience=audience,
        title=_TITLE[audience],
        county=catalog.label,
        revision=revision,
        rows=tuple(_row(catalog, thing, listing, at) for at, (thing, listing) in enumerate(listed, 1)),
    )


def cells_of(row: ListRow, language: str) -> list[str | int]:
    """The row's cells in the order of ``COLUMNS``, in ``zh`` or ``en``."""

    def said(label: Label) -> str:
        return label.en if language == "en" else label.zh

    between = "; " if language == "en" else "；"
    return [
        row.position,
        row.code,
        said(row.thing),
        between.join(said(label) for label in row.matters),
        said(row.lead),
        between.join(said(label) for label in row.joint),
        row.promise_days,
        said(row.batch),
        said(row.level),
        said(row.status),
    ]


def as_csv(services: ServiceList, language: str = "zh") -> str:
    """The list as CSV (RFC 4180), its first line the names of the columns."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(label.en if language == "en" else label.zh for label in COLUMNS.values())
    for row in services.rows:
        writer.writerow(
            safe_text(cell) if isinstance(cell, str) else cell for cell in cells_of(row, language)
        )
    return text.getvalue()


def say_batch(catalog: Catalog, listing: Listing) -> Label:
    """The batch by its name; by its word where an old revision has no name for it."""
    return catalog.batches.get(listing.batch, Label(listing.batch, listing.batch))


def _row(catalog: Catalog, thing: Thing, listing: Listing, position: int) -> ListRow:
    joint = dict.fromkeys(
        matter.department for matter in thing.matters.values() if matter.department != thing.lead
    )
    return ListRow(
        position=position,
        code=thing.code,
        thing=thing.label,
        matters=tuple(matter.label for matter in thing.matters.values()),
        lead=catalog.departments[thing.lead].label,
        joint=tuple(catalog.departments[code].label for code in joint),
        promise_days=thing.promise.days,
        batch=say_batch(catalog, listing),
        level=LEVEL[listing.level],
        status=STATUS[listing.status],
    )
