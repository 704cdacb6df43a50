"""Words of the guide that are made from the catalog: how a material is met, and conditions in words."""

from __future__ import annotations

import re

from onething.domain.assurance import WITH_CODE, WITH_VERIFIER
from onething.domain.catalog import Catalog, FactType, How, Label, Material, Matter, Thing
from onething.domain.conditions import HOLDER

HOW = {
    How.GENERATED: Label("系统自动生成", "Made by the system"),
    How.E_LICENCE: Label("电子证照，免提交", "E-licence, nothing to hand in"),
    How.DATA: Label("数据核验，免提交", "Verified by data, nothing to hand in"),
    How.VAULT: Label("调用本人以往材料", "From your own earlier papers"),
    How.COMMITMENT: Label("告知承诺替代", "Replaced by a commitment"),
    How.SUBMIT: Label("需要提交", "To be handed in"),
    How.INSIDE: Label("办理过程中产生，免提交", "Comes out of the handling itself"),
}
CHANNEL = {
    "10": Label("申请人自备", "The applicant's own"),
    "20": Label("政府部门核发", "Issued by government"),
    "99": Label("其他", "Other"),
}
# What is done to be surer who acts, for each level above the card.
STEP_UP = {
    WITH_CODE: Label("要多核实一次：用短信验证码", "One more check: a code by text message"),
    WITH_VERIFIER: Label("要多核实一次：本人核验", "One more check of who you are"),
}
_MOST_NAMED = 3
_TERM = re.compile(
    r'^(?P<no>!?)\(?(?P<left>\w+\.\w+)(?:\s*(?P<sign>==|!=)\s*(?:"(?P<code>[^"]*)"|(?P<right>\w+\.\w+)))?\)?$'
)


def first_way(thing: Thing, material: Material) -> How:
    """Made inside when a matter that is chosen by default makes it, else the first way offered."""
    pair = (material.document, material.of)
    makers = (m for m in thing.matters.values() if pair in m.produces_documents)
    if any(maker.default for maker in makers):
        return How.INSIDE
    return material.met_by[0].how


def say_step_up(matter: Matter) -> Label | None:
    """What a matter asks beyond the card, and why; None for nothing."""
    if matter.assurance is None:
        return None
    how, why = STEP_UP[matter.assurance.level], matter.assurance.reason
    return Label(f"{how.zh}（{why.zh}）", f"{how.en} ({why.en})")


def why_met(catalog: Catalog, thing: Thing, material: Material, how: How) -> Label:
    """Why a material needs no paper, or why it does."""
    if material.reason is not None:
        return material.reason
    later = any(way.how is How.SUBMIT for way in material.met_by)
    if how is How.INSIDE:
        return made_by(thing, material)
    if how is How.DATA:
        source = next(way.source for way in material.met_by if way.how is How.DATA)
        register = catalog.sources[source or ""].label
        return _with_fallback(Label(f"由{register.zh}核验", f"Verified in the {register.en}"), later)
    if how is How.E_LICENCE:
        document = catalog.documents[material.document].label
        return _with_fallback(Label(f"调取电子{document.zh}", f"Fetched as e-licence: {document.en}"), later)
    return _REASONS[how]


_REASONS = {
    How.GENERATED: Label("按已填信息生成，只需签字", "Filled in from your data; you only sign"),
    How.VAULT: Label("以往办事提交过的可直接使用", "What you handed in before can be used again"),
    How.COMMITMENT: Label("签署承诺书即可", "A signed commitment is enough"),
    How.SUBMIT: Label("政府部门没有这份材料，需要您提供", "Government does not hold it; please bring it"),
}


def made_by(thing: Thing, material: Material) -> Label:
    """Which matter of the same case makes it."""
    pair = (material.document, material.of)
    maker = next(m.label for m in thing.matters.values() if pair in m.produces_documents)
    return Label(f"由本次办理的“{maker.zh}”产生", f"Comes out of: {maker.en}")


def _with_fallback(why: Label, later: bool) -> Label:
    if not later:
        return why
    return Label(f"{why.zh}；查不到时再提交", f"{why.en}; handed in only if it is not found")


