"""What a supervising department is told and how its answer is read; no network here."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from onething.ports.results import ApprovalNotice


class Taken(msgspec.Struct):
    """The supervisor's acknowledgement of the message, not yet of the approval."""

    reference: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


def body_of(notice: ApprovalNotice) -> dict[str, Any]:
    """The body of the request: codes, dates and identifiers of documents, no personal values."""
    approval = notice.approval
    return {
        "item": approval.id,
        "case_number": notice.case_number,
        "thing": notice.thing,
        "matter": approval.matter,
        "approved_by": approval.approved_by,
        "approved_at": approval.approved_at.isoformat(),
        "on_commitment": approval.to_check,
        "documents": [dict(document) for document in notice.documents],
        "callback": notice.callback,
    }
