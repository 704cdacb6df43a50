"""Every table of the database: the modules ``tables*`` share one metadata, whole only from here."""

from __future__ import annotations

from onething.storage import (
    tables_fleet,
    tables_handling,
    tables_handovers,
    tables_messages,
    tables_phones,
    tables_results,
    tables_same_event,
    tables_showing_codes,
    tables_staff,
    tables_stepping_up,
    tables_supervision,
    tables_together,
    tables_uploads,
)
from onething.storage.tables import metadata

__all__ = [
    "metadata",
    "tables_fleet",
    "tables_handling",
    "tables_handovers",
    "tables_messages",
    "tables_phones",
    "tables_results",
    "tables_same_event",
    "tables_showing_codes",
    "tables_staff",
    "tables_stepping_up",
    "tables_supervision",
    "tables_together",
    "tables_uploads",
]
