"""Each matter's working procedure (工作规程): who does what by when, made from one catalog revision; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from onething.domain.catalog import Catalog, Label, Material, MaterialNeed, Matter, Mode, Thing
from onething.domain.flow import FlowEdge, edges_of
from onething.domain.guide_words import say_condition, say_fact
from onething.domain.oversight import ON_COMMITMENT
from onething.domain.procedure_words import (
    ACT,
    AT_ONCE,
    INTAKE,
    MAY,
    MODE,
    MUST,
    NECESSITY,
    SOMETIMES,
    SYSTEM,
    TOLERANCE,
    VISIT,
    WINDOW,
    join,
    quoted,
    say_exemption,
    say_fee,
    say_promised,
    say_statutory,
    say_way,
)

ANSWER_WITHIN_DAYS = 5  # working days, Administrative Licensing Law article 32


@dataclass(frozen=True)
class Step:
    """One step: what it is called, who does what, and within what time."""

    name: Label
    by: Label
    does: Label
    limit: Label | None = None


@dataclass(frozen=True)
class Rule:
    """What holds in one situation."""

    name: Label
    text: Label


@dataclass(frozen=True)
class MaterialRule:
    """One material as a clerk needs it: how it may be met, what it is accepted by, who wants it.

    ``why`` is the reason for which nothing need be handed in, or for which it must be;
    ``tolerance`` says what to do while it is missing, where it may follow.
    """

    id: str
    label: Label
    of: Label
    necessity: Label
    when: Label | None
    ways: tuple[Label, ...]
    why: Label
    points: tuple[Label, ...]
    tolerance: Label | None
    wanted_by: tuple[Label, ...]


@dataclass(frozen=True)
class Procedure:
    """One matter's working procedure, in sentences."""

    thing: str
    thing_label: Label
    code: str
    label: Label
    department: Label
    lead: Label
    act: Label
    mode: Label
    choosing: Label
    when: Label | None
    promised: Label | None
    statutory: Label | None
    outside_promise: Label | None
    fee: Label
    result: Label | None
    legal_basis: tuple[str, ...]
    facts: tuple[Rule, ...]
    materials: tuple[MaterialRule, ...]
    waits_for: tuple[Rule, ...]
    steps: tuple[Step, ...]
    exceptions: tuple[Rule, ...]
    afterwards: tuple[Label, ...]


def procedure_of(
    catalog: Catalog, thing: Thing, matter: Matter, answer_within_days: int = ANSWER_WITHIN_DAYS
) -> Procedure:
    """The working procedure of one matter; ``answer_within_days`` are the working days of acceptance."""
    edges = edges_of(catalog, thing)
    before = [edge for edge in edges if edge.after == matter.code]
    return Procedure(
        thing=thing.code,
        thing_label=thing.label,
        code=matter.code,
        label=matter.label,
        department=catalog.departments[matter.department].label,
        lead=catalog.departments[thing.lead].label,
        act=ACT[matter.act],
        mode=MODE[matter.mode],
        choosing=_choosing(thing, matter),
        when=_when(catalog, thing, matter.when),
        promised=say_promised(matter.promised),
        statutory=say_statutory(matter),
        outside_promise=matter.outside_promise,
        fee=say_fee(matter.fee),
        result=matter.result,
        legal_basis=matter.legal_basis,
        facts=tuple(_facts(catalog, thing, matter)),
        materials=tuple(
            material_rule(catalog, thing, thing.materials[need.material], need.when) for need in _once(matter)
        ),
        waits_for=tuple(Rule(thing.matters[edge.before].label, _waits_why(edge)) for edge in before),
        steps=tuple(_steps(catalog, thing, matter, before, answer_within_days)),
        exceptions=tuple(_exceptions(thing, matter, edges, answer_within_days)),
        afterwards=tuple(_afterwards(catalog, matter)),
    )


