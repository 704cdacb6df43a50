"""A part as a department keeps it: what it was sent, what was given later, what it has told."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sandbox.callbacks import Event
from sandbox.habits import ENDS, Ask, Habit
from sandbox.results import FactsMissing, issue_result

DEFAULT_DENIAL = {"code": "conditions_not_met", "zh": "不符合办理条件", "en": "The conditions are not met"}


@dataclass
class Part:
    """A part that a department holds; moments are ISO 8601 in sandbox time.

    ``deliveries`` counts how often the decision was asked for under the part's key, ``supplements`` are
    what was given later, each with its key and the moment.
    """

    reference: str
    department: str
    key: str
    body: dict[str, Any]
    taken_at: str
    events: list[Event] = field(default_factory=list)
    supplements: list[dict[str, Any]] = field(default_factory=list)
    deliveries: int = 1
    withdrawn_at: str | None = None

    @property
    def id(self) -> str:
        return str(self.body["part"])

    @property
    def told(self) -> list[str]:
        return [str(event.body["kind"]) for event in self.events]

    @property
    def is_completed(self) -> bool:
        return "completed" in self.told

    @property
    def is_over(self) -> bool:
        return self.withdrawn_at is not None or bool(ENDS & set(self.told))

    @property
    def is_supplemented(self) -> bool:
        """Something came after the department asked."""
        asked_at = [event.body["at"] for event in self.events if event.body["kind"] == "supplement"]
        return bool(asked_at) and any(_is_after(given["at"], asked_at[0]) for given in self.supplements)

    @property
    def facts(self) -> dict[str, Any]:
        """The delivery's facts, and those that were given later."""
        given = {name: value for each in self.supplements for name, value in each["facts"].items()}
        return {**self.body["facts"], **given}

    @property
    def lacking(self) -> list[str]:
        """What was asked for and has not been given, by name."""
        wants = [want for event in self.events for want in event.body.get("wants", ())]
        papers = {str(each.get("material")) for given in self.supplements for each in given["materials"]}
        facts = {name for given in self.supplements for name in given["facts"]}
        named = [str(want.get("material") or want.get("fact") or "") for want in wants]
        return [name for name in named if name and name not in papers | facts]

    def last_news_at(self) -> datetime:
        """When this part last moved; paces are counted from here."""
        told = [event.body["at"] for event in self.events]
        given = [each["at"] for each in self.supplements]
        return max(datetime.fromisoformat(at) for at in [self.taken_at, *told, *given])

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "lacking": self.lacking, "is_over": self.is_over}


def part_from_json(data: Mapping[str, Any]) -> Part:
    """A part as ``to_json`` wrote it."""
    own = {name: value for name, value in data.items() if name not in ("lacking", "is_over", "events")}
    return Part(**own, events=[Event(**event) for event in data["events"]])


def _is_after(given_at: str, asked_at: str) -> bool:
    return datetime.fromisoformat(given_at) >= datetime.fromisoformat(asked_at)


def make_event(part: Part, kind: str, habit: Habit, now: datetime, number: int = 0) -> Event:
    """The event's body; a completion without the facts it needs becomes a denial that names them."""
    body: dict[str, Any] = {
        "event_id": str(uuid.uuid4()),
        "part": part.id,
        "kind": kind,
        "at": now.isoformat(timespec="milliseconds"),
        "reason": None,
        "result": None,
    }
    return Event({**body, **_content(part, kind, habit)}, number)


def _content(part: Part, kind: str, habit: Habit) -> dict[str, Any]:
    match kind:
        case "completed":
            try:
                return {"result": issue_result(part.body["thing"], part.body["matter"], part.id, part.facts)}
            except FactsMissing as missing:
                return {"kind": "denied", "reason": _reason_for(missing)}
        case "denied":
            return {"reason": habit.reason or DEFAULT_DENIAL}
        case "supplement":
            return {"wants": _wants(part, habit.supplement or Ask())}
        case "suspended":
            return {"cause": habit.suspend.cause if habit.suspend else "inspection"}
        case "extended":
            extension = habit.extend
            reason = (
                extension.reason
                if extension
                else {"code": "complex", "zh": "情况复杂", "en": "It is complex"}
            )
            return {"days": extension.days if extension else 10, "reason": reason}
        case _:
            return {}


def _wants(part: Part, ask: Ask) -> list[Mapping[str, str]]:
    """What the habit says, or the part's first paper again, or its first fact where it has no paper."""
    if ask.wants:
        return list(ask.wants)
    papers = part.body.get("materials") or []
    if papers:
        again = {"zh": "原件不清晰,请重新提交", "en": "It can not be read: please hand it in again"}
        return [{"material": str(papers[0]["material"]), **again}]
    names = sorted(part.body["facts"])
    return [
        {"fact": name, "zh": "请核对后重新填写", "en": "Please check and give it again"} for name in names[:1]
    ]


def _reason_for(missing: FactsMissing) -> dict[str, str]:
    names = "、".join(missing.missing)
    return {"code": "facts_missing", "zh": f"缺少信息:{names}", "en": f"Facts are missing: {names}"}
