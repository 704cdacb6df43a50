"""A shared value of a case as the server lists it, made up."""

from typing import Any


def make_shared_value(fact: str, *, editable: bool = True) -> dict[str, Any]:
    source = {"id": "household_register", "zh": "户籍登记", "en": "Household register"}
    department = {"department_zh": "公安局", "department_en": "Public security", "as_of": "2021-05-20"}
    return {
        "fact": fact,
        "zh": "户籍地址",
        "en": "Registered address",
        "about_zh": "母亲",
        "about_en": "Mother",
        "type": "address",
        "options": None,
        "required": False,
        "max_length": 200,
        "hint_zh": None,
        "hint_en": None,
        "sensitive": False,
        "state": "found" if editable else "disputed",
        "value": None,
        "display_zh": "新县新集镇某路 1 号",
        "display_en": "1 Some Road, Xinji, Xin County",
        "editable": editable,
        "source": source | department,
        "matters": ["HUKOU"],
        "why_zh": "",
        "why_en": "",
        "error": None,
    }