def material_rule(
    catalog: Catalog, thing: Thing, material: Material, need_when: str | None = None
) -> MaterialRule:
    """What a clerk must know of one material; ``need_when`` is the condition of the matter that needs it."""
    wanting = [
        matter.label
        for matter in thing.matters.values()
        if material.id in {need.material for need in matter.materials}
    ]
    return MaterialRule(
        id=material.id,
        label=material.label,
        of=thing.roles[material.of].label,
        necessity=NECESSITY[material.necessity],
        when=_when(catalog, thing, material.when, need_when),
        ways=tuple(say_way(catalog, material, way) for way in material.met_by),
        why=say_exemption(thing, material),
        points=material.points,
        tolerance=TOLERANCE if material.necessity == "3" else None,
        wanted_by=tuple(wanting),
    )


def _once(matter: Matter) -> Iterable[MaterialNeed]:
    return {need.material: need for need in matter.materials}.values()


def _when(catalog: Catalog, thing: Thing, *conditions: str | None) -> Label | None:
    """Conditions in words; one that is too involved for words is at least not left out."""
    written = [each for each in dict.fromkeys(conditions) if each is not None]
    said = [say_condition(catalog, thing, each) or SOMETIMES for each in written]
    return join(said, Label("，且", ", and ")) if said else None


def _choosing(thing: Thing, matter: Matter) -> Label:
    if matter.group is not None:
        group = thing.groups[matter.group].label
        return Label(f"“{group.zh}”选一项", f"One of: {group.en}")
    return MAY if matter.optional else MUST


def _facts(catalog: Catalog, thing: Thing, matter: Matter) -> Iterable[Rule]:
    """What the form tells this matter, person by person."""
    told: dict[Label, list[Label]] = {}
    for key in dict.fromkeys(need.fact for need in matter.facts):
        told.setdefault(thing.role_of(key).label, []).append(catalog.get_fact(thing, key).label)
    for role, facts in told.items():
        yield Rule(role, join(facts, Label("、", ", ")))


def _waits_why(edge: FlowEdge) -> Label:
    if edge.kind == "data":
        return Label(f"需要其产生的{edge.why.zh}", f"needs from it: {edge.why.en}")
    return edge.why


def _steps(
    catalog: Catalog, thing: Thing, matter: Matter, before: list[FlowEdge], answer_within_days: int
) -> Iterable[Step]:
    department = catalog.departments[matter.department].label
    yield Step(
        Label("收件", "Receive"),
        INTAKE,
        Label(
            "对照受理要点核对申请表和材料；政府部门已有的不要求提交，当场能改正的当场改正",
            "Check form and papers against the points; ask for nothing that government holds",
        ),
        AT_ONCE,
    )
    yield Step(
        Label("受理", "Accept"),
        WINDOW,
        Label(
            "符合要点的受理；不受理的书面写明理由和补救办法；需要补正的汇总各部门意见，一次告知",
            "Accept; or refuse in writing with reason and remedy; or ask once for all that departments want",
        ),
        Label(
            f"{answer_within_days}个工作日内，逾期不答复视为受理",
            f"Within {answer_within_days} working days; no answer counts as accepted",
        ),
    )
    yield Step(Label("派件", "Send out"), SYSTEM, _sending(thing, before), AT_ONCE)
    yield from _joint_visits(catalog, thing, matter)
    yield Step(Label("办理", "Decide"), department, _deciding(matter), say_promised(matter.promised))
    yield Step(Label("回传", "Return"), department, _returning(catalog, thing, matter))
    yield Step(
        Label("出件", "Hand over"),
        WINDOW,
        Label(
            "汇总各部门结果，按申请人选择的方式统一出件，凭办件编号和身份证件领取",
            "Gather all results and hand them over as the applicant chose, against case number and ID card",
        ),
    )


def _sending(thing: Thing, before: list[FlowEdge]) -> Label:
    if not before:
        return Label(
            "受理后派发，只附本事项需要的信息和材料",
            "Sent on acceptance, with the facts and papers this matter needs and no others",
        )
    names = quoted(thing.matters[edge.before].label for edge in before)
    return Label(
        f"同件选办的{names.zh}办结后派发，其结果随件转来，不再要求申请人提供",
        f"Sent once those chosen of {names.en} are done, with their results; nothing is asked again",
    )


