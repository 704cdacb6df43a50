"""Consent: the person says which sources may be asked before anything is fetched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from onething.domain.records import Session
from onething.ports import Ports, UnitOfWork
from onething.services.consented import consents
from onething.services.desk import Desk, with_progress, work_on
from onething.services.draft_view import view_of


def consent(ports: Ports, session: Session, draft_id: str, sources: Mapping[str, bool]) -> dict[str, Any]:
    """Agree to or refuse each source, for the facts shown with it; one never named stays unasked."""

    def change(_uow: UnitOfWork, desk: Desk, _now: datetime) -> Desk:
        known = {call.source for wave in desk.plan.fetch for call in wave}
        known |= desk.draft.progress.get("consent", {}).keys()
        said = {source: bool(agreed) for source, agreed in sources.items() if source in known}
        return with_progress(desk, **consents(desk, said))

    return view_of(work_on(ports, session, draft_id, change, "consent_given"))
