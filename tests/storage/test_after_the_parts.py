"""Results, ratings, disputes, needs and approvals come out as they went in, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from onething.domain.approvals import Approval, ApprovalState, CheckResult
from onething.domain.disputes import Dispute, DisputeState
from onething.domain.listing import BadCursor, Place, place_at, place_on
from onething.domain.needs import Need, NeedKey, NeedState
from onething.domain.ratings import (
    Channel,
    Ground,
    Level,
    Occasion,
    Rating,
    RatingAppeal,
    RatingState,
    Rectification,
    RectificationState,
    service_of,
)
from onething.domain.results import IssueWay, PrintJob, Result, ResultState, Shipment, ShipmentState
from onething.ports import Conflict
from onething.storage.unit_of_work import DatabaseRecords
from tests.storage.made_records import NOW, later, made_case, submitted

WORDS = "窗口叫我跑了三趟"
ADDRESS = {"name": "陈𠮷䶮", "mobile": "19900000001", "address": "新县某路1号"}


@pytest.fixture
def case_id(records: DatabaseRecords) -> str:
    case = made_case()
    with records.act() as uow:
        uow.cases.add(case, [submitted(case)], {})
    return case.id


def made_result(case_id: str, **changes: Any) -> Result:
    fields: dict[str, Any] = {
        "id": "result-1",
        "case_id": case_id,
        "part": "part-1",
        "place": 0,
        "matter": "HUKOU",
        "department": "GA",
        "document": "hukou_book",
        "of_role": "child",
        "identifier": None,
        "division": "411523",
        "completed_at": NOW,
    }
    return Result(**{**fields, **changes})


def made_rating(case_id: str, **changes: Any) -> Rating:
    fields: dict[str, Any] = {
        "id": "rating-1",
        "case_id": case_id,
        "service": service_of(case_id, None, Occasion.RESULT),
        "number": 1,
        "thing": "P-NEWBORN",
        "matter": None,
        "department": "WJ",
        "occasion": Occasion.RESULT,
        "channel": Channel.KIOSK,
        "level": Level.DISSATISFIED,
        "reasons": ("visits",),
        "named": True,
        "holder": "a" * 32,
        "division": "411523",
        "rated_at": NOW,
        "comment": WORDS,
    }
    return Rating(**{**fields, **changes})


def test_a_result_goes_through_its_states(records: DatabaseRecords, case_id: str) -> None:
    first = made_result(case_id)
    second = made_result(case_id, id="result-2", place=1, document="", of_role=None, completed_at=later(1))
    issued = replace(
        first, state=ResultState.ISSUED, way=IssueWay.WINDOW, issued_at=later(2), issued_by="clerk-1"
    )
    with records.act() as uow:
        uow.results.add_all([second, first])
        assert uow.results.list_of(case_id) == [first, second]
        assert uow.results.save(issued, ResultState.READY)
        assert not uow.results.save(issued, ResultState.READY)
    with records.read() as uow:
        assert uow.results.list_of(case_id) == [issued, second]


def test_asking_for_results_one_by_one_is_asked_once(records: DatabaseRecords, case_id: str) -> None:
    with records.act() as uow:
        assert not uow.results.is_partial_asked(case_id)
        uow.results.ask_partial(case_id, "citizen", NOW)
        uow.results.ask_partial(case_id, "clerk", later(1))
        assert uow.results.is_partial_asked(case_id)


def test_an_address_is_sealed(records: DatabaseRecords, case_id: str, as_superuser: Any) -> None:
    shipment = Shipment("shipment-1", case_id, ("result-1",), ADDRESS, "411523", NOW)
    trace = ({"at": NOW.isoformat(), "zh": "已签收：陈𠮷䶮", "en": "Signed for"},)
    moved = replace(
        shipment, state=ShipmentState.DELIVERED, waybill="XX123456789015", moved_at=later(1), trace=trace
    )
    with records.act() as uow:
        uow.results.add_shipment(shipment)
        assert uow.results.find_shipment("shipment-1") == shipment
        assert uow.results.save_shipment(moved, shipment)
        assert not uow.results.save_shipment(moved, shipment)
        assert uow.results.list_shipments(case_id) == [moved]
    rows = as_superuser("SELECT sealed_address, sealed_trace FROM shipments")
    assert ADDRESS["name"].encode() not in b"".join(bytes(value) for value in rows[0])


def test_a_print_waits_until_it_is_printed(records: DatabaseRecords, case_id: str) -> None:
    job = PrintJob("print-1", case_id, "result-1", "411523", NOW, "clerk-1")
    with records.act() as uow:
        uow.results.add_print(job)
        assert uow.results.list_waiting_prints() == [job]
        printed = replace(job, printed_at=later(1), printed_by="kiosk-1")
        at_kiosk = replace(job, terminal="kiosk-1")
        assert uow.results.save_print(at_kiosk, job)
        assert not uow.results.save_print(printed, job)
        doubted = replace(at_kiosk, doubted_at=later(1))
        assert uow.results.save_print(doubted, at_kiosk)
        printed = replace(doubted, printed_at=later(1), printed_by="kiosk-1")
        assert uow.results.save_print(printed, doubted)
        assert not uow.results.save_print(printed, doubted)
        assert uow.results.list_waiting_prints() == []
        assert uow.results.list_prints(case_id) == [printed]


def test_a_service_has_one_rating_of_each_number(records: DatabaseRecords, case_id: str) -> None:
    rating = made_rating(case_id)
    with records.act() as uow:
        uow.ratings.add(rating)
    with pytest.raises(Conflict), records.act() as uow:
        uow.ratings.add(replace(rating, id="rating-2"))
    again = replace(rating, id="rating-3", number=2, follows="rating-1", comment=None, rated_at=later(1))
    with records.act() as uow:
        uow.ratings.add(again)
        assert uow.ratings.list_of(case_id) == [rating, again]


def test_what_a_citizen_wrote_is_sealed(records: DatabaseRecords, case_id: str, as_superuser: Any) -> None:
    with records.act() as uow:
        uow.ratings.add(made_rating(case_id))
    ((kept,),) = as_superuser("SELECT sealed_comment FROM ratings")
    assert WORDS.encode() not in bytes(kept)


def test_an_excluded_rating_keeps_its_trace(records: DatabaseRecords, case_id: str) -> None:
    rating = made_rating(case_id)
    appeal = RatingAppeal(
        "appeal-1", rating.id, "officer-1", NOW, Ground.MISTAKEN, "不是本局的事项", "411523"
    )
    decided = replace(
        appeal, decided_by="supervisor-1", decided_at=later(1), excluded=True, decision="查实，排除"
    )
    with records.act() as uow:
        uow.ratings.add(rating)
        uow.ratings.add_appeal(appeal)
        assert uow.ratings.list_open_appeals() == [appeal]
        assert uow.ratings.save_appeal(decided)
        assert not uow.ratings.save_appeal(decided)
        assert uow.ratings.save(replace(rating, state=RatingState.EXCLUDED), RatingState.COUNTED)
        assert uow.ratings.find_appeal_of(rating.id) == decided
    with pytest.raises(Conflict), records.act() as uow:
        uow.ratings.add_appeal(replace(appeal, id="appeal-2"))


def test_open_rectifications_come_by_their_day(records: DatabaseRecords, case_id: str) -> None:
    ratings = [made_rating(case_id, id=f"rating-{n}", service=f"service-{n}") for n in range(3)]
    days = [date(2026, 12, 3), date(2026, 12, 1), date(2026, 12, 2)]
    opened = [
        Rectification(f"rect-{n}", ratings[n].id, case_id, "WJ" if n else "GA", "411523", NOW, days[n])
        for n in range(3)
    ]
    with records.act() as uow:
        for rating, rectification in zip(ratings, opened, strict=True):
            uow.ratings.add(rating)
            uow.ratings.add_rectification(rectification)
        assert uow.ratings.list_open_rectifications(None) == [opened[1], opened[2], opened[0]]
        assert uow.ratings.list_open_rectifications("GA") == [opened[0]]
        called = replace(opened[0], state=RectificationState.CALLED_BACK, call_note="已致歉", called_at=NOW)
        assert uow.ratings.save_rectification(called, RectificationState.OPEN)
        assert uow.ratings.find_rectification_of("rating-0") == called
        settled = replace(
            called, state=RectificationState.SETTLED, finding_text={"zh": "属实", "en": "justified"}
        )
        assert uow.ratings.save_rectification(settled, RectificationState.CALLED_BACK)
        assert uow.ratings.list_open_rectifications("GA") == []


def test_open_lists_go_on_behind_a_place_also_where_days_are_the_same(
    records: DatabaseRecords, case_id: str
) -> None:
    ratings = [made_rating(case_id, id=f"rating-{n}", service=f"service-{n}") for n in range(5)]
    day = date(2026, 12, 1)
    with records.act() as uow:
        for n, rating in enumerate(ratings):
            uow.ratings.add(rating)
            due_on = day if n < 3 else day + timedelta(days=n)
            uow.ratings.add_rectification(
                Rectification(f"rect-{n}", rating.id, case_id, "WJ", "411523", NOW, due_on)
            )
            uow.ratings.add_appeal(
                RatingAppeal(f"appeal-{n}", rating.id, "o", NOW, Ground.MISTAKEN, "误评", "411523")
            )
            uow.approvals.add_all(
                [Approval(f"approval-{n}", case_id, f"part-{n}", "FOOD", "XZSP", "SJ", True, "411523", NOW)]
            )
        for department in (None, "WJ"):
            due = in_pages(
                lambda after, of=department: uow.ratings.list_open_rectifications(of, 2, after),
                lambda each: Place(each.due_on, each.id),
            )
            assert due == [f"rect-{n}" for n in range(5)]
        appealed = in_pages(
            lambda after: uow.ratings.list_open_appeals(2, after),
            lambda each: Place(each.appealed_at, each.id),
        )
        assert appealed == [f"appeal-{n}" for n in range(5)]
        waiting = in_pages(
            lambda after: uow.approvals.list_inbox("SJ", ApprovalState.WAITING, 2, after),
            lambda each: Place(each.approved_at, each.id),
        )
        assert waiting == [f"approval-{n}" for n in range(5)]


def in_pages(read: Callable[[Place | None], Sequence[Any]], place: Callable[[Any], Place]) -> list[str]:
    """The ids of a list that is read page after page, each place going through its cursor."""
    found: list[str] = []
    after: Place | None = None
    while rows := read(after):
        found += [each.id for each in rows]
        cursor = place(rows[-1]).to_cursor()
        is_day = not isinstance(place(rows[-1]).key, datetime)
        after = place_on(cursor) if is_day else place_at(cursor)
    return found


@pytest.mark.parametrize("cursor", ["nonsense", "W10", "WyIyMDI2LTEyLTAxIiwgMV0", "WyIyMDI2IiwgInIiXQ"])
def test_a_place_that_no_page_gave_is_refused(cursor: str) -> None:
    for read in (place_on, place_at):
        with pytest.raises(BadCursor):
            read(cursor)


def test_a_value_has_one_open_dispute(records: DatabaseRecords, case_id: str, as_superuser: Any) -> None:
    claim = {"register": "新县人民医院", "citizen": "新县中医院"}
    dispute = Dispute(
        "dispute-1", "draft-1", "P-NEWBORN", "child.birth_hospital", "birth_register", "WJ", "a" * 32,
        "411523", NOW, date(2026, 12, 1), claim, ("file-1",),
    )  # fmt: skip
    with records.act() as uow:
        uow.disputes.add(dispute)
    with pytest.raises(Conflict), records.act() as uow:
        uow.disputes.add(replace(dispute, id="dispute-2"))
    with records.act() as uow:
        assert uow.disputes.draft_became("draft-1", case_id) == 1
        (of_case,) = uow.disputes.list_of_case(case_id)
        assert of_case == replace(dispute, case_id=case_id)
        settled = replace(of_case, state=DisputeState.EXPLAINED, settled_at=later(1), reason={"zh": "x"})
        assert uow.disputes.save(settled, DisputeState.OPEN)
        assert uow.disputes.list_open("WJ") == []
        uow.disputes.add(replace(dispute, id="dispute-3"))
    ((kept, *_),) = as_superuser("SELECT sealed_claim FROM disputes WHERE id = 'dispute-1'")
    assert "新县中医院".encode() not in bytes(kept)


def test_only_agreed_needs_may_be_asked(records: DatabaseRecords) -> None:
    key = NeedKey("birth_register", "person.birth_on", "P-NEWBORN", "HUKOU")
    need = Need(key, "WJ", NeedState.DRAFT, "411523", 1, NOW, "editor")
    other = replace(need, key=replace(key, matter="SS-CARD"), state=NeedState.AGREED)
    with records.act() as uow:
        uow.data_needs.add_all([other, need])
        uow.data_needs.add_all([replace(need, state=NeedState.AGREED)])
        assert uow.data_needs.list_all() == [need, other]
        assert uow.data_needs.list_not_agreed("P-NEWBORN") == {key}
        assert uow.data_needs.list_not_agreed("E-RESTAURANT") == frozenset()
        agreed = replace(need, state=NeedState.AGREED, number="新数函〔2026〕1号", changed_by="clerk")
        assert not uow.data_needs.save(agreed, NeedState.SUBMITTED)
        assert uow.data_needs.save(agreed, NeedState.DRAFT)
        assert uow.data_needs.find(key) == agreed
        uow.data_needs.mark(key, is_current=False)
        assert uow.data_needs.find(key) == replace(agreed, is_current=False)


def test_an_approval_waits_in_its_supervisor_s_inbox(records: DatabaseRecords, case_id: str) -> None:
    approval = Approval("approval-1", case_id, "part-1", "FOOD", "XZSP", "SJ", True, "411523", NOW)
    with records.act() as uow:
        uow.approvals.add_all([approval])
        assert uow.approvals.list_inbox("SJ", ApprovalState.WAITING) == [approval]
        assert uow.approvals.list_inbox("XF", ApprovalState.WAITING) == []
        found = replace(
            approval,
            state=ApprovalState.FOUND,
            result=CheckResult.RECTIFY,
            finding={"zh": "限期整改", "en": "to be put right"},
            found_at=later(1),
        )
        assert uow.approvals.save(found, ApprovalState.WAITING)
        assert uow.approvals.list_of(case_id) == [found]


def test_steps_reported_to_the_province_never_go_back(records: DatabaseRecords, case_id: str) -> None:
    with records.act() as uow:
        reports = uow.province_reports
        assert reports.get_reported(case_id) == 0
        reports.put_reported(case_id, 3, NOW)
        reports.put_reported(case_id, 2, later(1))
        assert reports.get_reported(case_id) == 3
        reports.note_refusal(case_id, "refused", later(2))
        assert reports.list_refused() == [(case_id, 3, later(2), "refused")]
        reports.put_reported(case_id, 4, later(3))
        assert reports.list_refused() == []
