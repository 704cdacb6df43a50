"""What can be wrong with a pack: a place in it, a stable reason, and a sentence in two languages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from onething.domain.dictionary import Label

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class PackProblem:
    """One mistake: ``path`` leads to it through the pack's nested mappings and lists."""

    path: Path
    reason: str
    zh: str
    en: str

    @property
    def place(self) -> str:
        """The path as people write it: ``things.P-NEWBORN.matters.HUKOU.facts[2]``."""
        text = ""
        for step in self.path:
            text += f"[{step}]" if isinstance(step, int) else f".{step}"
        return text.removeprefix(".")


class BadPack(Exception):
    """The pack cannot be read into a catalog; ``problems`` holds every mistake found."""

    reason = "bad_pack"

    def __init__(self, problems: Iterable[PackProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{each.place}: {each.en}" for each in self.problems[:5]))


_FULL_WIDTH = {"：": ":", "，": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "（": "(", "）": ")", "｛": "{"}
_FULL_WIDTH |= {
    "｝": "}",
    "［": "[",
    "］": "]",
    "＝": "=",
    "！": "!",
    "＞": ">",
    "＜": "<",
    "＆": "&",
    "｜": "|",
}
_FULL_WIDTH |= {"＃": "#", "－": "-", "　": " ", "？": "?", "；": ";", "。": "."}


def find_full_width(text: str) -> Label | None:
    """The first full-width sign in a text that should hold none, with the one to write instead."""
    sign = next((each for each in text if each in _FULL_WIDTH), None)
    if sign is None:
        return None
    half = _FULL_WIDTH[sign]
    return Label(
        f"有全角符号 {sign} ，要写半角 {half}", f"a full-width sign '{sign}' stands here: write {half}"
    )


def did_you_mean(word: str, known: Iterable[str]) -> tuple[str, str]:
    """The nearest known word as the end of a Chinese and of an English sentence, or two empty ones."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    if not near:
        return "", ""
    return f"，是不是“{near[0]}”？", f"; did you mean '{near[0]}'?"
