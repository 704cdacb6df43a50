"""The life of a terminal: its states, the acts that move it, and its key's name that people compare."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal

# Crockford's base 32: no I, L, O or U, so that nobody mixes up what is read aloud.
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK_WORD_CHARACTERS = 8


class TerminalState(StrEnum):
    """Where a terminal stands in its life; how it is today is another word (``fleet_health``)."""

    PLANNED = "planned"
    CODE_ISSUED = "code_issued"
    LOBBY = "lobby"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"

    @property
    def is_final(self) -> bool:
        return self is TerminalState.RETIRED


class TerminalAct(StrEnum):
    """What moves a terminal from one state to another."""

    ISSUE_CODE = "issue_code"
    CODE_LAPSED = "code_lapsed"
    CLAIM = "claim"
    ACTIVATE = "activate"
    REJECT = "reject"
    KEY_LAPSED = "key_lapsed"
    SUSPEND = "suspend"
    RESUME = "resume"
    RETIRE = "retire"


_P, _C, _L, _A, _S, _R = TerminalState
TERMINAL_MOVES: Mapping[TerminalAct, Mapping[TerminalState, TerminalState]] = MappingProxyType(
    {
        TerminalAct.ISSUE_CODE: {_P: _C, _C: _C, _L: _C, _S: _C},
        TerminalAct.CODE_LAPSED: {_C: _P},
        TerminalAct.CLAIM: {_C: _L},
        TerminalAct.ACTIVATE: {_L: _A},
        TerminalAct.REJECT: {_L: _P},
        TerminalAct.KEY_LAPSED: {_A: _L},
        TerminalAct.SUSPEND: {_A: _S},
        TerminalAct.RESUME: {_S: _A},
        TerminalAct.RETIRE: {_P: _R, _C: _R, _L: _R, _A: _R, _S: _R},
    }
)
STATE_WORDS: Mapping[TerminalState, Label] = MappingProxyType(
    {
        _P: Label("已规划", "Planned"),
        _C: Label("已发登记码", "Code issued"),
        _L: Label("待核对", "To be compared"),
        _A: Label("在用", "In service"),
        _S: Label("已停用", "Suspended"),
        _R: Label("已退役", "Retired"),
    }
)


class IllegalTerminalMove(Refusal):
    """The terminal is not in a state from which this can be done."""

    reason = "illegal_terminal_move"
    status_hint = "conflict"
    text = Label("终端当前的状态不能这样操作", "The terminal's state does not allow this")


def next_state(act: TerminalAct, state: TerminalState) -> TerminalState:
    """Where an act leads; raises ``IllegalTerminalMove``."""
    moves = TERMINAL_MOVES[act]
    if state not in moves:
        raise IllegalTerminalMove
    return moves[state]


def thumbprint(public_key: bytes) -> str:
    """SHA-256 of an Ed25519 key's 32 raw bytes, in hex."""
    return hashlib.sha256(public_key).hexdigest()


def check_words(public_key: bytes) -> str:
    """The first 40 bits of the thumbprint as ``XXXX-XXXX``: the same on both screens."""
    value = int.from_bytes(hashlib.sha256(public_key).digest()[:5], "big")
    letters = "".join(CROCKFORD[value >> 5 * place & 31] for place in reversed(range(_CHECK_WORD_CHARACTERS)))
    return f"{letters[:4]}-{letters[4:]}"
