"""A draft as a screen needs it: the one form with its sources, materials, consent and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from onething.domain.assurance import REAL_NAME
from onething.domain.catalog import Fact, Label
from onething.domain.conditions import without_index
from onething.domain.masking import mask_id_number, mask_name
from onething.domain.merging import TYPED_BY, typed_where
from onething.domain.plan import Asked
from onething.domain.plan_deciding import deciding_facts
from onething.domain.plan_sources import CARD, E_LICENCES
from onething.domain.same_event import applied_as
from onething.domain.situation import Right, base_of, instances_of
from onething.domain.values import Origin, Replaced, Value
from onething.services.assured import step_up_json
from onething.services.consented import find_answer, list_documents_instead, list_may_give
from onething.services.desk import Desk
from onething.services.display import display_of
from onething.services.materials_view import materials_of
from onething.services.matters_view import conflicts_of, matters_of, promise_of
from onething.services.questions_view import declared, questions_of
from onething.services.wording import (
    ASK_WHY,
    AUTHORISE_WHY,
    COMPUTED,
    E_LICENCE_SERVICE,
    KEEP_WHICH,
    MUST_AGREE,
    NOT_ON_CARD,
    NOT_PROVEN,
    REAL_NAME_PROOF,
    SAID_NO,
    TYPED_ON,
    both,
    for_matters,
    numbered,
)

SIGNATURE = "signature"


def view_of(desk: Desk, *, resumed: bool = False) -> dict[str, Any]:
    """The whole draft view of the kiosk's contract (docs/openapi/kiosk.json, DraftView)."""
    sections = list(_sections(desk))
    fields = [field for section in sections for field in section["fields"]]
    materials = materials_of(desk)
    consent = _consent(desk)
    authorisations = list(_authorisations(desk))
    missing = [
        *_missing_before_form(consent, authorisations),
        *_missing_in_form(desk, fields, materials),
    ]
    return {
        "id": desk.draft.id,
        "thing": {"code": desk.thing.code, **both(desk.thing.label)},
        "revision": desk.draft.revision,
        "resumed": resumed,
        "version": desk.draft.version,
        "replanned": [both(change) for change in desk.replanned],
        "replaced": list(_replaced(desk)),
        "matters": matters_of(desk.catalog, desk.thing, desk.plan),
        "conflicts": conflicts_of(desk.plan),
        "counter_only": [both(reason) for reason in desk.plan.counter_only],
        "questions": questions_of(desk.catalog, desk.thing, {k: v.value for k, v in desk.values.items()}),
        "holder": _holder(desk),
        "consent": consent,
        "authorisations": authorisations,
        "form": {
            "sections": sections,
            "repeats": list(_repeats(desk)),
            "filled": sum(field["source"] is not None for field in fields),
            "to_type": sum(field["state"] not in ("found", "card", "computed") for field in fields),
            "unavailable": sum(field["state"] == "unavailable" for field in fields),
        },
        "materials": materials,
        "signature": any(file.material == SIGNATURE for file in desk.files),
        "ready": not missing,
        "missing": missing,
        "promise": promise_of(desk.plan),
        "step_up": step_up_json(desk.thing, desk.plan, desk.standing),
    }


def _replaced(desk: Desk) -> Iterable[dict[str, Any]]:
    """What two devices have typed into one field: the one that stands first, then what it replaced."""
    for key, value in desk.values.items():
        if not value.replaced:
            continue
        fact = desk.catalog.get_fact(desk.thing, key)
        stands = Replaced(value.value, *typed_where(desk.draft.progress.get(TYPED_BY, {}), key))
        typed = (stands, *value.replaced)
        texts = [display_of(desk.catalog, fact, each.value) for each in typed]
        asked = {"zh": KEEP_WHICH.zh.format(there=texts[1].zh), "en": KEEP_WHICH.en.format(there=texts[1].en)}
        yield {
            **{name: declared(desk.catalog, desk.thing, key)[name] for name in _NAMED},
            "question_zh": asked["zh"],
            "question_en": asked["en"],
            "values": [
                {"keep": place, **both(text), **_typed_where(typed[place])}
                for place, text in enumerate(texts)
            ],
        }


def _typed_where(one: Replaced) -> dict[str, str | None]:
    """Where a value was typed, and when, as far as that was noted."""
    place = TYPED_ON.get(one.channel or "", Label("", ""))
    return {"typed_on_zh": place.zh, "typed_on_en": place.en, "typed_at": one.at}


_NAMED = ("fact", "zh", "en", "about_zh", "about_en")


def _holder(desk: Desk) -> dict[str, str]:
    role = desk.plan.holder
    name, number = (desk.values.get(f"{role}.{fact}") for fact in ("name", "id_number"))
    return {
        "role": role,
        "masked_name": mask_name(str(name.value)) if name else "",
        "masked_id_number": mask_id_number(str(number.value)) if number else "",
    }


