"""Who comes for each of the thirteen one-things, and what they bring."""

from __future__ import annotations

from collections.abc import Mapping

from tests.services.walks import Walk
from tests.services.walks_of_lives import WALKS as LIVES
from tests.services.walks_of_lives import bank_of
from tests.services.walks_of_property import CANCEL, HIRE, HOUSE, REAL_ESTATE, START

BIRTH = Walk(
    "P-NEWBORN",
    "chen.mother",
    chosen=("BIRTH-CERT", "VACCINE", "HUKOU", "MED-INS", "SS-CARD", "PARENTING", "CHILD-ALLOWANCE"),
    cards={"father": "chen.father"},
    typed={"child.name": "李𠮷䶮", "application.mobile": "19900000001", **bank_of("mother")},
)
DEATH = Walk(
    "P-AFTER-DEATH",
    "huang.widow",
    answers={"application.cremated": False},
    typed={"application.mobile": "19900000010", **bank_of("applicant")},
    scanned=("bank",),
)
DISABILITY = Walk(
    "P-DISABILITY",
    "xu.applicant",
    typed={
        "applicant.disability_kind": "1",
        "applicant.low_income": True,
        "application.mobile": "19900000012",
        **bank_of("applicant"),
    },
    scanned=("photo", "lowinc", "bank"),
)
RESTAURANT = Walk(
    "E-RESTAURANT",
    "owner.owner",
    typed={
        "application.mobile": "19900000015",
        "application.floor_area": "86",
        "application.business_form": "hot_meals",
    },
    scanned=("plan", "rules", "layout", "fire_plan", "evac"),
)
THIRTEEN: Mapping[str, Walk] = {
    walk.thing: walk
    for walk in (
        BIRTH,
        LIVES["a rider who needs help"],
        LIVES["a couple"],
        DISABILITY,
        LIVES["home to the father"],
        HOUSE,
        LIVES["a worker with everything"],
        DEATH,
        START,
        RESTAURANT,
        HIRE,
        REAL_ESTATE,
        CANCEL,
    )
}
