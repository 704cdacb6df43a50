"""The receipt slip: from the server's receipt to what the printer puts on paper."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from devices.receipt_printer.slip import Cut, Element, Feed, Pair, Qr, Rule, Text

CHINA = timezone(timedelta(hours=8))
Json = Mapping[str, Any]


def lay_out(receipt: Json, *, reprint: bool) -> list[Element]:
    """The slip's elements, in order; a slip printed again is marked 补打 and carries the same number."""
    return [
        *_head(reprint=reprint or bool(receipt.get("reprint"))),
        *_case(receipt),
        *_handed_in(receipt),
        *_parts(receipt),
        *_fees(receipt),
        *_end(receipt),
    ]


def _head(*, reprint: bool) -> Iterator[Element]:
    yield Text("新县政务服务", bold=True, double=True, align="center")
    yield Text("一件事一次办 收件回执", bold=True, align="center")
    if reprint:
        yield Text("【补打】", bold=True, align="center")
    yield Rule()


def _case(receipt: Json) -> Iterator[Element]:
    yield Text("办件编号")
    yield Text(str(receipt["case_number"]), bold=True, double=True)
    yield Pair("办理", str(receipt["thing_zh"]))
    yield Pair("申请人", str(receipt["applicant_masked"]))
    yield Pair("证件号", str(receipt["id_masked"]))
    yield Pair("收件时间", local_minute(str(receipt["submitted_at"])))
    yield Pair("地点", f"{receipt['hall_zh']} {receipt['terminal']}")
    yield Rule()
    yield Text(str(receipt["promise_zh"]), bold=True)
    yield Rule()


def _handed_in(receipt: Json) -> Iterator[Element]:
    if receipt["handed_in"]:
        yield Text("已交材料", bold=True)
    for material in receipt["handed_in"]:
        yield Pair(str(material["zh"]), f"{material['pages']} 页")
    if receipt["exempt"]:
        yield Text(f"免交材料 {len(receipt['exempt'])} 份", bold=True)
    for material in receipt["exempt"]:
        yield Text(f"{material['zh']}（{material['why_zh']}）")
    yield Rule()


def _parts(receipt: Json) -> Iterator[Element]:
    yield Text("办理部门和时限", bold=True)
    yield Text("Departments and limits")
    for part in receipt["parts"]:
        for language in ("zh", "en"):
            yield from _part(part, language)
    yield Rule()


def _part(part: Json, language: str) -> Iterator[Element]:
    """A matter with its department and limit in one language; nothing where the server has no words in it."""
    matter, department = (str(part.get(f"{name}_{language}") or "") for name in ("matter", "department"))
    if matter:
        yield Text(matter)
    if department:
        yield Pair(f"  {department}", str(part.get(f"limit_{language}") or ""))


def _fees(receipt: Json) -> Iterator[Element]:
    for fee in receipt.get("fees") or ():
        yield Pair(f"{fee['zh']} {yuan(fee.get('amount_fen'))}", str(fee.get("where_zh") or ""))
    if not receipt.get("fees"):
        yield Text("不收费")
    if receipt.get("results_zh"):
        yield Text(str(receipt["results_zh"]))
    yield Rule()


def _end(receipt: Json) -> Iterator[Element]:
    if receipt.get("qr"):
        yield Feed()
        yield Qr(str(receipt["qr"]))
        yield Text("扫码查进度", align="center")
    if receipt.get("phone_zh"):
        yield Text(str(receipt["phone_zh"]), align="center")
    yield Feed(2)
    yield Cut()


def yuan(amount_fen: int | None) -> str:
    """An amount in fen as yuan; empty when the amount is not known yet."""
    return "" if amount_fen is None else f"{amount_fen // 100}.{amount_fen % 100:02d} 元"


def local_minute(text: str) -> str:
    """An ISO 8601 instant on the county's wall clock, to the minute; other text as it is."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at.tzinfo else text