def _sections(desk: Desk) -> Iterable[dict[str, Any]]:
    asked = {each.fact: each for each in desk.plan.ask}
    by_role: dict[str, list[dict[str, Any]]] = {}
    for key in (*desk.plan.form, *_answered_decisions(desk)):
        by_role.setdefault(key.partition(".")[0], []).append(_field(desk, key, asked.get(key)))
    for role, fields in by_role.items():
        label = numbered(desk.thing.role_of(f"{role}.").label, role)
        yield {"role": role, **both(label), "fields": fields}


def _answered_decisions(desk: Desk) -> Iterable[str]:
    """What the person answered because something hung on it: it stays theirs to change."""
    deciding = deciding_facts(desk.catalog, desk.thing)
    on_form = set(desk.plan.form)
    for key, value in desk.values.items():
        if value.origin is Origin.TYPED and key not in on_form and without_index(key) in deciding:
            yield key


def _repeats(desk: Desk) -> Iterable[dict[str, Any]]:
    """Roles that stand for several people: how many there are now, and may be."""
    for role in desk.thing.roles.values():
        if role.repeats is not None and any(
            base_of(key.partition(".")[0]) == role.id for key in desk.plan.form
        ):
            count = len(instances_of(desk.thing, role.id, desk.draft.progress.get("counts", {})))
            yield {
                "role": role.id,
                **both(role.label),
                "count": count,
                "least": role.repeats.least,
                "most": role.repeats.most,
            }


def _field(desk: Desk, key: str, asked: Asked | None) -> dict[str, Any]:
    fact = desk.catalog.get_fact(desk.thing, key)
    value = desk.values.get(key) or _computed(desk, key) or _default(desk, key)
    matters = desk.plan.wanted_by.get(key, ())
    return {
        **declared(desk.catalog, desk.thing, key),
        "required": asked.required if asked else True,
        "state": _state(value, asked),
        "value": None if value is None else value.value,
        **_display(desk, fact, value),
        "editable": value is None or not value.is_proven,
        "source": _source(desk, value, asked),
        "matters": list(matters),
        **_why(desk, asked, matters),
        "error": None,
    }


def _computed(desk: Desk, key: str) -> Value | None:
    value = desk.plan.computed.get(key)
    return None if value is None else Value(value, Origin.COMPUTED)


def _default(desk: Desk, key: str) -> Value | None:
    default = next((q.default for q in desk.thing.questions if q.fact == key), None)
    return None if default is None else Value(default, Origin.TYPED)


_STATES = {
    Origin.CARD: "card",
    Origin.IDENTITY: "found",
    Origin.REGISTER: "found",
    Origin.E_LICENCE: "found",
    Origin.EARLIER_CASE: "found",
    Origin.COMPUTED: "computed",
    Origin.TYPED: "typed",
}


def _state(value: Value | None, asked: Asked | None) -> str:
    """Empty is never unreachable: each way of having no value has its own word."""
    if value is not None:
        return "disputed" if value.disputed is not None else _STATES[value.origin]
    if asked is None:
        return "fetching"
    if asked.why == "not_agreed":
        return "unavailable"
    return asked.why if asked.why in ("not_held", "unavailable", "refused") else "needed"


def _source(desk: Desk, value: Value | None, asked: Asked | None) -> dict[str, Any] | None:
    if value is not None and value.origin is Origin.COMPUTED:
        return _source_json("computed", COMPUTED, COMPUTED, None)
    source = value.source if value else (asked.source if asked else None)
    if source is None:
        return None
    label, department = source_labels(desk, source)
    return _source_json(source, label, department, value.as_of if value else None)


def source_labels(desk: Desk, source: str) -> tuple[Label, Label]:
    """What a source is called, and who keeps it."""
    declared = desk.catalog.sources.get(source)
    if source == REAL_NAME or (source == CARD and not _has_card(desk)):
        return REAL_NAME_PROOF, REAL_NAME_PROOF
    if declared is None:
        return E_LICENCE_SERVICE, E_LICENCE_SERVICE
    return declared.label, desk.catalog.departments[declared.department].label


def _has_card(desk: Desk) -> bool:
    """Whether the holder put a card on a reader; on a phone, or by its code at a kiosk, there is none."""
    number = desk.values.get(f"{desk.plan.holder}.id_number")
    return number is None or number.origin is not Origin.IDENTITY


def _source_json(source: str, label: Label, department: Label, as_of: str | None) -> dict[str, Any]:
    return {
        "id": source,
        **both(label),
        "department_zh": department.zh,
        "department_en": department.en,
        "as_of": as_of,
    }


def _display(desk: Desk, fact: Fact, value: Value | None) -> dict[str, str]:
    if value is None:
        return {"display_zh": "", "display_en": ""}
    text = display_of(desk.catalog, fact, value.value)
    return {"display_zh": text.zh, "display_en": text.en}