def when_needed(catalog: Catalog, thing: Thing, material: Material) -> Label | None:
    """In which case a material is wanted; None for always."""
    parts = []
    wanting = [m for m in thing.matters.values() if material.id in {need.material for need in m.materials}]
    if len(wanting) < len(thing.matters) and all(_may_be_left_out(matter) for matter in wanting):
        parts.append(_for_matters(wanting))
    condition = say_condition(catalog, thing, material.when)
    if condition is not None:
        parts.append(condition)
    if not parts:
        return None
    return Label("，且".join(part.zh for part in parts), ", and ".join(part.en for part in parts))


def _for_matters(matters: list[Matter]) -> Label:
    named = matters[:_MOST_NAMED]
    zh = "、".join(f"“{matter.label.zh}”" for matter in named)
    en = "; ".join(matter.label.en for matter in named)
    left = len(matters) - len(named)
    return Label(
        f"办理{zh}{f'等{len(matters)}项' if left else ''}时",
        f"for: {en}{f'; and {left} more' if left else ''}",
    )


def _may_be_left_out(matter: Matter) -> bool:
    return matter.optional or matter.group is not None or matter.when is not None


def say_condition(catalog: Catalog, thing: Thing, text: str | None) -> Label | None:
    """A plain condition in words; None for none, and for one too involved to be put into words."""
    if text is None:
        return None
    words = []
    for term in re.split(r"\s*&&\s*", text.strip()):
        said = _say_term(catalog, thing, term)
        if said is None:
            return None
        words.append(said)
    return Label("，且".join(word.zh for word in words), ", and ".join(word.en for word in words))


def _say_term(catalog: Catalog, thing: Thing, term: str) -> Label | None:
    found = _TERM.match(term.strip())
    left = found and say_fact(catalog, thing, found["left"])
    if not found or left is None:
        return None
    if found["sign"] is None:
        zh, en = ("否", "no") if found["no"] else ("是", "yes")
        return Label(f"“{left.zh}”为{zh}", f"{left.en}: {en}")
    if found["right"] is not None:
        right = say_fact(catalog, thing, found["right"])
        same = found["sign"] == "=="
        if right is None:
            return None
        return Label(
            f"{left.zh}与{right.zh}{'相同' if same else '不同'}",
            f"{left.en} and {right.en} are {'the same' if same else 'different'}",
        )
    code = _say_code(catalog, thing, found["left"], found["code"])
    zh, en = ("为", "is") if found["sign"] == "==" else ("不为", "is not")
    return Label(f"{left.zh}{zh}“{code.zh}”", f"{left.en} {en}: {code.en}")


def say_fact(catalog: Catalog, thing: Thing, key: str) -> Label | None:
    """``mother.name`` as 母亲姓名; None for a role or a fact nobody has."""
    role, _, name = key.partition(".")
    if role == HOLDER:
        fact = catalog.facts.get(f"person.{name}")
        return (
            Label(f"申请人{fact.label.zh}", f"Applicant's {_uncapitalised(fact.label.en)}") if fact else None
        )
    fact = catalog.facts.get(f"{thing.roles[role].kind}.{name}") if role in thing.roles else None
    if fact is None:
        return None
    if fact.kind == "application":
        return fact.label
    owner = thing.roles[role].label
    if fact.label.zh.startswith(owner.zh):
        return fact.label
    return Label(f"{owner.zh}{fact.label.zh}", f"{owner.en}'s {_uncapitalised(fact.label.en)}")


def _uncapitalised(text: str) -> str:
    """A text inside a sentence; an abbreviation such as ID stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _say_code(catalog: Catalog, thing: Thing, key: str, code: str) -> Label:
    role, _, name = key.partition(".")
    kind = "person" if role == HOLDER else thing.roles[role].kind
    fact = catalog.facts[f"{kind}.{name}"]
    known = catalog.code_sets.get(fact.code_set or "", {}) if fact.type is FactType.CODE else {}
    return known.get(code, Label(code or "空", code or "empty"))
