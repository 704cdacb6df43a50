"""Records made for tests. Their people are invented: division 411599 does not exist."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from onething.domain.cases import Event, EventKind, PartState
from onething.domain.people import citizen_check_character
from onething.domain.records import AuditRow, Case, Draft, Job, Part, Session, StoredFile, Terminal

NOW = datetime(2026, 11, 20, 1, 2, 3, 400500, tzinfo=UTC)
_FIRST_17 = "41159919900307022"
MOTHER_NUMBER = _FIRST_17 + citizen_check_character(_FIRST_17)
MOTHER_NAME = "陈𠮷䶮"
_numbers = count(1)


def later(seconds: float) -> datetime:
    """So many seconds after now."""
    return NOW + timedelta(seconds=seconds)


def made_values() -> dict[str, dict[str, Any]]:
    """Role to fact to a value as it is sealed."""
    return {
        "mother": {
            "name": {"value": MOTHER_NAME, "origin": "card"},
            "id_number": {"value": MOTHER_NUMBER, "origin": "card"},
        },
        "child": {"birth_on": {"value": "2026-11-18", "origin": "register", "source": "birth_register"}},
    }


def made_draft(**changes: Any) -> Draft:
    """An open draft of a birth."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "id": f"draft-{number}",
        "thing": "P-NEWBORN",
        "holder": f"{number:032x}",
        "subject": "child-1",
        "revision": 1,
        "division": "411523",
        "created_at": NOW,
        "updated_at": NOW,
        "progress": {"chosen": ["HUKOU"], "consent": {"birth_register": True}},
        "values": made_values(),
    }
    return Draft(**{**fields, **changes})


def made_case(**changes: Any) -> Case:
    """A case of two parts, just received."""
    number = next(_numbers)
    parts = (
        Part(f"part-{number}-1", "HUKOU", "GA", PartState.WAITING),
        Part(f"part-{number}-2", "INSURANCE", "YB", PartState.WAITING, date(2026, 12, 1)),
    )
    fields: dict[str, Any] = {
        "id": f"case-{number}",
        "number": f"XX26{number:06d}",
        "thing": "P-NEWBORN",
        "holder": "a" * 32,
        "draft": f"draft-of-{number}",
        "revision": 1,
        "plan": {"matters": [{"code": "HUKOU"}], "format": 1},
        "division": "411523",
        "terminal": "terminal-1",
        "submitted_at": NOW,
        "answered_by": date(2026, 11, 27),
        "state": "received",
        "sequence": 1,
        "parts": parts,
    }
    return Case(**{**fields, **changes})


def submitted(case: Case) -> Event:
    """The first event of a case."""
    parts = [{"id": part.id, "matter": part.matter} for part in case.parts]
    return Event(1, EventKind.SUBMITTED, case.submitted_at, None, {"parts": parts})


def made_job(**changes: Any) -> Job:
    """A delivery that is due."""
    fields: dict[str, Any] = {
        "id": f"job-{next(_numbers)}",
        "kind": "deliver_part",
        "payload": {"part": "part-1"},
        "due_at": NOW,
    }
    return Job(**{**fields, **changes})


def made_audit_row(**changes: Any) -> AuditRow:
    """A citizen who reads."""
    fields: dict[str, Any] = {
        "at": NOW,
        "actor": "session-1",
        "actor_kind": "citizen",
        "action": "case_read",
        "purpose": "P-NEWBORN",
        "subject": "a" * 32,
        "detail": {"matters": ["HUKOU"]},
    }
    return AuditRow(**{**fields, **changes})


def made_session(**changes: Any) -> Session:
    """A citizen at a kiosk."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "id": f"session-{number}",
        "terminal": "terminal-1",
        "holder": "a" * 32,
        "card": {"name": MOTHER_NAME, "number": MOTHER_NUMBER},
        "assurance": "card",
        "started_at": NOW,
        "expires_at": later(1800),
        "division": "411523",
    }
    return Session(**{**fields, **changes})


def made_terminal(**changes: Any) -> Terminal:
    """A kiosk with a key of 32 bytes."""
    number = next(_numbers)
    fields: dict[str, Any] = {
        "id": f"terminal-{number}",
        "number": f"XX-{number:03d}",
        "hall": "新县政务服务大厅",
        "public_key": number.to_bytes(32, "big"),
        "division": "411523",
        "enrolled_at": NOW,
    }
    return Terminal(**{**fields, **changes})


def made_file(**changes: Any) -> StoredFile:
    """One scanned page."""
    fields: dict[str, Any] = {
        "id": f"file-{next(_numbers)}",
        "owner": "draft-1",
        "material": "marriage",
        "sha256": "0" * 64,
        "media_type": "image/jpeg",
        "size": 1000,
        "width": 2480,
        "height": 3508,
        "created_at": NOW,
    }
    return StoredFile(**{**fields, **changes})
