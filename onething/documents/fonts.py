"""The fonts of printed documents, in the order in which a character is looked for."""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import typst

FONT_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts")
FONT_FOLDERS_VARIABLE: Final = "ONETHING_FONT_FOLDERS"


class FontsMissing(Exception):
    """A font file documents need is not installed; `reason` is stable."""

    reason = "fonts_missing"


@dataclass(frozen=True)
class Font:
    """A font family, its file's name, and the number of its face inside a collection (-1: no collection)."""

    family: str
    file_name: str
    face: int = -1


# Noto's covers GB 2312 to extension A and looks best; HanaMin B has extensions B to F; BabelStone the rest
SERIF_CHAIN: Final = (
    Font("Noto Serif CJK SC", "NotoSerifCJK-Regular.ttc", 2),
    Font("HanaMinB", "HanaMinB.ttf"),
    Font("BabelStone Han", "BabelStoneHan.ttf"),
)
SANS_CHAIN: Final = (Font("Noto Sans CJK SC", "NotoSansCJK-Regular.ttc", 2), *SERIF_CHAIN[1:])


def font_folders() -> tuple[str, ...]:
    """Return the folders searched for fonts; ONETHING_FONT_FOLDERS (colon-separated) replaces them."""
    named = os.environ.get(FONT_FOLDERS_VARIABLE, "")
    return tuple(named.split(":")) if named else FONT_FOLDERS


@lru_cache(maxsize=16)
def get_font_file(file_name: str) -> Path:
    """Return where a font file is. Raises: FontsMissing."""
    for folder in font_folders():
        for path in sorted(Path(folder).rglob(file_name)):
            return path
    raise FontsMissing(f"{file_name} is not in {', '.join(font_folders())}")


@lru_cache(maxsize=1)
def typesetting_fonts() -> typst.Fonts:
    """Return the fonts for typst: the chain's folders only, so no other installed font changes a page."""
    chain = {*SERIF_CHAIN, *SANS_CHAIN}
    folders = sorted({str(get_font_file(font.file_name).parent) for font in chain})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
