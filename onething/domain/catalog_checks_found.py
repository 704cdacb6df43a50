"""Where the checks of a catalog write down what they found."""

from __future__ import annotations

from collections.abc import Iterable

from onething.domain.catalog_problems import PackProblem, Path, did_you_mean

_WHAT = {
    "department": "部门",
    "code_set": "代码集",
    "kind": "类别",
    "slot": "来源中的位置",
    "fact": "事实",
    "role": "角色",
    "source": "来源",
    "document": "证件材料",
    "material": "材料",
    "matter": "事项",
    "group": "事项组",
    "right": "授权方式",
    "audience": "服务对象",
    "batch": "批次",
}


class Found:
    """The problems found so far, in the order of the pack."""

    def __init__(self) -> None:
        self.problems: list[PackProblem] = []

    def add(self, path: Path, reason: str, zh: str, en: str) -> None:
        """Write down one problem."""
        self.problems.append(PackProblem(path, reason, zh, en))

    def known(self, path: Path, what: str, word: str, known: Iterable[str]) -> bool:
        """Whether a word is one of those known; ``unknown_<what>`` when it is not."""
        words = list(known)
        if word in words:
            return True
        zh, en = did_you_mean(word, words)
        name = what.replace("_", " ")
        self.add(path, f"unknown_{what}", f"没有这个{_WHAT[what]}：“{word}”{zh}", f"no {name} '{word}'{en}")
        return False

    def once(self, path: Path, words: Iterable[str]) -> None:
        """Every word of a list stands there once."""
        seen: set[str] = set()
        for at, word in enumerate(words):
            if word in seen:
                self.add((*path, at), "listed_twice", f"“{word}”列了两次", f"'{word}' is listed twice")
            seen.add(word)
