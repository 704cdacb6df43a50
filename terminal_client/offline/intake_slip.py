"""The slip for what was taken in while the server was away: received, not registered."""

from collections.abc import Iterator
from typing import Any

from devices.receipt_printer.slip import Cut, Element, Feed, Pair, Rule, Text
from terminal_client.journey.state import Json
from terminal_client.slip import local_minute


def lay_out(intake: Json, *, reprint: bool) -> list[Element]:
    """The slip's elements, in order; it promises nothing but that somebody calls."""
    return [*_head(reprint=reprint), *_what(intake), *_what_now(intake)]


def _head(*, reprint: bool) -> Iterator[Element]:
    yield Text("新县政务服务", bold=True, double=True, align="center")
    yield Text("离线收件单", bold=True, align="center")
    if reprint:
        yield Text("【补打】", bold=True, align="center")
    yield Rule()


def _what(intake: Json) -> Iterator[Element]:
    yield Text("已收件，未受理", bold=True, double=True)
    yield Text("收件号")
    yield Text(str(intake["number"]), bold=True, double=True)
    yield Pair("办理", str(intake["thing_zh"]))
    yield Pair("姓名", str(intake["name_masked"]))
    yield Pair("电话", str(intake["phone_masked"]))
    yield Pair("收件时间", local_minute(str(intake["taken_at"])))
    yield Pair("地点", str(intake["hall_zh"]))
    yield Rule()


def _what_now(intake: Json) -> Iterator[Element]:
    yield Text("网络恢复后自动送到窗口，工作人员打您的电话登记。", bold=True)
    yield Text("登记以后才受理，办理时限从受理起算。")
    yield Text("没有接到电话，请带这张单子和证件到综合窗口。")
    papers: list[Any] = list(intake["papers_zh"])
    if papers:
        yield Rule()
        yield Text("可能要交的材料，请先备好", bold=True)
        for paper in papers:
            yield Text(f"· {paper}")
    yield Feed(2)
    yield Cut()