def _why(desk: Desk, asked: Asked | None, matters: Iterable[str]) -> dict[str, str]:
    used = for_matters([desk.thing.matters[code].label for code in matters])
    if asked is None:
        return {"why_zh": used.zh, "why_en": used.en}
    said = ASK_WHY[asked.why]
    if asked.source == CARD and asked.why == "not_held":
        said = NOT_ON_CARD if _has_card(desk) else NOT_PROVEN
    name = source_labels(desk, asked.source)[0] if asked.source else Label("", "")
    return {
        "why_zh": f"{said.zh.format(source=name.zh)}{used.zh}",
        "why_en": f"{said.en.format(source=name.en)} {used.en}".strip(),
    }


def _consent(desk: Desk) -> dict[str, Any]:
    """The sources that will be asked, each with what it gives and about whom; the card is none."""
    agreed = desk.draft.progress.get("consent", {})
    listed: dict[str, dict[str, Any]] = {}
    for wave in desk.plan.fetch:
        for call in wave:
            if call.source == CARD:
                continue
            answer = find_answer(desk, call.source)
            entry = listed.setdefault(call.source, _source_entry(desk, call.source, answer))
            entry["about"].append(numbered(desk.thing.role_of(f"{call.about}.").label, call.about))
            gives = [desk.catalog.get_fact(desk.thing, key).label for key in list_may_give(desk, call)]
            documents = [call.document] if call.document else []
            if call.source == E_LICENCES:
                documents += [document for _, document in list_documents_instead(desk)]
            gives += [desk.catalog.documents[document].label for document in documents]
            entry["facts"] = _each_once([*entry["facts"], *map(both, gives)])
    for entry in listed.values():
        about = dict.fromkeys(entry.pop("about"))
        entry["about_zh"] = "、".join(label.zh for label in about)
        entry["about_en"] = ", ".join(label.en for label in about)
    needed = any(entry["asked"] is None for entry in listed.values())
    for source, answer in agreed.items():
        if source not in listed:
            entry = _source_entry(desk, source, answer)
            listed[source] = {**entry, "about_zh": "", "about_en": ""}
            del listed[source]["about"]
    return {"needed": needed, "sources": list(listed.values())}


def _each_once(named: list[dict[str, str]]) -> list[dict[str, str]]:
    return [each for place, each in enumerate(named) if each not in named[:place]]


def _source_entry(desk: Desk, source: str, answer: bool | None) -> dict[str, Any]:
    label, department = source_labels(desk, source)
    entry = _source_json(source, label, department, None)
    return {**entry, "facts": [], "about": [], "asked": answer}


def _authorisations(desk: Desk) -> Iterable[dict[str, str]]:
    """The people whose own card must be on the reader before anything is asked about them."""
    rights = desk.draft.progress.get("rights", {})
    asked = (*desk.plan.authorisations, *desk.draft.progress.get("said_no", ()))
    everyone = dict.fromkeys((*asked, *rights))
    said_no = desk.draft.progress.get("said_no", ())
    for role in (each for each in everyone if "card" in desk.thing.roles[base_of(each)].right):
        label = numbered(desk.thing.roles[base_of(role)].label, role)
        why = _refused_why(desk, role) if role in said_no else AUTHORISE_WHY
        yield {
            "role": role,
            **both(label),
            "state": rights.get(role, Right.OPEN.value),
            "why_zh": why.zh.format(role=label.zh),
            "why_en": why.en.format(role=label.en),
        }


def _refused_why(desk: Desk, role: str) -> Label:
    return MUST_AGREE if desk.thing.roles[base_of(role)].invitation.signs else SAID_NO


def _missing_before_form(
    consent: dict[str, Any], authorisations: list[dict[str, str]]
) -> Iterable[dict[str, str]]:
    if consent["needed"]:
        yield {"kind": "consent", "id": "consent", "zh": "同意查询共享数据", "en": "Agree to the use of data"}
    for each in authorisations:
        if each["state"] == Right.OPEN.value:
            zh, en = f"{each['zh']}授权或不授权", f"Authorisation by the {each['en']}, or going on without"
            yield {"kind": "authorisation", "id": each["role"], "zh": zh, "en": en}


def _missing_in_form(
    desk: Desk, fields: list[dict[str, Any]], materials: list[dict[str, Any]]
) -> Iterable[dict[str, str]]:
    for field in fields:
        if field["required"] and field["value"] is None:
            yield {"kind": "fact", "id": field["fact"], "zh": field["zh"], "en": field["en"]}
    for material in materials:
        if material["required"] and material["state"] in ("to_submit", "to_check"):
            yield {"kind": "material", "id": material["id"], "zh": material["zh"], "en": material["en"]}
    for conflict in desk.plan.conflicts:
        yield {"kind": "conflict", "id": conflict.reason, **both(conflict.text)}
    for reason in () if desk.at_counter else desk.plan.counter_only:
        yield {"kind": "conflict", "id": "counter_only", **both(reason)}
    if there := desk.find_own_case():
        yield {"kind": "conflict", "id": "already_applied", **both(applied_as(there))}
    if not any(file.material == SIGNATURE for file in desk.files):
        yield {"kind": "signature", "id": SIGNATURE, "zh": "签名", "en": "Signature"}
