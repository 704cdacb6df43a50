"""The sentences of working procedures and of the clerks' handbook, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Iterable

from onething.domain.catalog import (
    Catalog,
    Fee,
    How,
    Label,
    Limit,
    Material,
    Matter,
    Mode,
    Thing,
    VisitKind,
    Way,
)
from onething.domain.guide_words import HOW, first_way, made_by
from onething.domain.limits import say_limit

# GB/T 39046, table A.1
ACT = {
    "01": Label("行政许可", "Licence"),
    "02": Label("行政处罚", "Penalty"),
    "03": Label("行政强制", "Compulsory measure"),
    "04": Label("行政征收", "Levy"),
    "05": Label("行政给付", "Payment"),
    "06": Label("行政检查", "Inspection"),
    "07": Label("行政确认", "Confirmation"),
    "08": Label("行政奖励", "Reward"),
    "09": Label("行政裁决", "Ruling"),
    "10": Label("其他行政权力", "Other power"),
    "20": Label("公共服务", "Public service"),
}
MODE = {
    Mode.ONLINE: Label("不需到场", "Nobody need come"),
    Mode.IN_PERSON: Label("申请人到场一次", "The applicant comes once"),
    Mode.PROACTIVE: Label("部门主动办理", "The department does it by itself"),
    Mode.EXTERNAL: Label("由外部机构办理", "Done by a body outside"),
}
NECESSITY = {
    "1": Label("必要", "Needed"),
    "2": Label("按情形", "Not needed by all"),
    "3": Label("可容缺后补", "May follow later"),
}
VISIT = {
    VisitKind.VISIT: Label("联合勘验", "Joint visit"),
    VisitKind.REVIEW: Label("联合评审", "Joint review"),
}
MUST = Label("必办", "Always")
MAY = Label("可选", "Optional")
TOLERANCE = Label(
    "暂缺时可先受理，在通知书写明的日期前补交", "If missing it may follow, by the date that the notice names"
)
SOMETIMES = Label("部分情形（由系统按所填信息判断）", "In some situations (decided from the form)")
NO_FEE = Label("不收费", "Free of charge")
FEE_UNKNOWN = Label("以办理部门公布为准", "As published by the department")

WINDOW = Label("综合窗口", "Integrated window")
INTAKE = Label("综合窗口、自助终端、手机端", "Window, kiosk or phone")
SYSTEM = Label("系统", "The system")
AT_ONCE = Label("当场", "At once")


def say_way(catalog: Catalog, material: Material, way: Way) -> Label:
    """One way of meeting a material, with its register or licence by name."""
    if way.how is How.E_LICENCE:
        document = catalog.documents[material.document].label
        return Label(f"调取电子{document.zh}", f"E-licence: {document.en}")
    if way.source is not None and way.source in catalog.sources:
        register = catalog.sources[way.source].label
        return Label(f"{register.zh}核验", f"Verified in: {register.en}")
    return HOW[way.how]


_WHY = {
    How.GENERATED: Label("系统按一表生成，申请人只需签字", "Made from the one form; only signed"),
    How.E_LICENCE: Label("政府已有电子证照，免提交", "Government holds the e-licence; not asked for"),
    How.DATA: Label("数据核验，免提交", "Verified by data; not asked for"),
    How.VAULT: Label("申请人以往交过的直接调用", "Taken from the applicant's earlier papers"),
    How.COMMITMENT: Label("以告知承诺书代替", "Replaced by a written commitment"),
    How.SUBMIT: Label("政府部门没有，由申请人提供", "Not held by government; handed in"),
}
_FALL_BACK = Label("，查不到时再请申请人提供", "; handed in only if nothing is found")


def say_exemption(thing: Thing, material: Material) -> Label:
    """Why a clerk may not ask for a material, or why it is asked for."""
    if material.reason is not None:
        return material.reason
    how = first_way(thing, material)
    if how is How.INSIDE:
        return made_by(thing, material)
    later = any(way.how is How.SUBMIT for way in material.met_by)
    if how in (How.E_LICENCE, How.DATA, How.VAULT) and later:
        return join((_WHY[how], _FALL_BACK), Label("", ""))
    return _WHY[how]


def say_fee(fee: Fee | None) -> Label:
    """What a matter costs, on what basis and where it is paid."""
    if fee is None:
        return FEE_UNKNOWN
    amount = NO_FEE if fee.amount_fen == 0 else _money(fee.amount_fen)
    basis = f"（{fee.basis}）" if fee.basis else ""
    where = Label(f"，{fee.paid_at.zh}", f", {fee.paid_at.en}") if fee.paid_at else Label("", "")
    return Label(f"{amount.zh}{basis}{where.zh}", f"{amount.en}{where.en}")


def _money(amount_fen: int) -> Label:
    yuan = f"{amount_fen / 100:.2f}".removesuffix(".00")
    return Label(f"{yuan}元", f"{yuan} yuan")


def say_statutory(matter: Matter) -> Label | None:
    """The law's limit, with its words where the law says it in words."""
    said = [say_limit(matter.statutory)] if matter.statutory else []
    said += [matter.statutory_text] if matter.statutory_text else []
    return join(said, Label("，", "; ")) if said else None


def say_promised(limit: Limit | None) -> Label | None:
    """The promised limit, or None."""
    return say_limit(limit) if limit else None


def join(labels: Iterable[Label], between: Label) -> Label:
    """Labels in a row."""
    found = list(labels)
    return Label(between.zh.join(each.zh for each in found), between.en.join(each.en for each in found))


def quoted(labels: Iterable[Label]) -> Label:
    """Names in a row: “甲”“乙”."""
    found = list(labels)
    return Label("".join(f"“{each.zh}”" for each in found), ", ".join(f"“{each.en}”" for each in found))
