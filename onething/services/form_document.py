"""The content of the filled form: every value with its source mark, materials, matters, signature."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from onething.domain.catalog import Catalog, Thing
from onething.domain.form_content import (
    FormContent,
    FormField,
    FormMaterial,
    FormMatter,
    FormSection,
    FormSignature,
)
from onething.domain.plan_sources import CARD
from onething.domain.records import Case, StoredFile
from onething.domain.situation import base_of
from onething.domain.values import Origin, Value
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports
from onething.services.display import display_of
from onething.services.materials_view import why_of
from onething.services.matters_view import limit_text
from onething.services.papers import paper_address
from onething.services.plan_reading import planned_materials
from onething.services.wording import DECLARATION, MATERIAL_HOW, numbered

_ORIGIN = {
    Origin.TYPED: "本人填写",
    Origin.COMPUTED: "系统计算",
    Origin.CARD: "身份证读卡",
    Origin.IDENTITY: "省统一身份认证",
}


def form_document(
    ports: Ports, case: Case, values: Mapping[str, Value], files: Iterable[StoredFile]
) -> FormContent:
    """The one form of a case, complete and unmasked: it goes to the person it is about."""
    catalog = ports.catalogs.get(case.revision)
    thing = catalog.get_thing(case.thing)
    files = list(files)
    signature = next((file for file in files if file.material == "signature"), None)
    holder = values.get(f"{case.plan['holder']}.name")
    return FormContent(
        title_zh=f"{thing.label.zh}一件事申请表",
        title_en=f"Application form: {thing.label.en}",
        case_number=case.number,
        submitted_at=case.submitted_at.astimezone(SHANGHAI),
        revision=case.revision,
        sections=tuple(_sections(catalog, thing, case, values)),
        materials=tuple(_materials(catalog, thing, case, files)),
        matters=tuple(_matters(catalog, thing, case)),
        declaration_zh=DECLARATION.zh,
        declaration_en=DECLARATION.en,
        applicant_name=str(holder.value) if holder else "",
        signature_png=ports.files.get(signature.id) if signature else None,
        others=tuple(_others(ports, thing, values, files)),
        agent_zh=_agent(ports, case),
        verify_qr=paper_address(ports, case.number),
    )


def _agent(ports: Ports, case: Case) -> str:
    """Who handed it in on the applicant's behalf, and by which mandate; empty for the applicant themself."""
    with ports.records.read() as uow:
        first = next(iter(uow.cases.list_events(case.id)), None)
        mandate = uow.mandates.find(first.data.get("mandate", "")) if first else None
    if mandate is None or "agent" not in mandate.people:
        return ""
    made = mandate.made_at.astimezone(SHANGHAI).date().isoformat()
    return f"由受托人{mandate.people['agent']['name']}代为签名和提交（委托编号 {mandate.id[:8]}，{made}）"


def _others(
    ports: Ports, thing: Thing, values: Mapping[str, Value], files: Iterable[StoredFile]
) -> Iterable[FormSignature]:
    """The signatures that invited people gave on their own phones."""
    for file in files:
        place, _, role = file.material.partition(":")
        if place == "signature" and base_of(role) in thing.roles:
            label = numbered(thing.roles[base_of(role)].label, role)
            name = values.get(f"{role}.name")
            yield FormSignature(label.zh, label.en, str(name.value) if name else "", ports.files.get(file.id))


def _sections(
    catalog: Catalog, thing: Thing, case: Case, values: Mapping[str, Value]
) -> Iterable[FormSection]:
    by_role: dict[str, list[FormField]] = {}
    for key in case.plan["form"]:
        if key in values:
            by_role.setdefault(key.partition(".")[0], []).append(_field(catalog, thing, key, values[key]))
    for role, fields in by_role.items():
        label = numbered(thing.role_of(f"{role}.").label, role)
        yield FormSection(label.zh, label.en, tuple(fields))


def _field(catalog: Catalog, thing: Thing, key: str, value: Value) -> FormField:
    fact = catalog.get_fact(thing, key)
    text = display_of(catalog, fact, value.value, masked=False)
    return FormField(fact.label.zh, fact.label.en, text.zh, _source(catalog, value), value.as_of or "")


def _source(catalog: Catalog, value: Value) -> str:
    source = catalog.sources.get(value.source or "")
    if value.disputed is not None:
        return f"本人更正（{source.label.zh if source else ''}有误）"
    if source is None or value.source == CARD:
        return _ORIGIN.get(value.origin, "")
    return f"{catalog.departments[source.department].label.zh} {source.label.zh}"


def _materials(
    catalog: Catalog, thing: Thing, case: Case, files: Iterable[StoredFile]
) -> Iterable[FormMaterial]:
    counts: dict[str, int] = {}
    for file in files:
        counts[file.material] = counts.get(file.material, 0) + 1
    for planned in planned_materials(case.plan):
        label = thing.materials[planned.material].label
        how = MATERIAL_HOW[planned.how]
        why = why_of(catalog, thing, planned)
        yield FormMaterial(label.zh, how.zh, why.zh, counts.get(planned.material, 0), label.en)


def _matters(catalog: Catalog, thing: Thing, case: Case) -> Iterable[FormMatter]:
    for part in case.parts:
        matter = thing.matters[part.matter]
        department = catalog.departments[part.department].label
        yield FormMatter(matter.label.zh, department.zh, limit_text(matter.promised)[0], matter.label.en)
