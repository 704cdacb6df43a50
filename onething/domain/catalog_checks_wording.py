"""What is wrong with a condition, said in plain words instead of the expression library's own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from onething.domain.catalog import Label
from onething.domain.catalog_problems import did_you_mean, find_full_width

_PLACE = re.compile(r"^line \d+, column (\d+): (.*)$", re.DOTALL)
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_OVERLOAD = re.compile(r"no matching overload for '([^']*)' applied to '\(([^)]*)\)'")
_AT = re.compile(r"(?:at: |input |at )'([^']*)'")
_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
_TYPES = {
    "bool": Label("是或否", "yes or no"),
    "string": Label("文字", "a text"),
    "int": Label("整数", "a whole number"),
    "double": Label("小数", "a decimal number"),
    "google.protobuf.Timestamp": Label("日期", "a date"),
}
_WORDS = {"and": "&&", "or": "||", "not": "!", "且": "&&", "或": "||", "非": "!"}


def say_bad_condition(text: str, message: str, names: Iterable[str]) -> Label:
    """The library's message about ``text`` as a sentence; ``names`` are the facts that may be read."""
    place = _PLACE.match(message)
    column, said = (int(place[1]), place[2]) if place else (1, message)
    if undeclared := _UNDECLARED.search(said):
        column = text.find(undeclared[1]) + 1 or column
    sentence = _say(text, said, list(names))
    return Label(
        f"条件写错了（第{column}个字符处）：{sentence.zh}",
        f"bad condition at character {column}: {sentence.en}",
    )


def _say(text: str, said: str, names: list[str]) -> Label:
    bare = _QUOTED.sub('""', text)
    sign = find_full_width(bare)
    if sign:
        return sign
    if undeclared := _UNDECLARED.search(said):
        return _undeclared(bare, undeclared[1], names)
    if overload := _OVERLOAD.search(said):
        return _mismatch(overload[1], overload[2].split(", "))
    return _syntax(bare, said)


def _undeclared(bare: str, name: str, names: list[str]) -> Label:
    roles = {each.partition(".")[0] for each in names}
    if re.search(rf"(?<![\w.]){re.escape(name)}\s*\(", bare):
        return Label(f"没有“{name}”这个函数", f"there is no function '{name}'")
    if name in roles:
        return Label(
            f"“{name}”是角色，条件只能比较事实，不能数人数",
            f"'{name}' is a role: a condition compares facts and cannot count people",
        )
    if "." not in name:
        return Label(
            f'没有事实“{name}”；事实写成 角色.事实，文字要加引号 "{name}"',
            f"there is no fact '{name}': a fact is written role.fact, and a text in quotes: \"{name}\"",
        )
    zh, en = did_you_mean(name, names)
    return Label(f"没有事实“{name}”{zh}", f"there is no fact '{name}'{en}")


def _mismatch(operator: str, types: list[str]) -> Label:
    kinds = set(types)
    if types == ["int", "double"]:
        return Label(
            "整数事实要与整数比较，如 3000", "compare a whole-number fact with 3000, not with 3000.0"
        )
    if kinds == {"double", "int"}:
        return Label(
            "小数事实要与带小数点的数比较，如 3000.0", "compare a decimal fact with 3000.0, not with 3000"
        )
    if "google.protobuf.Timestamp" in kinds:
        return Label(
            '日期要写成 timestamp("2026-05-01T00:00:00Z")',
            'a date is written timestamp("2026-05-01T00:00:00Z")',
        )
    if operator in ("_==_", "_!=_") and "bool" in kinds:
        return Label("是或否的事实单独写：事实 或 !事实", "a yes-or-no fact stands alone: the fact, or !fact")
    if operator in ("!_", "_&&_", "_||_"):
        return Label(
            "这里只能放是或否；文字和编码要用 == 比较",
            "only yes or no can stand here: compare a text or code with ==",
        )
    named = [_TYPES.get(each, Label(each, each)) for each in types]
    return Label(
        f"{'与'.join(each.zh for each in named)}不能这样放在一起",
        f"{' and '.join(each.en for each in named)} do not go together here",
    )


def _syntax(bare: str, said: str) -> Label:
    if re.search(r"(?<![=!<>])=(?!=)", bare):
        return Label("比较要写两个等号 ==", "to compare, write two equals signs: ==")
    for word, sign in _WORDS.items():
        if re.search(rf"(?<![\w.]){word}(?!\w)", bare):
            return Label(f"“{word}”要写成 {sign}", f"'{word}' is written {sign}")
    if bare.count("(") != bare.count(")"):
        return Label("括号不成对", "the brackets do not match")
    if "<EOF>" in said and "expecting <EOF>" not in said:
        return Label("条件没有写完", "the condition ends too early")
    at = _AT.search(said)
    where = at[1].strip() if at else ""
    return Label(f"“{where}”处读不懂", f"it cannot be read at '{where}'")