def _joint_visits(catalog: Catalog, thing: Thing, matter: Matter) -> Iterable[Step]:
    for visit in thing.joint_visits.values():
        if matter.code not in visit.matters:
            continue
        codes = dict.fromkeys(thing.matters[code].department for code in visit.matters)
        yield Step(
            VISIT[visit.kind],
            join((catalog.departments[code].label for code in codes), Label("、", ", ")),
            Label(
                f"{visit.label.zh}：约定一次，同时到场，各自签署本部门意见",
                f"{visit.label.en}: one appointment, all come together, each signs its own finding",
            ),
        )


_DECIDING = {
    Mode.ONLINE: Label("审查信息和材料，作出决定", "Examine facts and papers, and decide"),
    Mode.IN_PERSON: Label(
        "与申请人约定时间地点，到场一次；审查后作出决定",
        "Agree time and place with the applicant, who comes once; examine and decide",
    ),
    Mode.PROACTIVE: Label("主动办理，不要求申请人另行申请", "Done without any further application"),
    Mode.EXTERNAL: Label("由办理机构办理，结果送回", "Done by the body in charge, the result sent back"),
}


def _deciding(matter: Matter) -> Label:
    if matter.by_commitment:
        return Label(
            "核对告知承诺书，符合条件的当场作出决定",
            "Check the written commitment and decide at once where the conditions hold",
        )
    return _DECIDING[matter.mode]


def _returning(catalog: Catalog, thing: Thing, matter: Matter) -> Label:
    made = [label for key in matter.produces_facts if (label := say_fact(catalog, thing, key))]
    made += [catalog.documents[document].label for document, _ in matter.produces_documents]
    if not made:
        return Label(
            "回传办理结果；不予办理的写明理由和依据",
            "Return the result; a denial with its reason and basis",
        )
    names = join(dict.fromkeys(made), Label("、", ", "))
    return Label(
        f"回传办理结果和{names.zh}，供后续事项使用；不予办理的写明理由和依据",
        f"Return the result with {names.en} for the matters that follow; a denial with reason and basis",
    )


def _exceptions(
    thing: Thing, matter: Matter, edges: list[FlowEdge], answer_within_days: int
) -> Iterable[Rule]:
    yield Rule(
        Label("补正", "Supplement"),
        Label(
            f"需要补正的经综合窗口在{answer_within_days}个工作日内一次告知，补正期间不计入时限",
            f"Asked once, by the window, within {answer_within_days} working days; the clock stands",
        ),
    )
    yield Rule(Label("不予办理", "Denial"), _denying(thing, matter, edges))
    if matter.bound_with:
        names = quoted(thing.matters[code].label for code in matter.bound_with)
        yield Rule(
            Label("合并办理", "Bound together"),
            Label(f"与{names.zh}一并申请、一并办理", f"Applied for and handled with {names.en}"),
        )
    yield Rule(
        Label("暂停", "Pause"),
        Label(
            "听证、检验、检测、鉴定、专家评审所需时间不计入时限，并告知申请人",
            "Hearings, tests, inspections and expert reviews do not count; the applicant is told",
        ),
    )
    yield Rule(
        Label("延长和超期", "Extension and delay"),
        Label(
            "延长须在到期前说明理由并告知申请人；临近到期系统预警，超期督办并向申请人说明",
            "Extended before the end, with a reason; a warning before the end, an order after it",
        ),
    )


def _denying(thing: Thing, matter: Matter, edges: list[FlowEdge]) -> Label:
    zh = "书面说明理由、依据和救济途径；同件其他事项照常办理"
    en = "In writing with reason, basis and remedies; the other matters go on"
    followers = [thing.matters[edge.after].label for edge in edges if edge.before == matter.code]
    if not followers:
        return Label(zh, en)
    names = quoted(followers)
    return Label(f"{zh}，以本事项为前提的{names.zh}停止", f"{en}, save those that rest on it: {names.en}")


def _afterwards(catalog: Catalog, matter: Matter) -> Iterable[Label]:
    if matter.supervised_by is None:
        return
    department = catalog.departments[matter.supervised_by].label
    yield Label(
        f"办结后推送{department.zh}监管，签收后回传检查情况",
        f"Sent after completion to {department.en}, which acknowledges it and returns what its checks find",
    )
    if matter.by_commitment:
        yield ON_COMMITMENT
