"""An invented birth as the kiosk door would tell it.

The people cannot be anyone: their division 411599 does not exist; their numbers carry a right check digit.
"""

import copy
import json
from pathlib import Path
from typing import Any

MADE = json.loads((Path(__file__).parent / "made_birth.json").read_text(encoding="utf-8"))
MADE_CASE = json.loads((Path(__file__).parent / "made_case.json").read_text(encoding="utf-8"))
MOTHER: dict[str, Any] = MADE["mother"]
FATHER: dict[str, Any] = MADE["father"]
THINGS: list[dict[str, Any]] = MADE["things"]
FOUND: dict[str, list[str]] = MADE["found"]
EMPTY_FIELD = {
    "options": None,
    "required": True,
    "max_length": None,
    "hint_zh": "",
    "hint_en": "",
    "sensitive": False,
    "state": "needed",
    "value": None,
    "display_zh": "",
    "display_en": "",
    "editable": True,
    "source": None,
    "matters": ["HUKOU"],
    "why_zh": "",
    "why_en": "",
    "error": None,
}


def make_sections() -> list[dict[str, Any]]:
    """The one form before anything is fetched."""
    sections = copy.deepcopy(MADE["sections"])
    for section in sections:
        section["fields"] = [EMPTY_FIELD | each for each in section["fields"]]
        for each in section["fields"]:
            each["source"] = MADE["registers"].get(each["source"])
    return list(sections)


def make_sources(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The registers the person is asked about, with what each would tell."""
    fields = [each for section in sections for each in section["fields"] if each["source"]]
    return [
        register
        | {
            "facts": [{"zh": f["zh"], "en": f["en"]} for f in fields if f["source"]["id"] == name],
            "about_zh": MADE["about"][name],
            "about_en": "you and your family",
            "asked": None,
        }
        for name, register in MADE["registers"].items()
    ]


def make_materials() -> list[dict[str, Any]]:
    """The materials of a birth, none of them handed in."""
    return list(copy.deepcopy(MADE["materials"]))


def make_draft(number: str, matters: list[dict[str, Any]]) -> dict[str, Any]:
    """A draft nobody has consented for."""
    sections = make_sections()
    return copy.deepcopy(MADE["draft"]) | {
        "id": number,
        "matters": matters,
        "form": {"sections": sections, "filled": 0, "to_type": 0, "unavailable": 0, "repeats": []},
        "consent": {"needed": True, "sources": make_sources(sections)},
        "materials": make_materials(),
        "step_up": None,
    }


def make_replaced(field: dict[str, Any], other: str) -> dict[str, Any]:
    """The question which value of a field stays: the one typed here, or what the phone had typed before."""
    here = {"zh": field["display_zh"], "en": field["display_en"] or field["display_zh"]}
    return {
        **{name: field[name] for name in ("fact", "zh", "en", "about_zh", "about_en")},
        "question_zh": f"您在另一台设备上填写了“{other}”，保留哪一个？",
        "question_en": f"On another device you entered “{other}”. Keep which?",
        "values": [
            {
                "keep": 0,
                **here,
                **_typed("自助终端上填的", "Typed on the kiosk", "2026-11-23T10:32:00+08:00"),
            },
            {"keep": 1, "zh": other, "en": other}
            | _typed("手机上填的", "Typed on the phone", "2026-11-23T10:31:00+08:00"),
        ],
    }


def _typed(zh: str, en: str, at: str) -> dict[str, str]:
    return {"typed_on_zh": zh, "typed_on_en": en, "typed_at": at}


def make_plan(chosen: list[str] | None, answers: dict[str, Any], *, with_questions: bool) -> dict[str, Any]:
    """The plan of a birth for a choice of matters."""
    matters = copy.deepcopy(MADE["matters"])
    for each in matters:
        each["chosen"] = chosen is None or each["code"] in chosen or not each["optional"]
    question = EMPTY_FIELD | MADE["question"] | {"value": answers.get(MADE["question"]["fact"])}
    questions = [question] if with_questions else []
    return {
        "matters": matters,
        "questions": questions,
        "materials": make_materials(),
        "promise_days": 5,
        "promise": MADE["draft"]["promise"],
        "counter_only": [],
        "conflicts": [],
    }


def make_guide(code: str) -> dict[str, Any]:
    """The guide of a birth."""
    unsaid = ("limit_statutory_en", "result_en", "fee_en", "when_en", "group_en", "step_up_zh", "step_up_en")
    english = dict.fromkeys(unsaid)
    told = {
        "matters": [english | matter for matter in MADE["guide"]["matters"]],
        "joint_visits": [],
        "listing": None,
        "waiting": {"median_days": 3, "p90_days": 5, "cases": 41},
        "flow_chart": f"/kiosk/v1/things/{code}/flow-chart",
    }
    return {**MADE["guide"], "code": code, **told}


def make_receipt(number: str) -> dict[str, Any]:
    """A receipt's content."""
    return {**MADE["receipt"], "case_number": number, "qr": f"HTTPS://XINXIAN.INVALID/C/{number}"}


def make_case(number: str) -> dict[str, Any]:
    """One case with its timeline."""
    return copy.deepcopy(MADE_CASE["case"]) | {"number": number}


def make_rating_options() -> dict[str, Any]:
    """The five levels, each with what can be said with it."""
    return dict(copy.deepcopy(MADE_CASE["rating_options"]))
