"""Checks of a one-thing's joint visits and of its line on the county's list."""

from __future__ import annotations

from onething.domain.catalog import Catalog, JointVisit, Thing
from onething.domain.catalog_checks_found import Found
from onething.domain.catalog_problems import Path


def check_listing_and_visits(catalog: Catalog, thing: Thing, found: Found) -> None:
    """Check that the batch has a name and that a joint visit brings departments together."""
    path: Path = ("things", thing.code)
    if thing.listing is not None and thing.listing.batch:
        found.known((*path, "listing", "batch"), "batch", thing.listing.batch, catalog.batches)
    for visit in thing.joint_visits.values():
        _check_visit(thing, visit, (*path, "joint_visits", visit.id, "matters"), found)


def _check_visit(thing: Thing, visit: JointVisit, path: Path, found: Found) -> None:
    known = [found.known((*path, at), "matter", code, thing.matters) for at, code in enumerate(visit.matters)]
    found.once(path, visit.matters)
    departments = {thing.matters[code].department for code in visit.matters if code in thing.matters}
    if all(known) and len(departments) < 2:
        found.add(
            path,
            "visit_of_one",
            "联合勘验（评审）至少要有两个部门的事项",
            "a joint visit needs matters of at least two departments",
        )
