"""Who supervises, who visits together and which list a one-thing stands on: written, checked, kept."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from onething.domain.catalog import (
    InvitationTerms,
    JointVisit,
    Label,
    Listing,
    ListLevel,
    ListStatus,
    VisitKind,
)
from onething.domain.catalog_checks import check_catalog
from onething.domain.catalog_differences import differences_between
from onething.domain.catalog_problems import BadPack
from onething.packs.reading import load_pack, read_catalog, read_published

DATA = load_pack(Path(__file__).parents[2] / "catalog" / "xinxian").data
THING = "E-RESTAURANT"


@pytest.fixture
def data() -> dict[str, Any]:
    return copy.deepcopy(dict(DATA))


def reasons(data: dict[str, Any]) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(problem.reason, problem.path) for problem in check_catalog(read_catalog(data))]


def test_the_restaurant_is_seen_by_three_departments_in_one_visit() -> None:
    visit = read_catalog(DATA).things[THING].joint_visits["SITE"]
    assert visit.kind is VisitKind.VISIT
    thing = read_catalog(DATA).things[THING]
    assert {thing.matters[code].department for code in visit.matters} == {"SJ", "XF", "CG"}


def test_every_line_of_the_list_names_a_batch_with_a_name() -> None:
    catalog = read_catalog(DATA)
    listed = [thing.listing for thing in catalog.things.values() if thing.listing]
    assert Listing("state_council_2022_13", ListLevel.COUNTY, ListStatus.OPEN) in listed
    assert {each.batch for each in listed} <= set(catalog.batches)


def test_licences_say_who_watches_over_them() -> None:
    matters = read_catalog(DATA).things[THING].matters
    assert matters["FOOD"].supervised_by == "SJ"
    assert matters["LIC-CHECK"].supervised_by is None


def test_unknown_names_are_refused_where_they_stand(data: dict[str, Any]) -> None:
    thing = data["things"][THING]
    thing["matters"]["FOOD"]["supervised_by"] = "SJJ"
    thing["joint_visits"]["SITE"]["matters"] = ["FOOD", "FIRE"]
    thing["listing"]["batch"] = "of_last_year"
    place = ("things", THING)
    assert reasons(data) == [
        ("unknown_department", (*place, "matters", "FOOD", "supervised_by")),
        ("unknown_batch", (*place, "listing", "batch")),
        ("unknown_matter", (*place, "joint_visits", "SITE", "matters", 1)),
    ]


@pytest.mark.parametrize("matters", [[], ["FOOD"], ["FOOD", "LIC-CHECK"], ["FIRE-PROMISE", "FIRE-GENERAL"]])
def test_one_department_alone_makes_no_joint_visit(data: dict[str, Any], matters: list[str]) -> None:
    data["things"][THING]["joint_visits"]["SITE"]["matters"] = matters
    assert reasons(data) == [("visit_of_one", ("things", THING, "joint_visits", "SITE", "matters"))]


def test_a_matter_stands_in_a_visit_once(data: dict[str, Any]) -> None:
    data["things"][THING]["joint_visits"]["SITE"]["matters"] = ["FOOD", "SIGN", "FOOD"]
    assert [reason for reason, _ in reasons(data)] == ["listed_twice"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda thing: thing["joint_visits"]["SITE"].update(kind="trip"), "unknown_word"),
        (lambda thing: thing["joint_visits"]["SITE"].pop("en"), "missing_english"),
        (lambda thing: thing["joint_visits"]["SITE"].update(when="true"), "unknown_key"),
        (lambda thing: thing["listing"].update(level="village"), "unknown_word"),
        (lambda thing: thing["listing"].update(status="soon"), "unknown_word"),
        (lambda thing: thing["listing"].pop("batch"), "missing_key"),
        (lambda thing: thing.update(listing="county"), "wrong_shape"),
        (lambda thing: thing.update(joint_visits=["SITE"]), "wrong_shape"),
    ],
)
def test_a_wrong_shape_is_named(data: dict[str, Any], change: Any, reason: str) -> None:
    change(data["things"][THING])
    with pytest.raises(BadPack) as refused:
        read_catalog(data)
    assert reason in [problem.reason for problem in refused.value.problems]


def test_a_revision_from_before_these_keys_still_reads(data: dict[str, Any]) -> None:
    for thing in data["things"].values():
        thing.pop("joint_visits", None)
        thing.pop("listing", None)
        for matter in thing["matters"].values():
            matter.pop("supervised_by", None)
    data["pack"].pop("batches")
    catalog = read_published(data)
    assert catalog.things[THING].joint_visits == {}
    assert catalog.things[THING].listing is None
    assert check_catalog(catalog) == []


def test_what_a_revision_changes_in_them_is_said(data: dict[str, Any]) -> None:
    before = read_catalog(data)
    after = copy.deepcopy(data)
    thing = after["things"][THING]
    thing["listing"]["status"] = "trial"
    thing["joint_visits"]["SITE"]["matters"] = ["FOOD", "SIGN"]
    thing["joint_visits"]["PAPERS"] = {"zh": "联合评审", "en": "Review", "kind": "review", "matters": []}
    del thing["matters"]["SIGN"]["supervised_by"]
    after["pack"]["batches"]["trial_of_the_county"] = {"zh": "县试点", "en": "County trial"}
    assert tuple(each.en for each in differences_between(before, read_catalog(after))) == (
        "batches: trial_of_the_county added",
        f"{THING}: listing: batch=state_council_2022_13 level=county status=open"
        " → batch=state_council_2022_13 level=county status=trial",
        f"{THING}: matters: SIGN: supervised_by: CG → none",
        f"{THING}: joint_visits: SITE: matters: - FIRE-GENERAL",
        f"{THING}: joint_visits: PAPERS added",
    )


def test_what_was_read_is_what_was_written() -> None:
    catalog = read_catalog(DATA)
    assert catalog.things[THING].joint_visits["SITE"] == JointVisit(
        "SITE",
        Label("餐饮店联合现场核查", "Joint visit of the restaurant"),
        VisitKind.VISIT,
        ("FOOD", "FIRE-GENERAL", "SIGN"),
    )


def test_invitations_that_nobody_could_answer_are_refused_where_they_stand(data: dict[str, Any]) -> None:
    roles = data["things"]["P-HOUSE-TRANSFER"]["roles"]
    place = ("things", "P-HOUSE-TRANSFER", "roles")
    roles["seller"]["invitation"] = {"days": 61, "after": ["co_owners", "nobody"]}
    roles["house"]["invitation"] = {"signs": True}
    assert reasons(data) == [
        ("out_of_range", (*place, "seller", "invitation", "days")),
        ("circle", (*place, "seller", "invitation", "after", 0)),
        ("unknown_role", (*place, "seller", "invitation", "after", 1)),
        ("circle", (*place, "co_owners", "invitation", "after", 0)),
        ("nobody_to_invite", (*place, "house", "invitation")),
    ]


def test_invitations_have_their_terms_from_the_pack() -> None:
    roles = read_catalog(DATA).things["P-HOUSE-TRANSFER"].roles
    assert roles["co_owners"].invitation == InvitationTerms(days=7, after=("seller",), signs=True)
    assert read_catalog(DATA).things["P-NEWBORN"].roles["father"].invitation == InvitationTerms()
