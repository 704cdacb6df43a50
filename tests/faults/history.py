"""What must be true of the records and of the departments after everything, whoever was killed when."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from onething.domain.cases import CaseState, EventKind, fold
from onething.domain.records import Case
from onething.ports import Ports
from onething.storage import tables
from onething.storage.audit_chain import find_broken
from onething.storage.refusals import RecordsUnavailable
from onething.storage.unit_of_work import DatabaseRecords
from sandbox.running import RunningSandbox
from tests.faults.kiosk import Rivals
from tests.patience import Patience

SETTLED_WITHIN_SECONDS = 120.0


def wait_until_settled(ports: Ports, within_seconds: float = SETTLED_WITHIN_SECONDS) -> None:
    """Until every job is done and every case closed; raises ``TimeoutError`` saying what is left."""
    patience = Patience(within_seconds)
    while True:
        try:
            left = _unfinished(ports)
        except RecordsUnavailable:
            # Our own connections too are of before the database was restarted.
            left = ["the database is away"]
        if not left:
            return
        if not patience.lasts():
            raise TimeoutError(f"not settled: {left}")
        time.sleep(0.2)


def _unfinished(ports: Ports) -> list[Any]:
    open_cases = select(tables.cases.c.number, tables.cases.c.state).where(
        tables.cases.c.state != CaseState.CLOSED.value
    )
    with ports.records.read() as uow:
        connection: Connection = uow.connection
        return [*uow.jobs.list_unfinished(), *connection.execute(open_cases).fetchall()]


def wait_until_told(
    sandbox: RunningSandbox, since: int, within_seconds: float = SETTLED_WITHIN_SECONDS
) -> list[dict[str, Any]]:
    """Until departments know that everything they told was taken; the parts from ``since`` on.

    A report whose answer was lost is told again later, although the case is closed by then.
    """
    patience = Patience(within_seconds)
    while True:
        held = sandbox.list_parts()[since:]
        events = [event for part in held for event in part["events"]]
        if all(event["delivered"] or event["refused"] for event in events):
            return held
        if not patience.lasts():
            raise TimeoutError(f"never taken: {[e for e in events if not e['delivered']]}")
        time.sleep(0.2)


class History:
    """The answers that rivals got, held against what the installation and the world keep."""

    def __init__(self, ports: Ports, sandbox: RunningSandbox, rivals: Sequence[Rivals], since: int) -> None:
        self._ports = ports
        self._rivals = rivals
        self.cases = _cases_of_drafts(ports, [each.draft for each in rivals])
        self.held = wait_until_told(sandbox, since)

    def check(self) -> None:
        """Raise ``AssertionError`` for the first promise that was broken."""
        self.every_retry_got_the_same_answer()
        self.one_case_for_each_key()
        self.every_case_is_whole()
        self.nothing_is_left_over()
        self.departments_hold_each_part_once()
        self.the_audit_tells_of_each_once()

    def every_retry_got_the_same_answer(self) -> None:
        for each in self._rivals:
            assert len(each.answers) == Rivals.COUNT
            assert all(answer == each.answers[0] for answer in each.answers)

    def one_case_for_each_key(self) -> None:
        """Every number that was given out is stored, and no other case is there for its draft."""
        for each in self._rivals:
            numbers = [case.number for case in self.cases[each.draft]]
            assert numbers == [each.answers[0]["case_number"]]
        every_number = [case.number for cases in self.cases.values() for case in cases]
        assert len(set(every_number)) == len(self._rivals)

    def every_case_is_whole(self) -> None:
        """The events of each case fold, and its rows are what they fold to."""
        for case in self._each_case():
            with self._ports.records.read() as uow:
                events = uow.cases.list_events(case.id)
                values = uow.cases.get_values(case.id)
                draft = uow.drafts.find(case.draft)
            assert [event.sequence for event in events] == list(range(1, len(events) + 1))
            view = fold(events)
            assert (view.state.value, view.sequence) == (case.state, case.sequence)
            assert {part.id: part.state for part in case.parts} == {
                p.id: p.state for p in view.parts.values()
            }
            assert [part.matter for part in case.parts] == [
                code for wave in case.plan["order"] for code in wave
            ]
            dispatched = Counter(event.part for event in events if event.kind is EventKind.PART_DISPATCHED)
            assert dispatched == {part.id: 1 for part in case.parts}
            assert values["child"]["name"]["value"]
            assert draft is not None
            assert (draft.state, draft.values) == ("submitted", {})

    def nothing_is_left_over(self) -> None:
        """No row of an act that did not happen, nothing undone, nothing half done."""
        orphans = {
            table.name: select(func.count()).where(table.c.case_id.not_in(select(tables.cases.c.id)))
            for table in (tables.parts, tables.case_events, tables.case_values)
        }
        unanswered = select(func.count()).where(tables.idempotency_keys.c.sealed_answer.is_(None))
        with self._ports.records.read() as uow:
            connection: Connection = uow.connection
            for name, query in orphans.items():
                assert connection.execute(query).scalar_one() == 0, name
            assert connection.execute(unanswered).scalar_one() == 0
            keys = connection.execute(select(tables.idempotency_keys.c.key)).scalars()
            assert sorted(keys) == sorted(each.key for each in self._rivals)
            assert list(uow.jobs.list_unfinished()) == []

    def departments_hold_each_part_once(self) -> None:
        ours = sorted(part.id for case in self._each_case() for part in case.parts)
        assert sorted(part["body"]["part"] for part in self.held) == ours
        assert all(part["key"] == part["body"]["part"] for part in self.held)
        for part in self.held:
            assert [event["body"]["kind"] for event in part["events"]] == ["accepted", "completed"]
            assert all(event["delivered"] for event in part["events"])

    def the_audit_tells_of_each_once(self) -> None:
        submitted = select(tables.audit.c.case_id).where(tables.audit.c.action == "submitted")
        records = self._ports.records
        assert isinstance(records, DatabaseRecords)
        with records.read() as uow:
            told = uow.connection.execute(submitted).scalars()
            assert sorted(told) == sorted(case.id for case in self._each_case())
        assert find_broken(records) is None

    def _each_case(self) -> list[Case]:
        return [case for cases in self.cases.values() for case in cases]


def _cases_of_drafts(ports: Ports, drafts: Sequence[str]) -> Mapping[str, list[Case]]:
    with ports.records.read() as uow:
        connection: Connection = uow.connection
        rows = connection.execute(select(tables.cases.c.id, tables.cases.c.draft)).fetchall()
        found: dict[str, list[Case]] = {draft: [] for draft in drafts}
        for case_id, draft in rows:
            case = uow.cases.find(case_id)
            assert case is not None
            found.setdefault(draft, []).append(case)
    return found
