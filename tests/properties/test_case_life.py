"""Random legal and illegal reports, supplements, pauses, days and worker kills: no case ever goes astray."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from onething.domain.actors import Actor
from onething.domain.catalog import Label
from onething.domain.errors import Refusal
from onething.domain.plan import make_plan
from onething.domain.plan_order import PlanCircle
from onething.services import accepting, handling, supervising, supplementing, withdrawing
from tests.packs.strategies import catalogs
from tests.properties.case_life import Life
from tests.properties.test_plan_laws import CATALOG

CLERK = Actor("clerk", "staff", roles=frozenset({"clerk"}))
CITIZEN = Actor("session", "citizen", holder="0" * 32)
REPORTS: tuple[dict[str, Any], ...] = (
    {"kind": "accepted"},
    {"kind": "completed", "result": {}},
    {"kind": "denied", "reason": {"code": "no", "zh": "不符合条件"}},
    {"kind": "supplement", "wants": [{"zh": "请写明住址"}]},
    {"kind": "suspended", "cause": "hearing"},
    {"kind": "resumed"},
    {"kind": "extended", "days": 3, "reason": {"code": "complex", "zh": "情况复杂"}},
)
_LIFE: list[Life] = []


def life() -> Life:
    """One database for the run of this module: each example brings its own case."""
    if not _LIFE:
        _LIFE.append(Life(Path(tempfile.mkdtemp())))
    return _LIFE[0]


class CaseLife(RuleBasedStateMachine):
    """Whatever departments, clerks, citizens, time and kills do to one case."""

    def __init__(self) -> None:
        super().__init__()
        self.life = life()
        self.number = ""
        self.count = 0

    @initialize(data=st.data())
    def submit(self, data: st.DataObject) -> None:
        catalog = data.draw(st.one_of(st.just(CATALOG), catalogs()))
        assert catalog is not None
        thing = data.draw(st.sampled_from(sorted(catalog.things)))
        try:
            plan = make_plan(catalog, thing)
        except PlanCircle:
            plan = make_plan(CATALOG, "P-NEWBORN")
            catalog = CATALOG
        if not plan.chosen:
            catalog, plan = CATALOG, make_plan(CATALOG, "P-NEWBORN")
        self.number = self.life.begin(catalog, plan)

    def attempt(self, act: Callable[[], Any]) -> None:
        """An act that may be refused; a refusal changes nothing."""
        before = self._sequence()
        try:
            act()
        except Refusal:
            assert self._sequence() == before

    def _sequence(self) -> int:
        with self.life.ports.records.read() as uow:
            case = uow.cases.find(self.life.case)
        assert case is not None
        return case.sequence

    def _part(self, which: int) -> Any:
        with self.life.ports.records.read() as uow:
            case = uow.cases.find(self.life.case)
        assert case is not None
        return case.parts[which % len(case.parts)]

    @rule()
    def accept(self) -> None:
        self.attempt(lambda: accepting.accept_case(self.life.ports, CLERK, self.number))

    @rule(which=st.integers(0, 30), report=st.sampled_from(REPORTS), again=st.booleans())
    def department_reports(self, which: int, report: dict[str, Any], again: bool) -> None:
        part = self._part(which)
        self.count += 1
        told = {
            **report,
            "part": part.id,
            "event_id": f"{self.life.case}-{self.count}",
            "at": self.life.clock.now().isoformat(),
        }
        self.attempt(lambda: handling.take_event(self.life.ports, part.department, told))
        if again:
            before = self._sequence()
            self.attempt(lambda: handling.take_event(self.life.ports, part.department, told))
            assert self._sequence() == before

    @rule(which=st.integers(0, 30))
    def a_finished_part_runs_through(self, which: int) -> None:
        """So that long cases come to their end now and then."""
        self.life.work()
        self.department_reports(which, {"kind": "completed", "result": {}}, False)

    @rule()
    def window_wants(self) -> None:
        wants = [{"zh": "请补充联系电话"}]
        self.attempt(
            lambda: accepting.want_supplement(self.life.ports, CLERK, self.number, matter=None, wants=wants)
        )

    @rule()
    def window_asks(self) -> None:
        self.attempt(lambda: accepting.ask_supplement(self.life.ports, CLERK, self.number))

    @rule()
    def citizen_gives(self) -> None:
        self.attempt(lambda: supplementing.give_supplement(self.life.ports, CITIZEN, self.number))

    @rule(which=st.integers(0, 30), whole=st.integers(0, 9))
    def citizen_withdraws(self, which: int, whole: int) -> None:
        matter = None if whole == 0 else self._part(which).matter
        if whole in (0, 1):
            self.attempt(lambda: withdrawing.withdraw(self.life.ports, CITIZEN, self.number, matter=matter))

    @rule(rarely=st.integers(0, 9))
    def window_refuses(self, rarely: int) -> None:
        if rarely == 0:
            words = Label("不符合受理条件", "")
            self.attempt(
                lambda: accepting.refuse_case(self.life.ports, CLERK, self.number, reason=words, remedy=words)
            )

    @rule(
        troubles=st.lists(
            st.sampled_from(["", "down", "killed_before", "killed_after", "answer_lost"]), max_size=4
        )
    )
    def worker_works(self, troubles: list[str]) -> None:
        self.life.desks.trouble[:] = troubles
        self.life.work()

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        self.life.clock.at += timedelta(days=days)

    @rule(times=st.integers(1, 2))
    def sweeps_run(self, times: int) -> None:
        for _ in range(times):
            accepting.settle_receptions(self.life.ports)
            supervising.warn_of_deadlines(self.life.ports)

    @invariant()
    def nothing_went_astray(self) -> None:
        if self.number:
            self.life.check()


TestCaseLife = CaseLife.TestCase
TestCaseLife.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
