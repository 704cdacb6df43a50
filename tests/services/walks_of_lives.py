"""Who goes through work for oneself, marriage, home from the army and retirement, and what they bring."""

from __future__ import annotations

from tests.services.walks import Walk

MOBILE = {"application.mobile": "19900000299"}
BANK = {"bank_card": "6225990000000000017", "bank_name": "新县农村商业银行"}


def bank_of(role: str) -> dict[str, str]:
    return {f"{role}.{name}": value for name, value in BANK.items()}


WALKS = {
    "a rider": Walk(
        "P-FLEXJOB",
        "gu.rider",
        answers={"job.form": "platform"},
        typed=MOBILE | {"job.begins_on": "2026-11-02", "job.contribution_base": "60"},
    ),
    "a rider who needs help": Walk(
        "P-FLEXJOB",
        "gu.rider",
        answers={"job.form": "platform"},
        chosen=("JOB-REG", "PENSION", "MEDICAL", "PAY", "FILE", "HARDSHIP", "SUBSIDY"),
        typed=MOBILE
        | {
            "job.begins_on": "2026-11-02",
            "job.contribution_base": "60",
            "job.hardship": "long_unemployed",
            **bank_of("applicant"),
        },
    ),
    "a stall": Walk(
        "P-FLEXJOB",
        "luo.stall",
        answers={"job.form": "business", "job.recognised": True},
        typed=MOBILE | {"job.begins_on": "2025-04-18", "job.contribution_base": "100"},
    ),
    "a couple": Walk(
        "P-MARRIAGE",
        "song.man",
        chosen=("MARRY", "HUKOU-STATUS", "HUKOU-MOVE", "BIRTH-REG"),
        cards={"woman": "qin.woman"},
        typed=MOBILE
        | {
            "marriage.wished_on": "2026-12-12",
            "marriage.wished_half": "morning",
            "marriage.mover": "woman",
            "marriage.child_order": "1",
        },
    ),
    "a man whose bride is not there yet": Walk(
        "P-MARRIAGE",
        "song.man",
        declined=("woman",),
        typed=MOBILE
        | {
            "marriage.wished_on": "2026-12-12",
            "marriage.wished_half": "afternoon",
            "woman.name": "秦雨桐",
            "woman.id_number": "411599199802112045",
            "woman.sex": "2",
            "woman.ethnicity": "01",
            "woman.birth_on": "1998-02-11",
            "woman.address": "河南省信阳市新县周河乡西畈村竹林组8号",
            "woman.household_number": "411599000204",
            "woman.marital_status": "40",
        },
        scanned=("woman_id", "woman_divorce", "woman_hukou"),
    ),
    "a married couple": Walk(
        "P-MARRIAGE",
        "tao.woman",
        answers={"marriage.registered": True},
        chosen=("HUKOU-STATUS", "BIRTH-REG"),
        cards={"man": "tao.man"},
        typed=MOBILE | {"marriage.child_order": "1"},
    ),
    "home to the father": Walk(
        "P-VETERAN",
        "jiang.veteran",
        cards={"host": "jiang.father"},
        typed=MOBILE | bank_of("veteran"),
        scanned=("discharge",),
    ),
    "home to a flat of his own": Walk(
        "P-VETERAN",
        "jiang.veteran",
        answers={"resettlement.settle_with": "own", "application.delivery": "e_licence"},
        chosen=frozenset(
            {"ID-CARD", "PREF-CARD", "TRAINING", "PENSION-XFER", "MED-XFER", "MED-JOIN", "SS-CARD"}
        ),
        typed=MOBILE
        | {
            "resettlement.home_address": "河南省信阳市新县金兰山街道京九大道200号5号楼302室",
            "resettlement.training_wish": "business",
        },
        scanned=("discharge", "med_proof", "photo"),
    ),
    "a worker with everything": Walk(
        "P-RETIRE",
        "fang.worker",
        chosen=("DEEMED", "HPF", "ONE-CHILD", "FILE"),
        typed=MOBILE | bank_of("retiree"),
        scanned=("bank", "notice"),
    ),
    "a bookkeeper a little earlier": Walk(
        "P-RETIRE",
        "yan.bookkeeper",
        answers={"retirement.kind": "early"},
        typed=MOBILE | {"retirement.month": "2026-01", **bank_of("retiree")},
        scanned=("bank",),
    ),
    "an operator through her employer": Walk(
        "P-RETIRE",
        "spare.one",
        answers={"retirement.by_employer": True},
        cards={"retiree": "yan.operator"},
        typed=MOBILE | bank_of("retiree"),
        scanned=("bank", "mandate"),
    ),
}
