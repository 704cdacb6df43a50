"""Publishing a revision of the catalog: what it changes, and the one transaction that adds it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from onething.domain.actors import Actor
from onething.domain.catalog import Catalog, Label
from onething.domain.catalog_checks import check_catalog
from onething.domain.catalog_differences import differences_between
from onething.domain.errors import Refusal
from onething.domain.needs import NeedState
from onething.domain.records import AuditRow, Revision
from onething.ports import Clock, Conflict, Records, UnitOfWork
from onething.services import data_needs

ReadCatalog = Callable[[Mapping[str, Any]], Catalog]


# Something more in the act of publishing: it may refuse, and then nothing is published.
Also = Callable[[UnitOfWork, "Publication"], None]


class CatalogNotSound(Refusal):
    """A catalog with problems is never published: ``onething catalog check`` names them."""

    reason = "catalog_not_sound"
    text = Label("目录有问题，不能发布", "the catalog has problems and cannot be published")


class PublishedMeanwhile(Refusal):
    """Somebody else published while this was being compared; the differences are no longer true."""

    reason = "published_meanwhile"
    status_hint = "conflict"
    text = Label(
        "刚刚有人发布了新版本，请重新查看差异", "somebody published just now; look at the differences again"
    )


_OUTSIDE = Label("一件事内容没有变化", "outside the one-things only")


@dataclass(frozen=True)
class Publication:
    """What publishing did or would do; ``number`` is the revision that is current afterwards."""

    number: int
    differences: tuple[Label, ...]
    is_new: bool


def preview(records: Records, data: Mapping[str, Any], read: ReadCatalog) -> Publication:
    """What publishing this pack's plain data would change; raises ``CatalogNotSound``."""
    after = _sound(data, read)
    with records.read() as uow:
        return _compare(uow.revisions.find_current(), data, after, read)


def preview_of_the_first(data: Mapping[str, Any], read: ReadCatalog) -> Publication:
    """What publishing would add where nothing was ever published; raises ``CatalogNotSound``."""
    return _compare(None, data, _sound(data, read), read)


def publish(
    records: Records,
    clock: Clock,
    data: Mapping[str, Any],
    read: ReadCatalog,
    by: str,
    *,
    actor: Actor | None = None,
    also: Also | None = None,
    needs: NeedState = NeedState.DRAFT,
) -> Publication:
    """Add the pack as a new revision; the same data again changes nothing.

    Raises ``CatalogNotSound`` and ``PublishedMeanwhile``. One transaction: the revision and its
    audit row, its new data-sharing needs in the state ``needs``, and what ``also`` does or refuses, or
    none of it.
    """
    after = _sound(data, read)
    try:
        return _publish(records, clock, data, read, by, after, actor, also, needs)
    except Conflict:
        raise PublishedMeanwhile from None


def _publish(
    records: Records,
    clock: Clock,
    data: Mapping[str, Any],
    read: ReadCatalog,
    by: str,
    after: Catalog,
    actor: Actor | None,
    also: Also | None,
    needs: NeedState,
) -> Publication:
    with records.act() as uow:
        publication = _compare(uow.revisions.find_current(), data, after, read)
        if also is not None:
            also(uow, publication)
        if publication.is_new:
            at = clock.now()
            uow.revisions.add(Revision(publication.number, digest_of(data), data, by, at))
            data_needs.sync(uow, after, publication.number, state=needs, by=by, at=at)
            uow.audit.add(
                AuditRow(
                    at=at,
                    actor=actor.id if actor else by,
                    actor_kind=actor.kind if actor else "editor",
                    action="catalog_published",
                    purpose=f"revision {publication.number}",
                )
            )
    return publication


def digest_of(data: Mapping[str, Any]) -> str:
    """SHA-256 in hex of the data as JSON; the order of keys counts, for screens follow it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _sound(data: Mapping[str, Any], read: ReadCatalog) -> Catalog:
    catalog = read(data)
    if check_catalog(catalog):
        raise CatalogNotSound
    return catalog


def _compare(
    current: Revision | None, data: Mapping[str, Any], after: Catalog, read: ReadCatalog
) -> Publication:
    if current is None:
        return Publication(1, differences_between(None, after), is_new=True)
    if current.digest == digest_of(data):
        return Publication(current.number, (), is_new=False)
    differences = differences_between(read(current.data), after)
    return Publication(current.number + 1, differences or (_OUTSIDE,), is_new=True)
