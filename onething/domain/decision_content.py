"""What stands on the written decision of a matter that brings no document of its own."""

from __future__ import annotations

from datetime import datetime

from onething.domain.catalog import Catalog, Label
from onething.domain.notice_content import NoticeContent
from onething.domain.records import Case
from onething.domain.working_days import SHANGHAI

OFFICE = "XZSP"
TITLE = Label("办理结果告知书", "Notice of the result")


def compose_decision(
    catalog: Catalog, case: Case, part_id: str, addressee: str, completed_at: datetime
) -> NoticeContent:
    """The words of the decision: it goes to the applicant themself, whose name stands on it unmasked."""
    thing = catalog.get_thing(case.thing)
    place, part = next((place, each) for place, each in enumerate(case.parts, 1) if each.id == part_id)
    matter = thing.matters[part.matter]
    said = [f"您申请的“{thing.label.zh}”中的“{matter.label.zh}”，经审查符合条件，已经办成。"]
    if matter.result is not None:
        said.append(f"办理结果：{matter.result.zh}。")
    department = catalog.departments[part.department].label.zh
    done = completed_at.astimezone(SHANGHAI)
    return NoticeContent(
        title=TITLE,
        number=f"{case.number}-{place:02d}",
        case_number=case.number,
        addressee=addressee,
        paragraphs=tuple(said),
        office=catalog.departments[OFFICE].label.zh if OFFICE in catalog.departments else department,
        department=department,
        issued_on=f"{done:%Y年%m月%d日}",
    )
