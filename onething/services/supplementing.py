"""What the citizen brings after submission: the supplement that was asked, and papers that may follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from onething.domain.actors import Actor
from onething.domain.cases import CaseState, EventKind
from onething.domain.catalog import Label
from onething.domain.errors import BadFields, FieldError, NotFound, Refusal, TooManyPages
from onething.domain.records import Job, StoredFile
from onething.domain.values import BadValue, Origin, Value, read_value
from onething.ports import CleanPage, Once, Ports
from onething.services.accepting import begin_answer_again
from onething.services.casework import CaseAct, on_case
from onething.services.photographs import take_pages

SUPPLEMENT = "deliver_supplement"
MOST_PAGES = 20


class NotAsked(Refusal):
    """This was not asked for, or not any more."""

    reason = "not_asked"
    status_hint = "conflict"
    text = Label("目前没有需要您补交的内容", "Nothing is asked of you at the moment")


class SupplementMissing(Refusal):
    """Something that was asked for is not there yet."""

    reason = "supplement_missing"
    status_hint = "conflict"
    text = Label("还有内容没有补齐", "Something that was asked for is still missing")


def attach_page(
    ports: Ports,
    actor: Actor,
    number: str,
    material: str,
    data: bytes,
    once: Once | None = None,
    *,
    photograph: bool = False,
) -> list[dict[str, Any]]:
    """Clean and keep pages of a material that was asked for or may follow; raises ``ports.PaperRefused``.

    The pages are cleaned and stored before the transaction; ``once`` keeps a retry from adding them again.
    """
    kept = [(ports.chance.id(), page) for page in take_pages(ports, data, photograph=photograph)]
    for file_id, page in kept:
        ports.files.put(file_id, page.data)
    try:
        answer = _attach(ports, actor, number, material, kept, once)
    except Exception:
        remove_bytes(ports, [file_id for file_id, _ in kept])
        raise
    pages: list[dict[str, Any]] = answer["pages"]
    if [each["id"] for each in pages] != [file_id for file_id, _ in kept]:  # a retry: the first try's stay
        remove_bytes(ports, [file_id for file_id, _ in kept])
    return pages


def _attach(
    ports: Ports,
    actor: Actor,
    number: str,
    material: str,
    kept: Sequence[tuple[str, CleanPage]],
    once: Once | None,
) -> dict[str, Any]:
    def act_on(act: CaseAct) -> dict[str, Any]:
        if material not in _awaited(act):
            raise NotAsked
        held = [file for file in act.uow.files.list_of(act.case.id) if file.material == material]
        if len(held) + len(kept) > MOST_PAGES:
            raise TooManyPages
        for file_id, page in kept:
            act.uow.files.add(
                StoredFile(
                    file_id,
                    act.case.id,
                    material,
                    page.sha256,
                    page.media_type,
                    len(page.data),
                    page.width,
                    page.height,
                    act.now,
                )
            )
        return {"pages": [{"id": file_id, "material": material} for file_id, _ in kept]}

    return on_case(ports, number, actor, "supplement_page_added", act_on, once=once)


def must_await(ports: Ports, actor: Actor, number: str, material: str) -> None:
    """Raises ``NotFound`` for another's case, and ``NotAsked`` unless it waits for the material."""

    def act_on(act: CaseAct) -> None:
        if material not in _awaited(act):
            raise NotAsked

    on_case(ports, number, actor, "upload_begun", act_on)


def remove_bytes(ports: Ports, files: Sequence[str]) -> None:
    """Take the bytes of pages away that have no row."""
    for file in files:
        ports.files.remove(file)


def _awaited(act: CaseAct) -> set[str]:
    asked = {want["material"] for each in act.view.asked for want in each.wants if want.get("material")}
    return asked | set(act.view.follow)


