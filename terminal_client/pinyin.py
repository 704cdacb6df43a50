"""Pinyin to characters: the county's own lexicon first, then Google's decoder from Debian."""

import ctypes
import json
import threading
from ctypes.util import find_library
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from pypinyin import lazy_pinyin

LIBRARY = "libgooglepinyin.so.0"
DICTIONARIES = (
    "/usr/lib/x86_64-linux-gnu/googlepinyin/data/dict_pinyin.dat",
    "/usr/lib/aarch64-linux-gnu/googlepinyin/data/dict_pinyin.dat",
)
LONGEST = 40
MOST = 24


@dataclass(frozen=True)
class Candidate:
    """What the letters may mean; `used` is how many of the letters it stands for."""

    text: str
    used: int


@lru_cache(maxsize=1)
def read_lexicon() -> dict[str, dict[str, tuple[str, ...]]]:
    """Words by kind (places, surnames, given) and then by their pinyin letters, the commonest first."""
    given = json.loads((files("terminal_client") / "lexicon.json").read_text(encoding="utf-8"))
    return {kind: _by_letters(list_words(entry)) for kind, entry in given.items() if kind != "about"}


def list_words(entry: str | list[str]) -> list[str]:
    """A lexicon's entry as words: a list as it is, a text as its characters."""
    return list(entry)


def _by_letters(known: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in known:
        letters = "".join(lazy_pinyin(word))
        found[letters] = (*found.get(letters, ()), word)
    return found


def lexicon_candidates(letters: str, kind: str) -> list[Candidate]:
    """What the lexicon has: places anywhere, surnames and given names where a name is typed."""
    lexicon = read_lexicon()
    places = [word for key, found in lexicon["places"].items() if _fits(key, letters) for word in found]
    found = [Candidate(word, len(letters)) for word in places]
    return _names(letters) + found if kind == "name" else found + _place_first(letters)


def _fits(key: str, letters: str) -> bool:
    return key == letters or (len(letters) >= 5 and key.startswith(letters))


def _place_first(letters: str) -> list[Candidate]:
    """The places that the letters begin with and go on after, the longest first."""
    places = read_lexicon()["places"]
    starts = [letters[:end] for end in range(len(letters) - 1, 3, -1)]
    return [Candidate(word, len(key)) for key in starts for word in places.get(key, ())]


def _names(letters: str) -> list[Candidate]:
    lexicon = read_lexicon()
    whole = [Candidate(word, len(letters)) for word in lexicon["surnames"].get(letters, ())]
    whole += [Candidate(word, len(letters)) for word in lexicon["given"].get(letters, ())]
    for end in range(len(letters) - 1, 0, -1):
        for surname in lexicon["surnames"].get(letters[:end], ())[:2]:
            given = lexicon["given"].get(letters[end:], ())
            whole += [Candidate(surname + word, len(letters)) for word in given[:3]]
    return whole


class Decoder:
    """Google's pinyin decoder through ctypes. It keeps one state, so one caller at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._library = self._open()

    @property
    def is_there(self) -> bool:
        """Whether the library and its dictionary were found."""
        return self._library is not None

    @staticmethod
    def _open() -> ctypes.CDLL | None:
        dictionary = next((path for path in DICTIONARIES if Path(path).is_file()), None)
        name = find_library("googlepinyin") or LIBRARY
        try:
            library = ctypes.CDLL(name)
        except OSError:
            return None
        library.im_search.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
        library.im_search.restype = ctypes.c_size_t
        library.im_get_candidate.argtypes = [ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t]
        library.im_get_candidate.restype = ctypes.c_void_p
        library.im_get_spl_start_pos.argtypes = [ctypes.POINTER(ctypes.POINTER(ctypes.c_uint16))]
        library.im_get_spl_start_pos.restype = ctypes.c_size_t
        library.im_open_decoder.restype = ctypes.c_bool
        opened = dictionary and library.im_open_decoder(dictionary.encode(), b"/dev/null")
        return library if opened else None

    def search(self, letters: str) -> list[Candidate]:
        """The decoder's candidates, likeliest first; nothing when the library is not there."""
        if self._library is None:
            return []
        with self._lock:
            self._library.im_reset_search()
            raw = letters.encode("ascii")
            count = min(self._library.im_search(raw, len(raw)), MOST)
            starts = self._starts()
            found = [self._candidate(self._library, number, starts, len(letters)) for number in range(count)]
            # what somebody typed does not stay in the decoder
            self._library.im_reset_search()
            return found

    def _starts(self) -> list[int]:
        assert self._library is not None
        pointer = ctypes.POINTER(ctypes.c_uint16)()
        syllables = self._library.im_get_spl_start_pos(ctypes.byref(pointer))
        return [pointer[number] for number in range(syllables + 1)]

    @staticmethod
    def _candidate(library: ctypes.CDLL, number: int, starts: list[int], typed: int) -> Candidate:
        buffer = (ctypes.c_uint16 * (LONGEST + 1))()
        library.im_get_candidate(number, ctypes.addressof(buffer), LONGEST)
        units = bytes(buffer)
        text = units.decode("utf-16-le").partition("\0")[0]
        used = starts[len(text)] if len(text) < len(starts) else typed
        return Candidate(text, used)


@lru_cache(maxsize=1)
def open_decoder() -> Decoder:
    """The one decoder of this process."""
    return Decoder()


def list_candidates(letters: str, kind: str = "pinyin") -> list[Candidate]:
    """What the typed letters may mean, likeliest first, each text once.

    `kind` is "name", "place" or "pinyin". Letters other than a to z and the apostrophe give nothing.
    """
    if not letters or len(letters) > LONGEST or not all(c == "'" or "a" <= c <= "z" for c in letters):
        return []
    found = lexicon_candidates(letters, kind) + open_decoder().search(letters)
    seen: dict[str, Candidate] = {}
    for candidate in found:
        if candidate.text:
            seen.setdefault(candidate.text, candidate)
    return list(seen.values())[:MOST]
