"""The table of who answers for what: one case for each subject and matter."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from onething.storage.tables import metadata

case_claims = Table(
    "case_claims",
    metadata,
    Column("subject", String(64), primary_key=True),
    Column("matter", String(64), primary_key=True),
    Column("case_id", String(64), ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
)