def give_supplement(
    ports: Ports,
    actor: Actor,
    number: str,
    *,
    facts: Mapping[str, Any] | None = None,
    once: Once | None = None,
) -> dict[str, Any]:
    """Hand in all that was asked; the clocks run on and the departments that asked are told.

    ``facts`` are corrected values by ``role.fact``, only those that were asked for.
    """

    def act_on(act: CaseAct) -> dict[str, Any]:
        if not act.view.asked:
            raise NotAsked
        given = _given(act, facts or {})
        parts = [each.part for each in act.view.asked if each.part]
        before = act.view.state
        act.move(EventKind.SUPPLEMENT_GIVEN, materials=given)
        if before is CaseState.SUPPLEMENT:
            begin_answer_again(act)
        for part in parts:
            pause = act.view.parts[part].pause
            if pause is not None and pause.cause == "supplement":
                act.move(EventKind.PART_RESUMED, part)
            if act.view.state is CaseState.ACCEPTED:
                act.uow.jobs.add(_told(act, part, given))
        return {"given": given}

    return on_case(ports, number, actor, "supplement_given", act_on, once=once)


def _given(act: CaseAct, facts: Mapping[str, Any]) -> list[str]:
    wants = [want for each in act.view.asked for want in each.wants]
    pages = {file.material for file in act.uow.files.list_of(act.case.id)}
    wanted_facts = {want["fact"] for want in wants if want.get("fact")}
    missing = [want for want in wants if want.get("material") and want["material"] not in pages]
    missing += [want for want in wants if want.get("fact") and want["fact"] not in facts]
    if missing:
        raise SupplementMissing(
            fields=[
                FieldError(
                    want.get("material") or want["fact"],
                    "missing",
                    Label(want["zh"], want.get("en") or want["zh"]),
                )
                for want in missing
            ]
        )
    _keep(act, {key: value for key, value in facts.items() if key in wanted_facts})
    return sorted({want["material"] for want in wants if want.get("material")})


def _keep(act: CaseAct, facts: Mapping[str, Any]) -> None:
    if not facts:
        return
    values = {role: dict(kept) for role, kept in act.uow.cases.get_values(act.case.id).items()}
    changed: dict[str, dict[str, Any]] = {}
    for key, raw in facts.items():
        try:
            value = read_value(act.catalog, act.catalog.get_fact(act.thing, key), raw)
        except BadValue as bad:
            raise BadFields(fields=[FieldError(key, bad.reason, bad.text)]) from None
        role, _, fact = key.partition(".")
        changed.setdefault(role, values.get(role, {}))[fact] = Value(value, Origin.TYPED).to_json()
    act.uow.cases.save_values(act.case.id, changed)


def give_following(
    ports: Ports, actor: Actor, number: str, material: str, *, once: Once | None = None
) -> dict[str, Any]:
    """Hand in a paper that was allowed to follow the acceptance."""

    def act_on(act: CaseAct) -> dict[str, Any]:
        if material not in act.view.follow:
            raise NotAsked
        if all(file.material != material for file in act.uow.files.list_of(act.case.id)):
            raise SupplementMissing
        act.move(EventKind.FOLLOW_GIVEN, material=material)
        for planned in act.case.plan["matters"]:
            if material in planned["materials"] and planned["chosen"]:
                act.uow.jobs.add(_told(act, act.part_of(planned["code"]).id, [material]))
        return {"given": [material]}

    return on_case(ports, number, actor, "follow_given", act_on, once=once)


def _told(act: CaseAct, part: str, materials: Sequence[str]) -> Job:
    payload = {"case": act.case.id, "part": part, "materials": list(materials)}
    return Job(act.ports.chance.id(), SUPPLEMENT, payload, act.now)


def find_page(ports: Ports, actor: Actor, number: str, file_id: str) -> tuple[bytes, str]:
    """One page that came after submission, and its media type; raises ``NotFound``."""

    def act_on(act: CaseAct) -> StoredFile:
        file = next((each for each in act.uow.files.list_of(act.case.id) if each.id == file_id), None)
        if file is None:
            raise NotFound
        return file

    file = on_case(ports, number, actor, "page_read", act_on)
    return ports.files.get(file.id), file.media_type
