"""Whether a QR symbol is one part of a text split over several, read from its own modules (ISO/IEC 18004).

The decoder gives a part's bytes but not its place in the whole. The head of the symbol says it: 3 for
structured append, then the part's number, how many there are less one, and the parity of the whole text.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from qrcode.base import EXP_TABLE, LOG_TABLE, rs_blocks
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.util import mask_func, pattern_position

Modules = npt.NDArray[np.bool_]

_LEVELS = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}
_STRUCTURED_APPEND = 3


@dataclass(frozen=True)
class PartHead:
    """The part's place (from 0), the number of parts, and the parity of the whole text's bytes."""

    place: int
    parts: int
    parity: int


class UnknownHead(ValueError):
    """The symbol's head cannot be read with certainty."""


def read_head(code: Any) -> PartHead | None:
    """The head of a symbol that zxing-cpp has read; None for a text that stands alone. UnknownHead."""
    try:
        version, level = int(code.extra["Version"]), _LEVELS[code.extra["ECLevel"]]
        mask = int(code.extra["DataMask"])
    except (KeyError, ValueError) as error:
        raise UnknownHead(str(error)) from error
    modules = np.asarray(code.to_image(scale=1, add_quiet_zones=False)) == 0
    for seen in (modules, modules.T):  # a mirrored symbol keeps its modules as they were seen
        if (head := _first_codewords(seen, version, level, mask)) is not None:
            return _head_of(head)
    raise UnknownHead("more damage than the symbol can mend")


def _head_of(codewords: list[int]) -> PartHead | None:
    first, second, third = codewords[:3]
    if first >> 4 != _STRUCTURED_APPEND:
        return None
    return PartHead(first & 15, (second >> 4) + 1, (second & 15) << 4 | third >> 4)


def _first_codewords(modules: Modules, version: int, level: int, mask: int) -> list[int] | None:
    """The corrected data codewords of the symbol's first block; None when they cannot be corrected."""
    if modules.shape != (17 + 4 * version,) * 2:
        raise UnknownHead(f"{modules.shape} is not version {version}")
    blocks = rs_blocks(version, level)
    data, parity = blocks[0].data_count, blocks[0].total_count - blocks[0].data_count
    parity_from = sum(block.data_count for block in blocks)
    # the blocks' codewords are dealt out in turn, and the first block is never a longer one
    numbers = [i * len(blocks) for i in range(data)]
    numbers += [parity_from + i * len(blocks) for i in range(parity)]
    block = [_codeword(modules, version, mask, number) for number in numbers]
    corrected = correct(block, parity)
    return None if corrected is None else corrected[:data]


def _codeword(modules: Modules, version: int, mask: int, number: int) -> int:
    is_flipped = mask_func(mask)
    value = 0
    for row, column in _data_places(version)[8 * number : 8 * number + 8]:
        value = value << 1 | (bool(modules[row, column]) != is_flipped(row, column))
    return value


@lru_cache(maxsize=40)
def _data_places(version: int) -> list[tuple[int, int]]:
    """The modules that carry data, in their order: column pairs from the right, up and down in turn."""
    size = 17 + 4 * version
    is_fixed = _fixed_modules(version, size)
    places = []
    # the column of the timing pattern belongs to no pair
    columns = [*range(size - 1, 6, -2), 5, 3, 1]
    for turn, right in enumerate(columns):
        rows = range(size - 1, -1, -1) if turn % 2 == 0 else range(size)
        places += [
            (row, column) for row in rows for column in (right, right - 1) if not is_fixed[row, column]
        ]
    return places


def _fixed_modules(version: int, size: int) -> Modules:
    fixed = np.zeros((size, size), np.bool_)
    fixed[:9, :9] = fixed[:9, -8:] = fixed[-8:, :9] = True
    fixed[6, :] = fixed[:, 6] = True
    centres = pattern_position(version)
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for row, column in {(row, column) for row in centres for column in centres} - corners:
        fixed[row - 2 : row + 3, column - 2 : column + 3] = True
    if version >= 7:
        fixed[:6, -11:-8] = fixed[-11:-8, :6] = True
    return fixed


def correct(block: list[int], parity: int) -> list[int] | None:
    """A Reed-Solomon block over GF(256) with its errors taken out; None when there are too many."""
    syndromes = [_evaluated(block, power) for power in range(parity)]
    if not any(syndromes):
        return block
    locator = _error_locator(syndromes)
    places = [place for place in range(len(block)) if _at_inverse(locator, len(block) - 1 - place) == 0]
    if len(places) != len(locator) - 1 or 2 * len(places) > parity:
        return None
    corrected = list(block)
    for place in places:
        corrected[place] ^= _error_value(syndromes, locator, len(block) - 1 - place)
    return None if any(_evaluated(corrected, power) for power in range(parity)) else corrected


def _times(a: int, b: int) -> int:
    return EXP_TABLE[(LOG_TABLE[a] + LOG_TABLE[b]) % 255] if a and b else 0


def _evaluated(block: list[int], power: int) -> int:
    """The polynomial, highest power first, at alpha to that power."""
    value = 0
    for each in block:
        value = _times(value, EXP_TABLE[power]) ^ each
    return value


def _at_inverse(polynomial: list[int], power: int) -> int:
    """The polynomial, lowest power first, at alpha to the minus that power."""
    value = 0
    for i, each in enumerate(polynomial):
        value ^= _times(each, EXP_TABLE[-power * i % 255])
    return value


def _error_locator(syndromes: list[int]) -> list[int]:
    """Berlekamp and Massey's shortest recurrence, lowest power first."""
    locator, before, shift, last = [1], [1], 1, 1
    length = 0
    for n, syndrome in enumerate(syndromes):
        gap = syndrome
        for i in range(1, min(length, len(locator) - 1) + 1):
            gap ^= _times(locator[i], syndromes[n - i])
        if gap == 0:
            shift += 1
            continue
        scale = _times(gap, EXP_TABLE[-LOG_TABLE[last] % 255])
        grown = _added(locator, [0] * shift + [_times(scale, each) for each in before])
        if 2 * length <= n:
            length, before, last, shift = n + 1 - length, locator, gap, 1
        else:
            shift += 1
        locator = grown
    while len(locator) > 1 and locator[-1] == 0:
        locator.pop()
    return locator


def _added(a: list[int], b: list[int]) -> list[int]:
    size = max(len(a), len(b))
    return [x ^ y for x, y in zip(a + [0] * (size - len(a)), b + [0] * (size - len(b)), strict=True)]


def _error_value(syndromes: list[int], locator: list[int], power: int) -> int:
    """Forney's value of the error at that power."""
    evaluator = [0] * len(syndromes)
    for i in range(len(syndromes)):
        for j in range(min(i, len(locator) - 1) + 1):
            evaluator[i] ^= _times(locator[j], syndromes[i - j])
    slope = [each if i % 2 == 0 else 0 for i, each in enumerate(locator[1:])]
    above, below = _at_inverse(evaluator, power), _at_inverse(slope, power)
    if not below:
        return 0
    # the first root is alpha to the 0, so the value carries one more alpha to the power
    return _times(EXP_TABLE[power % 255], _times(above, EXP_TABLE[-LOG_TABLE[below] % 255]))
