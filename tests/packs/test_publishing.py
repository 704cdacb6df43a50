"""Publishing: a sound pack becomes the next revision with its audit row; the same again changes nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from onething.domain import catalog, catalog_parts, dictionary
from onething.domain.catalog_words import part_label
from onething.domain.needs import Need, NeedKey, NeedState, needs_of
from onething.domain.records import AuditRow, Revision
from onething.packs.reading import load_pack, read_catalog
from onething.ports import Conflict
from onething.services.publishing import (
    CatalogNotSound,
    PublishedMeanwhile,
    digest_of,
    preview,
    publish,
)
from tests.packs.small_pack import write_pack


class FixedClock:
    """Always the same moment."""

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


class ListedRevisions:
    """Revisions in a list."""

    def __init__(self) -> None:
        self.all: list[Revision] = []

    def find_current(self) -> Revision | None:
        return self.all[-1] if self.all else None

    def get(self, number: int) -> Revision:
        return self.all[number - 1]

    def add(self, revision: Revision) -> None:
        self.all.append(revision)


class ListedAudit:
    """Audit rows in a list."""

    def __init__(self) -> None:
        self.rows: list[AuditRow] = []

    def add(self, row: AuditRow) -> None:
        self.rows.append(row)


class ListedNeeds:
    """Data-sharing needs by their key."""

    def __init__(self) -> None:
        self.all: dict[NeedKey, Need] = {}

    def list_all(self) -> list[Need]:
        return list(self.all.values())

    def add_all(self, needs: Sequence[Need]) -> None:
        self.all.update({need.key: need for need in needs})

    def mark(self, key: NeedKey, *, is_current: bool) -> None:
        self.all[key] = replace(self.all[key], is_current=is_current)


class KeptInMemory:
    """Records with only what publishing touches."""

    def __init__(self) -> None:
        self.data_needs = ListedNeeds()
        self.revisions = ListedRevisions()
        self.audit = ListedAudit()

    @contextmanager
    def act(self) -> Iterator[Any]:
        yield self

    read = act


@pytest.fixture
def data(tmp_path: Path) -> dict[str, Any]:
    return load_pack(write_pack(tmp_path)).data


@pytest.fixture
def records() -> Any:
    return KeptInMemory()


def test_the_first_revision_and_the_same_again(data: dict[str, Any], records: Any) -> None:
    first = publish(records, FixedClock(), data, read_catalog, "editor")
    again = publish(records, FixedClock(), copy.deepcopy(data), read_catalog, "editor")
    assert (first.number, first.is_new, again.number, again.is_new) == (1, True, 1, False)
    assert [revision.digest for revision in records.revisions.all] == [digest_of(data)]
    assert [(row.actor, row.action) for row in records.audit.rows] == [("editor", "catalog_published")]


def test_a_dry_run_says_what_would_change_and_adds_nothing(data: dict[str, Any], records: Any) -> None:
    publish(records, FixedClock(), data, read_catalog, "editor")
    changed = copy.deepcopy(data)
    thing = changed["things"]["P-TRIAL"]
    thing["matters"]["FIRST"]["limits"]["promised"] = "1 wd"
    thing["matters"]["FIRST"]["facts"].remove("other.name")
    thing["materials"]["card"]["met_by"] = ["e_licence", "submit"]
    del changed["facts"]["person"]["married"]
    told = preview(records, changed, read_catalog)
    assert told.number == 2
    assert [each.en for each in told.differences] == [
        "facts: person.married removed",
        "P-TRIAL: matters: FIRST: facts: - fact=other.name required=True",
        "P-TRIAL: matters: FIRST: promised: 2 working days → 1 working day",
        "P-TRIAL: materials: card: met_by: - how=data source=register",
    ]
    assert [each.zh for each in told.differences] == [
        "信息项：删除person.married“是否已婚”",
        "P-TRIAL：事项：FIRST：信息项：- 信息项=other.name 必填=是",
        "P-TRIAL：事项：FIRST：承诺时限：2个工作日 → 1个工作日",
        "P-TRIAL：材料：card：满足方式：- 方式=data 数据来源=register",
    ]
    assert len(records.revisions.all) == 1


def test_a_one_thing_that_comes_or_goes(data: dict[str, Any], records: Any) -> None:
    publish(records, FixedClock(), data, read_catalog, "editor")
    changed = copy.deepcopy(data)
    changed["things"]["P-OTHER"] = {**changed["things"]["P-TRIAL"], "code": "P-OTHER"}
    (told,) = preview(records, changed, read_catalog).differences
    assert told.en == "P-OTHER: added"
    assert told.zh.startswith("P-OTHER：新增“")


def test_every_part_of_a_catalog_has_its_chinese_word() -> None:
    """A field without one would stop an editor from seeing what an upload changes."""
    seen: set[str] = set()
    for module in (catalog, catalog_parts, dictionary):
        for kind in vars(module).values():
            if is_dataclass(kind):
                seen |= {each.name for each in fields(kind)}
    assert {"matters", "promised", "supervised_by", "deadline_ms"} <= seen
    for name in seen:
        assert not part_label(name).zh.isascii(), name


def test_two_who_publish_at_once_are_told(data: dict[str, Any], records: Any, monkeypatch: Any) -> None:
    def taken(_revision: Revision) -> None:
        raise Conflict("number")

    monkeypatch.setattr(records.revisions, "add", taken)
    with pytest.raises(PublishedMeanwhile):
        publish(records, FixedClock(), data, read_catalog, "editor")
    assert records.audit.rows == []


def test_a_pack_with_mistakes_is_never_published(data: dict[str, Any], records: Any) -> None:
    data["things"]["P-TRIAL"]["promise"]["days"] = 1
    with pytest.raises(CatalogNotSound):
        publish(records, FixedClock(), data, read_catalog, "editor")
    assert records.revisions.all == []


def test_a_revision_brings_its_data_sharing_needs(records: Any, data: dict[str, Any]) -> None:
    wanted = set(needs_of(read_catalog(data)))
    assert wanted
    publish(records, FixedClock(), data, read_catalog, "editor")
    needs = records.data_needs.all
    assert set(needs) == wanted
    assert {need.state for need in needs.values()} == {NeedState.DRAFT}


def test_a_need_keeps_its_state_and_one_that_is_gone_is_kept_aside(
    records: Any, data: dict[str, Any]
) -> None:
    old = NeedKey("birth_register", "person.shoe_size", "P-NEWBORN", "HUKOU")
    key = needs_of(read_catalog(data))[0]
    need = Need(old, "WJ", NeedState.AGREED, "411599", 1, FixedClock().now(), "editor", number="1")
    records.data_needs.add_all([need, replace(need, key=key)])
    publish(records, FixedClock(), data, read_catalog, "editor", needs=NeedState.DRAFT)
    assert records.data_needs.all[key].state is NeedState.AGREED
    assert (records.data_needs.all[old].is_current, records.data_needs.all[old].state) == (
        False,
        NeedState.AGREED,
    )
