"""What stands on a notice to the citizen; made from the case's own revision, laid out by ``notice_pdf``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from onething.domain.catalog import Catalog, Label, Thing
from onething.domain.masking import mask_name
from onething.domain.records import Case
from onething.domain.values import Value
from onething.domain.working_days import SHANGHAI

CAUSES: Mapping[str, Label] = {
    "supplement": Label("等待您补正材料", "waiting for what you were asked for"),
    "hearing": Label("依法听证", "a hearing"),
    "inspection": Label("依法检验、检疫或现场核查", "an inspection"),
    "testing": Label("依法检测、鉴定", "testing or appraisal"),
    "expert_review": Label("专家评审", "a review by experts"),
    "other": Label("其他法定情形", "another cause named by law"),
}


class NoticeRow(Protocol):
    """A kept notice, as ``ports.handling.Notice``."""

    @property
    def number(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def part(self) -> str | None: ...
    @property
    def data(self) -> Mapping[str, Any]: ...
    @property
    def issued_at(self) -> datetime: ...


@dataclass(frozen=True)
class NoticeContent:
    """A notice's words; ``items`` are numbered lines, ``foot`` says what the citizen may do."""

    title: Label
    number: str
    case_number: str
    addressee: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    office: str = ""
    issued_on: str = ""
    department: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)


def compose_notice(
    catalog: Catalog, case: Case, notice: NoticeRow, values: Mapping[str, Value], title: Label
) -> NoticeContent:
    """The words of a notice: what it is about, what was decided and why, by when, and what may be done."""
    thing = catalog.get_thing(case.thing)
    part = next((each for each in case.parts if each.id == notice.part), None)
    matter = thing.matters[part.matter].label.zh if part else ""
    lead = catalog.departments[case.lead or thing.lead].label.zh
    office = catalog.departments["XZSP"].label.zh if "XZSP" in catalog.departments else lead
    department = catalog.departments[part.department].label.zh if part else office
    name = values.get(f"{case.plan['holder']}.name")
    paragraphs, items = _WORDS[notice.kind](catalog, thing, case, matter, notice.data)
    issued = notice.issued_at.astimezone(SHANGHAI)
    return NoticeContent(
        title=title,
        number=notice.number,
        case_number=case.number,
        addressee=mask_name(str(name.value)) if name else "",
        paragraphs=tuple(paragraphs),
        items=tuple(items),
        foot=_FOOT.get(notice.kind, ()),
        office=office,
        department=department,
        issued_on=f"{issued:%Y年%m月%d日}",
    )


Words = tuple[list[str], list[str]]


def _accepted(catalog: Catalog, thing: Thing, case: Case, _matter: str, data: Mapping[str, Any]) -> Words:
    due = data.get("due_on")
    lead = catalog.departments[case.lead or thing.lead].label.zh
    said = [f"您申请的“{thing.label.zh}”，材料已齐，符合受理条件，现予以受理。"]
    if data.get("deemed"):
        said = [f"您申请的“{thing.label.zh}”自收件起五个工作日内未告知补正，依法视为已经受理。"]
    if due:
        said.append(f"承诺在{_day(due)}前统一出结果，由{lead}牵头负责。")
    follow = [
        f"{_material(thing, each['material'])}：请于{_day(each['due_on'])}前补交"
        for each in data.get("follow", ())
    ]
    if follow:
        said.append("以下材料可以后补（容缺受理），逾期未交的，相关事项将不能办成：")
    return said, follow


def _refused(_catalog: Catalog, thing: Thing, _case: Case, _matter: str, data: Mapping[str, Any]) -> Words:
    said = [f"您申请的“{thing.label.zh}”，经审查不予受理。", f"理由：{data['reason']['zh']}"]
    if data.get("remedy", {}).get("zh"):
        said.append(f"您可以：{data['remedy']['zh']}")
    return said, []


def _supplement(_catalog: Catalog, thing: Thing, _case: Case, _matter: str, data: Mapping[str, Any]) -> Words:
    said = [
        f"您申请的“{thing.label.zh}”还缺少以下内容，现一次性告知，请于{_day(data['until_on'])}前补齐。",
        "等待期间不计入办理时限。",
    ]
    items = []
    for want in data["wants"]:
        name = _material(thing, want["material"]) if want.get("material") else ""
        items.append(f"{name}：{want['zh']}" if name else str(want["zh"]))
    return said, items


def _suspended(_catalog: Catalog, _thing: Thing, _case: Case, matter: str, data: Mapping[str, Any]) -> Words:
    why = CAUSES[data["cause"]].zh
    return [f"“{matter}”因{why}，自即日起中止计算办理时限，所需时间不计入承诺时限。"], []


def _extended(_catalog: Catalog, _thing: Thing, _case: Case, matter: str, data: Mapping[str, Any]) -> Words:
    return [f"“{matter}”的办理期限经批准延长{data['days']}个工作日。", f"理由：{data['reason']['zh']}"], []


def _denied(_catalog: Catalog, _thing: Thing, _case: Case, matter: str, data: Mapping[str, Any]) -> Words:
    return [f"“{matter}”经审查，不予办理。", f"理由：{data['reason']['zh']}"], []


def _withdrawn(_catalog: Catalog, thing: Thing, _case: Case, matter: str, _data: Mapping[str, Any]) -> Words:
    what = f"“{thing.label.zh}”中的“{matter}”" if matter else f"“{thing.label.zh}”"
    return [f"您申请的{what}已按您的要求撤回。需要时可以重新申请。"], []


_WORDS = {
    "accepted": _accepted,
    "refused": _refused,
    "supplement": _supplement,
    "suspended": _suspended,
    "extended": _extended,
    "denied": _denied,
    "withdrawn": _withdrawn,
}

_REVIEW = ("如对本决定不服，可以自收到之日起六十日内依法申请行政复议，或者六个月内依法提起行政诉讼。",)
_FOOT: Mapping[str, tuple[str, ...]] = {
    "refused": _REVIEW,
    "denied": _REVIEW,
    "supplement": ("您可以在手机或自助终端的“我的办件”、综合窗口补交，无须重复提交其他材料。",),
}


def _day(iso: str) -> str:
    return f"{iso[:4]}年{int(iso[5:7])}月{int(iso[8:10])}日"


def _material(thing: Thing, code: str) -> str:
    return thing.materials[code].label.zh if code in thing.materials else code
