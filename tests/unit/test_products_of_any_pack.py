"""Any valid pack gives procedures, a handbook, its line on a list, and news that say what changed."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onething.domain.catalog import Catalog
from onething.domain.catalog_checks import check_catalog
from onething.domain.handbook import handbook_of
from onething.domain.imprint import Imprint, news_of
from onething.domain.service_lists import COLUMNS, cells_of, list_services
from onething.packs.reading import read_catalog
from tests.packs.strategies import packs

_SETTINGS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
PUBLISHED_AT = datetime(2026, 11, 23, tzinfo=UTC)


def with_new_keys(data: dict[str, Any]) -> dict[str, Any]:
    """The pack on the county's list, with a joint visit where two departments are in it."""
    thing = data["things"]["P-RANDOM"]
    data["pack"]["batches"] = {"first": {"zh": "第一批", "en": "First"}}
    thing["listing"] = {"batch": "first", "level": "county", "status": "open"}
    for matter in thing["matters"].values():
        matter["supervised_by"] = matter["department"]
    if len({matter["department"] for matter in thing["matters"].values()}) > 1:
        visit = {"zh": "联合勘验", "en": "Joint visit", "kind": "visit", "matters": list(thing["matters"])}
        thing["joint_visits"] = {"SITE": visit}
    return data


@_SETTINGS
@given(packs().map(with_new_keys))
def test_the_handbook_names_every_matter_and_material(data: dict[str, Any]) -> None:
    catalog = read_catalog(data)
    assert check_catalog(catalog) == []
    thing = catalog.things["P-RANDOM"]
    handbook = handbook_of(catalog, thing, 1)
    assert [each.code for each in handbook.procedures] == list(thing.matters)
    assert [each.id for each in handbook.materials] == list(thing.materials)
    for made in handbook.procedures:
        matter = thing.matters[made.code]
        assert {each.id for each in made.materials} == {need.material for need in matter.materials}
        conditional = {need.material for need in matter.materials if need.when is not None}
        assert conditional <= {each.id for each in made.materials if each.when is not None}
        assert len(made.afterwards) == 1
    assert '"zh": ""' not in json.dumps(asdict(handbook)), "nothing is left unsaid"


@_SETTINGS
@given(packs().map(with_new_keys))
def test_the_list_has_its_line(data: dict[str, Any]) -> None:
    catalog = read_catalog(data)
    (row,) = list_services(catalog, "person", 1).rows
    assert row.code == "P-RANDOM"
    assert list_services(catalog, "enterprise", 1).rows == ()
    assert len(cells_of(row, "zh")) == len(cells_of(row, "en")) == len(COLUMNS)


@_SETTINGS
@given(packs(), packs(), st.integers(2, 99))
def test_news_come_exactly_when_a_guide_differs(one: Any, other: Any, number: int) -> None:
    before, after = read_catalog(one), read_catalog(other)
    news = news_of(Imprint(number, "0" * 64, PUBLISHED_AT), before, after)
    assert [each.thing for each in news] in ([None], ["P-RANDOM", None])
    assert news == news_of(Imprint(number, "0" * 64, PUBLISHED_AT), before, after)
    same: Catalog = read_catalog(json.loads(json.dumps(one)))
    (only,) = news_of(Imprint(number, "0" * 64, PUBLISHED_AT), before, same)
    assert only.thing is None
    assert only.lines == ()
