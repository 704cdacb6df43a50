"""The plan of the county's largest one-thing, and of one with 200 employees in it."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from onething.domain.catalog import Catalog
from onething.domain.plan import Plan, make_plan
from onething.domain.situation import Outcome, Right, Situation
from onething.packs.reading import load_pack, read_catalog
from onething.packs.yaml_files import read_pack_files

from .rows import Row

COUNTY = Path(__file__).parents[2] / "catalog" / "xinxian"
BOUND_MS = 5.0
BOUND_MS_WITH_EMPLOYEES = 50.0
EMPLOYEES = 200


def measure() -> list[Row]:
    """Processor time of one plan, nothing of an earlier one kept but the compiled conditions."""
    return [_largest(), _with_employees()]


def _largest() -> Row:
    catalog = load_pack(COUNTY).catalog
    assert catalog is not None
    took = {code: _median_ms(lambda code=code: make_plan(catalog, code)) for code in catalog.things}
    slowest = max(took, key=took.__getitem__)
    note = ", ".join(
        f"{code} ({len(catalog.things[code].matters)} matters) {ms:.2f}" for code, ms in took.items()
    )
    return Row("the plan that takes longest", BOUND_MS, round(took[slowest], 2), "ms", note)


def _with_employees() -> Row:
    catalog, situation = _staff_catalog(), _staff_situation()
    plan = make_plan(catalog, "E-STAFF", situation)
    calls = sum(map(len, plan.fetch))
    if len(plan.form) < 5 * EMPLOYEES or calls < EMPLOYEES:
        raise ValueError("not everyone is in the plan, its time says nothing")
    ms = _median_ms(lambda: make_plan(catalog, "E-STAFF", situation))
    note = f"{len(plan.form)} facts, {calls} calls in {len(plan.fetch)} waves"
    return Row(f"a plan with {EMPLOYEES} employees", BOUND_MS_WITH_EMPLOYEES, round(ms, 1), "ms", note)


def _median_ms(make: Callable[[], Plan]) -> float:
    make()
    took = []
    for _ in range(25):
        started = time.process_time()
        make()
        took.append((time.process_time() - started) * 1000)
    return statistics.median(took)


def _staff_situation() -> Situation:
    """Half of them known by their numbers and proven, a quarter looked up already."""
    staff = [f"staff[{number}]" for number in range(EMPLOYEES)]
    known = {f"{each}.id_number": "411599199001010018" for each in staff[: EMPLOYEES // 2]}
    known |= {f"{each}.name": "陈晓梅" for each in staff[: EMPLOYEES // 4]}
    found = dict.fromkeys((f"population_register:{each}" for each in staff[: EMPLOYEES // 4]), Outcome.FOUND)
    rights = dict.fromkeys(staff[: EMPLOYEES // 2], Right.PROVEN)
    return Situation(known=known, rights=rights, outcomes=found, counts={"staff": EMPLOYEES})


def _staff_catalog() -> Catalog:
    """The county's catalog with one more one-thing: an enterprise insures everyone it employs."""
    data = read_pack_files(COUNTY).data
    label = {"zh": "员工参保", "en": "Insuring employees"}
    facts = [f"staff.{fact}" for fact in ("name", "id_number", "mobile", "birth_on", "sex", "address")]
    matter = {**label, "department": "RS", "act": "20", "facts": facts, "materials": ["card", "form"]}
    thing = {
        "code": "E-STAFF",
        **label,
        "summary": label,
        "audience": "enterprise",
        "lead": "RS",
        "subject": "clerk",
        "promise": {"days": 10},
        "roles": {
            "clerk": {**label, "kind": "person"},
            "staff": {**label, "kind": "person", "right": ["card"], "repeats": {"least": 1, "most": 500}},
        },
        "applicants": ["clerk"],
        "sources": [{"use": "id_card", "self": "clerk"}, {"use": "population_register", "self": "staff"}],
        "matters": {
            "SOCIAL": {**matter, "limits": {"promised": "3 wd"}},
            "MEDICAL": {**matter, "department": "YB", "limits": {"promised": "3 wd"}},
            "FUND": {**matter, "department": "GJJ", "limits": {"promised": "5 wd"}},
        },
        "materials": {
            "card": {**label, "document": "id_card", "of": "staff", "met_by": ["e_licence", "submit"]},
            "form": {**label, "document": "application_form", "of": "application", "met_by": ["generated"]},
        },
    }
    return read_catalog({**data, "things": {**data["things"], "E-STAFF": thing}})
