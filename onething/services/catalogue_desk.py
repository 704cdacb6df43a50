"""The editor's desk: packs uploaded, compared, seen as citizens would, published, taken back."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from onething.domain.actors import Actor
from onething.domain.catalog import Catalog, Label
from onething.domain.errors import FieldError, NotFound, Refusal
from onething.domain.imprint import Imprint
from onething.domain.needs import NeedState
from onething.domain.records import AuditRow
from onething.ports import Ports, UnitOfWork
from onething.ports.staff import Upload
from onething.services import publishing
from onething.services.publishing import Publication

# The one finding that a named person may answer for.
MAY_BE_OVERRIDDEN = "path_too_long"


class NotPublishable(Refusal):
    """The uploaded pack has mistakes that nobody may override."""

    reason = "pack_has_mistakes"
    text = Label("目录包还有问题，不能发布", "The pack has mistakes and cannot be published")


class OverrideWanted(Refusal):
    """A path is longer than its promise: whoever publishes says why it may be."""

    reason = "override_wanted"
    text = Label(
        "有的一件事最长路径超过承诺时限，发布要写明理由",
        "A one-thing's path is longer than its promise: publishing needs your reason",
    )


class WouldStrandCases(Refusal):
    """Departments that still have open parts are not in the new revision."""

    reason = "would_strand_cases"
    status_hint = "conflict"
    text = Label(
        "新目录里没有的部门还有在办的事项，发布会让它们无人办理",
        "Departments missing from the new revision still have open parts: nobody would handle them",
    )


class AnotherCounty(Refusal):
    """The pack belongs to another division."""

    reason = "another_division"
    text = Label("这是另一个地区的目录包", "This pack belongs to another division")


@dataclass(frozen=True)
class Comparison:
    """An upload beside the current revision: differences in words, and what publishing would need or meet.

    ``overrides`` are one-things whose path is longer than promised; ``stranded`` maps departments that
    would be gone to the number of their open parts.
    """

    upload: Upload
    publication: Publication | None
    overrides: tuple[str, ...]
    stranded: Mapping[str, int]

    @property
    def is_publishable(self) -> bool:
        return self.publication is not None and self.publication.is_new and not self.stranded


class OneCatalog:
    """The port ``Catalogs`` over a catalog that is not published: for looking at it as citizens would."""

    def __init__(self, catalog: Catalog, imprint: Imprint) -> None:
        self._catalog = catalog
        self._imprint = imprint

    def current(self) -> tuple[int, Catalog]:
        return self._imprint.number, self._catalog

    def get(self, revision: int) -> Catalog:  # noqa: ARG002
        return self._catalog

    def imprint(self, revision: int) -> Imprint:  # noqa: ARG002
        return self._imprint


def take_upload(ports: Ports, by: Actor, name: str, files: Mapping[str, bytes]) -> Upload:
    """Keep a pack for looking at: its plain data when it can be read, and every problem by file and line.

    ``files`` is one zip, or a pack's YAML files by name. Raises ``PackRefused``.
    """
    only = next(iter(files.values())) if len(files) == 1 else b""
    if only.startswith(b"PK"):
        files = ports.pack_reader.unpack(only)
    read = ports.pack_reader.read_files(files)
    upload = Upload(
        id=ports.chance.id(),
        name=name[:120],
        digest=publishing.digest_of(read.data) if read.data is not None else "",
        data=read.data,
        problems=read.problems[:500],
        uploaded_by=by.id,
        uploaded_at=ports.clock.now(),
    )
    detail = {"upload": upload.id, "problems": len(read.problems)}
    with ports.records.act() as uow:
        uow.catalog_desk.add(upload)
        uow.audit.add(
            AuditRow(upload.uploaded_at, by.id, by.kind, "pack_uploaded", "catalogue", detail=detail)
        )
    return upload


def list_uploads(ports: Ports) -> Sequence[Upload]:
    """The newest twenty, without their data."""
    with ports.records.read() as uow:
        return uow.catalog_desk.list_recent()


def list_revisions(ports: Ports, before: int | None, limit: int) -> Sequence[Mapping[str, Any]]:
    """Published revisions, newest first."""
    with ports.records.read() as uow:
        return uow.catalog_desk.list_revisions(before, limit)


def compare(ports: Ports, upload_id: str) -> Comparison:
    """What publishing an upload would change, need and meet; raises ``NotFound``."""
    upload = _get(ports, upload_id)
    overrides = overrides_of(upload)
    if upload.data is None or _grave(upload):
        return Comparison(upload, None, (), {})
    data = _answered_for(upload.data, dict.fromkeys(overrides, "?"), "?")
    catalog = ports.pack_reader.to_catalog(data)
    publication = publishing.preview(ports.records, data, ports.pack_reader.to_catalog)
    with ports.records.read() as uow:
        stranded = _stranded(uow, catalog)
    return Comparison(upload, publication, overrides, stranded)


def overrides_of(upload: Upload) -> tuple[str, ...]:
    """The one-things of an upload whose path is longer than promised."""
    found = (each for each in upload.problems if each["reason"] == MAY_BE_OVERRIDDEN)
    return tuple(dict.fromkeys(str(each["place"]).split(".")[1] for each in found))


def publish(ports: Ports, by: Actor, name: str, upload_id: str, reasons: Mapping[str, str]) -> Publication:
    """Publish an upload under the publisher's ``name``; ``reasons`` answer for paths longer than promised.

    Raises ``NotPublishable``, ``OverrideWanted``, ``WouldStrandCases``, ``AnotherCounty`` and
    ``PublishedMeanwhile``. Running cases keep the revision they were submitted under.
    """
    upload = _get(ports, upload_id)
    if upload.data is None or _grave(upload):
        raise NotPublishable
    overrides = overrides_of(upload)
    missing = [thing for thing in overrides if not reasons.get(thing, "").strip()]
    if missing:
        wanted = Label("必填", "Required")
        raise OverrideWanted(fields=[FieldError(f"reason-{thing}", "required", wanted) for thing in missing])
    data = _answered_for(upload.data, {thing: reasons[thing].strip() for thing in overrides}, name)
    return _publish(ports, by, name, data, upload_id)


def roll_back(ports: Ports, by: Actor, name: str, number: int) -> Publication:
    """Publish an older revision again, as a new one; today's rules hold for it too.

    Raises ``NotFound``, ``PackRefused``, ``CatalogNotSound``, ``WouldStrandCases`` and
    ``PublishedMeanwhile``.
    """
    with ports.records.read() as uow:
        current = uow.revisions.find_current()
        if current is None or not 0 < number <= current.number:
            raise NotFound
        older = uow.revisions.get(number)
    return _publish(ports, by, name, older.data, None)


def as_published(ports: Ports, upload_id: str) -> Ports:
    """Ports through which an upload looks as if it were published: for guide, chart and form.

    Raises ``NotFound`` and ``NotPublishable``.
    """
    upload = _get(ports, upload_id)
    if upload.data is None:
        raise NotPublishable
    catalog = ports.pack_reader.to_catalog(upload.data)
    imprint = Imprint(0, upload.digest, upload.uploaded_at)
    return replace(ports, catalogs=OneCatalog(catalog, imprint))


def _publish(
    ports: Ports, by: Actor, name: str, data: Mapping[str, Any], upload_id: str | None
) -> Publication:
    catalog = ports.pack_reader.to_catalog(data)
    if catalog.division != ports.settings.division:
        raise AnotherCounty

    def also(uow: UnitOfWork, publication: Publication) -> None:
        """In the act itself: a case that is submitted meanwhile counts too."""
        stranded = _stranded(uow, catalog)
        if stranded:
            raise WouldStrandCases(
                fields=[
                    FieldError(code, "open_parts", Label(f"{code}：在办 {count} 件", f"{code}: {count} open"))
                    for code, count in stranded.items()
                ]
            )
        if upload_id is not None:
            uow.catalog_desk.mark_published(upload_id, publication.number)

    read = ports.pack_reader.to_catalog
    needs = NeedState(ports.settings.needs_default)
    return publishing.publish(ports.records, ports.clock, data, read, name, actor=by, also=also, needs=needs)


def _stranded(uow: UnitOfWork, catalog: Catalog) -> Mapping[str, int]:
    """A part is handled by the plan it was submitted under; only its department must still be there."""
    waiting = uow.catalog_desk.count_open_parts()
    return {code: count for code, count in sorted(waiting.items()) if code not in catalog.departments}


def _grave(upload: Upload) -> bool:
    return any(each["reason"] != MAY_BE_OVERRIDDEN for each in upload.problems)


def _answered_for(data: Mapping[str, Any], reasons: Mapping[str, str], name: str) -> Mapping[str, Any]:
    """The pack with the override of each such one-thing written into its promise."""
    if not reasons:
        return data
    changed: dict[str, Any] = copy.deepcopy(dict(data))
    for thing, reason in reasons.items():
        promise = changed["things"][thing]["promise"]
        promise["override_by"], promise["override_reason"] = name, reason
    return changed


def _get(ports: Ports, upload_id: str) -> Upload:
    with ports.records.read() as uow:
        upload = uow.catalog_desk.find(upload_id)
    if upload is None:
        raise NotFound
    return upload
