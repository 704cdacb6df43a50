"""The receipt slip: every department's line in Chinese and English, on paper of any width."""

import pytest

from devices.receipt_printer.layout import Line, lay_out
from terminal_client import slip

from .made_birth import make_receipt

LONG = {
    "matter_zh": "企业职工基本养老保险参保人员正常退休（含提前退休）条件核准",
    "matter_en": "Approval of the conditions of retirement of insured employees of enterprises",
    "department_zh": "新县人力资源和社会保障局（养老保险中心）",
    "department_en": "Human Resources and Social Security Bureau, pension insurance centre",
    "limit_zh": "15个工作日",
    "limit_en": "15 working days",
}


def lines_of(columns: int, *parts: dict[str, str]) -> list[str]:
    receipt = {**make_receipt("XX-7KDM-0001-C"), "parts": list(parts)}
    laid = lay_out(slip.lay_out(receipt, reprint=False), columns)
    return [line.text for line in laid if isinstance(line, Line)]


def width_of(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def test_each_department_is_named_in_chinese_first_and_english_second() -> None:
    parts = make_receipt("XX-1")["parts"]
    text = "\n".join(lines_of(48, *parts))
    for part in parts:
        places = [text.index(part[name]) for name in ("matter_zh", "department_zh", "matter_en")]
        assert places == sorted(places)
        assert part["department_en"] in text
        assert part["limit_en"] in text


@pytest.mark.parametrize("columns", [32, 48])
def test_long_names_stay_whole_words_within_the_paper(columns: int) -> None:
    lines = lines_of(columns, LONG)
    assert max(map(width_of, lines)) <= columns
    words = " ".join(lines).split()
    for name in ("matter_en", "department_en", "limit_en"):
        assert set(LONG[name].split()) <= set(words), "no word is cut in two"
    whole = "".join(line.strip() for line in lines)
    for name in ("matter_zh", "department_zh", "limit_zh"):
        assert LONG[name] in whole


def test_a_part_without_english_words_leaves_no_empty_line() -> None:
    bare = {name: LONG[name] for name in LONG if name.endswith("_zh")}
    with_english, without = lines_of(48, LONG), lines_of(48, bare)
    assert len(without) < len(with_english)
    after = without[without.index("Departments and limits") + 1 :]
    assert all(line.strip() for line in after[: after.index("-" * 48)])
