"""Enrolment codes, configurations and commands of terminals, their events, and intakes taken without us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, delete, func, select, update

from onething.domain.enrolment_codes import EnrolmentCode
from onething.domain.fleet import (
    CommandKind,
    CommandState,
    Configuration,
    Intake,
    Outcome,
    TerminalCommand,
    TerminalEvent,
)
from onething.storage import tables_fleet as tables
from onething.storage.kept_rows import KeptRows
from onething.storage.sealing import Sealer
from onething.storage.statements import Prepared, RowInsert

_K = tables.enrolment_codes.c
_CODES = KeptRows(tables.enrolment_codes, EnrolmentCode, sealed=("secret",))
_CODE = Prepared(_CODES.select(_K.id == bindparam("wanted")))
_CODES_OF = Prepared(
    _CODES.select(_K.terminal == bindparam("wanted"))
    .order_by(_K.issued_at.desc(), _K.id)
    .limit(bindparam("at_most"))
)
_LAPSED_CODES = Prepared(_CODES.select(_K.ended_at.is_(None), _K.expires_at <= bindparam("now")))
_ATTEMPT = Prepared(
    update(tables.enrolment_codes)
    .values({"attempts": _K.attempts + 1})
    .where(
        _K.code == bindparam("wanted"),
        _K.ended_at.is_(None),
        _K.expires_at > bindparam("now"),
        _K.attempts < bindparam("most"),
    )
    .returning(_K.id)
)
_USE = Prepared(
    update(tables.enrolment_codes)
    .values({"used_at": bindparam("at"), "used_by": bindparam("by")})
    .where(_K.id == bindparam("wanted"), _K.used_at.is_(None), _K.ended_at.is_(None))
)
_ENDED = update(tables.enrolment_codes).values(
    {"ended_at": bindparam("at"), "outcome": bindparam("how"), "sealed_secret": None}
)
_END = Prepared(_ENDED.where(_K.id == bindparam("wanted"), _K.ended_at.is_(None)))
_END_ALL = Prepared(_ENDED.where(_K.terminal == bindparam("wanted"), _K.ended_at.is_(None)))
_T = tables.enrolment_tries.c
_FIRST_TRY = RowInsert(tables.enrolment_tries, ("scope", "minute_at", "amount"), once=True)
_TRY = Prepared(
    update(tables.enrolment_tries)
    .values({"amount": _T.amount + 1})
    .where(_T.scope == bindparam("wanted"), _T.minute_at == bindparam("minute"))
    .returning(_T.amount)
)
_PURGE_TRIES = Prepared(delete(tables.enrolment_tries).where(_T.minute_at < bindparam("before")))

_G = tables.terminal_configurations.c
_CONFIGURATIONS = KeptRows(tables.terminal_configurations, Configuration, reads={"outcome": Outcome})
_CONFIGURATION = Prepared(
    _CONFIGURATIONS.select(_G.terminal == bindparam("wanted"), _G.revision == bindparam("of_revision"))
)
_CONFIGURATIONS_OF = Prepared(
    _CONFIGURATIONS.select(_G.terminal == bindparam("wanted"))
    .order_by(_G.revision.desc())
    .limit(bindparam("at_most"))
)
_REPORT = Prepared(
    update(tables.terminal_configurations)
    .values(
        {
            "outcome": bindparam("how"),
            "outcome_at": bindparam("at"),
            "reason": bindparam("why"),
            "detail": bindparam("words"),
        }
    )
    .where(_G.terminal == bindparam("wanted"), _G.revision == bindparam("of_revision"))
)

_C = tables.terminal_commands.c
_COMMANDS = KeptRows(
    tables.terminal_commands, TerminalCommand, reads={"kind": CommandKind, "state": CommandState}
)
_COMMAND = Prepared(_COMMANDS.select(_C.id == bindparam("wanted")))
_OPEN_COMMANDS = Prepared(
    _COMMANDS.select(
        _C.terminal == bindparam("wanted"), _C.ended_at.is_(None), _C.expires_at > bindparam("now")
    ).order_by(_C.issued_at, _C.id)
)
_COMMANDS_OF = Prepared(
    _COMMANDS.select(_C.terminal == bindparam("wanted"))
    .order_by(_C.issued_at.desc(), _C.id)
    .limit(bindparam("at_most"))
)
_LAPSED_COMMANDS = Prepared(_COMMANDS.select(_C.ended_at.is_(None), _C.expires_at <= bindparam("now")))

_WITH_ATTACHMENTS = Prepared(
    _COMMANDS.select(_C.attachment.is_not(None), _C.ended_at < bindparam("before"))
    .order_by(_C.ended_at)
    .limit(500)
)

_E = tables.terminal_events.c
_EVENTS = KeptRows(tables.terminal_events, TerminalEvent)
_EVENTS_OF = Prepared(
    _EVENTS.select(_E.terminal == bindparam("wanted"))
    .order_by(_E.at.desc(), _E.id)
    .limit(bindparam("at_most"))
)

_I = tables.intakes.c
_INTAKES = KeptRows(tables.intakes, Intake, sealed=("content",), reads={"sealed_item": bytes})
_INTAKE = Prepared(_INTAKES.select(_I.id == bindparam("wanted")))
_ITEM = Prepared(_INTAKES.select(_I.terminal == bindparam("of_terminal"), _I.item == bindparam("wanted")))
_KNOWN_ITEM = Prepared(
    select(func.count(type_=Integer)).where(
        _I.terminal == bindparam("of_terminal"), _I.item == bindparam("wanted")
    )
)
_TO_SETTLE = Prepared(
    _INTAKES.select(_I.settled_at.is_(None)).order_by(_I.received_at, _I.id).limit(bindparam("at_most"))
)


class DatabaseEnrolmentCodes:
    """``EnrolmentCodes``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, code: EnrolmentCode) -> None:
        """Raises ``Conflict`` when a live code begins with the same four characters."""
        _CODES.add(self._connection, self._sealer, [code])

    def count_attempt(self, code: str, now: datetime, most: int) -> EnrolmentCode | None:
        row = _ATTEMPT.row(self._connection, wanted=code, now=now, most=most)
        return None if row is None else _CODES.find(self._connection, self._sealer, _CODE, wanted=row[0])

    def use(self, code_id: str, used_by: str, at: datetime) -> bool:
        return _USE.change(self._connection, wanted=code_id, by=used_by, at=at) == 1

    def end(self, code_id: str, outcome: str, at: datetime) -> None:
        _END.change(self._connection, wanted=code_id, how=outcome, at=at)

    def end_all_of(self, terminal: str, outcome: str, at: datetime) -> None:
        _END_ALL.change(self._connection, wanted=terminal, how=outcome, at=at)

    def list_lapsed(self, now: datetime) -> Sequence[EnrolmentCode]:
        return _CODES.all(self._connection, self._sealer, _LAPSED_CODES, now=now)

    def list_of(self, terminal: str, limit: int = 20) -> Sequence[EnrolmentCode]:
        return _CODES.all(self._connection, self._sealer, _CODES_OF, wanted=terminal, at_most=limit)

    def count_try(self, scope: str, minute_at: datetime) -> int:
        _FIRST_TRY(self._connection, [(scope, minute_at, 0)])
        row = _TRY.row(self._connection, wanted=scope, minute=minute_at)
        assert row is not None
        return int(row[0])

    def purge_tries(self, before: datetime) -> int:
        return _PURGE_TRIES.change(self._connection, before=before)


class DatabaseConfigurations:
    """``Configurations``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, configuration: Configuration) -> None:
        """Raises ``Conflict`` when somebody else made this revision."""
        _CONFIGURATIONS.add(self._connection, self._sealer, [configuration])

    def find(self, terminal: str, revision: int) -> Configuration | None:
        return _CONFIGURATIONS.find(
            self._connection, self._sealer, _CONFIGURATION, wanted=terminal, of_revision=revision
        )

    def list_of(self, terminal: str, limit: int = 20) -> Sequence[Configuration]:
        return _CONFIGURATIONS.all(
            self._connection, self._sealer, _CONFIGURATIONS_OF, wanted=terminal, at_most=limit
        )

    def report(
        self, terminal: str, revision: int, outcome: Outcome, at: datetime, reason: str, detail: str
    ) -> bool:
        values = {"how": str(outcome), "at": at, "why": reason, "words": detail}
        return _REPORT.change(self._connection, wanted=terminal, of_revision=revision, **values) == 1


class DatabaseTerminalCommands:
    """``TerminalCommands``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, command: TerminalCommand) -> None:
        _COMMANDS.add(self._connection, self._sealer, [command])

    def find(self, command_id: str) -> TerminalCommand | None:
        return _COMMANDS.find(self._connection, self._sealer, _COMMAND, wanted=command_id)

    def list_open(self, terminal: str, now: datetime) -> Sequence[TerminalCommand]:
        return _COMMANDS.all(self._connection, self._sealer, _OPEN_COMMANDS, wanted=terminal, now=now)

    def list_of(self, terminal: str, limit: int = 50) -> Sequence[TerminalCommand]:
        return _COMMANDS.all(self._connection, self._sealer, _COMMANDS_OF, wanted=terminal, at_most=limit)

    def list_lapsed(self, now: datetime) -> Sequence[TerminalCommand]:
        return _COMMANDS.all(self._connection, self._sealer, _LAPSED_COMMANDS, now=now)

    def list_with_attachments(self, before: datetime) -> Sequence[TerminalCommand]:
        return _COMMANDS.all(self._connection, self._sealer, _WITH_ATTACHMENTS, before=before)

    def save(self, command: TerminalCommand, was: str) -> bool:
        return _COMMANDS.save(self._connection, self._sealer, command, state=was)


class DatabaseTerminalEvents:
    """``TerminalEvents``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, event: TerminalEvent) -> None:
        _EVENTS.add(self._connection, self._sealer, [event])

    def list_of(self, terminal: str, limit: int = 100) -> Sequence[TerminalEvent]:
        return _EVENTS.all(self._connection, self._sealer, _EVENTS_OF, wanted=terminal, at_most=limit)


class DatabaseIntakes:
    """``Intakes``."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self._connection = connection
        self._sealer = sealer

    def add(self, intake: Intake) -> bool:
        known = _KNOWN_ITEM.row(self._connection, of_terminal=intake.terminal, wanted=intake.item)
        if known is not None and known[0]:
            return False
        _INTAKES.add(self._connection, self._sealer, [intake])
        return True

    def find(self, intake_id: str) -> Intake | None:
        return _INTAKES.find(self._connection, self._sealer, _INTAKE, wanted=intake_id)

    def find_item(self, terminal: str, item: str) -> Intake | None:
        return _INTAKES.find(self._connection, self._sealer, _ITEM, of_terminal=terminal, wanted=item)

    def save(self, intake: Intake, was: str) -> bool:
        return _INTAKES.save(self._connection, self._sealer, intake, state=was)

    def list_to_settle(self, limit: int = 100) -> Sequence[Intake]:
        return _INTAKES.all(self._connection, self._sealer, _TO_SETTLE, at_most=limit)
