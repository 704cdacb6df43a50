"""The process of a one-thing as the flow chart tells it: its matters, and what each waits for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from onething.domain.catalog import Catalog, Label, Limit, Matter, Mode, Thing

NOTHING = Label("", "")
ONE_OF = Label("任选一项", "choose one")
COUNTED_APART = Label("时限另计", "counted apart")
REMARKS = {
    Mode.IN_PERSON: Label("需到场", "in person"),
    Mode.EXTERNAL: Label("外部办理", "by others"),
}


@dataclass(frozen=True)
class FlowFeed:
    """What comes from another step; `carries` may be empty."""

    step: str
    carries: Label = NOTHING


@dataclass(frozen=True)
class FlowStep:
    """One matter in the chart, or with `members` a choice of one; `limit` and `remark` may be empty."""

    id: str
    label: Label
    department: Label
    limit: Label = NOTHING
    remark: Label = NOTHING
    optional: bool = False
    after: tuple[FlowFeed, ...] = ()
    members: tuple["FlowStep", ...] = ()


@dataclass(frozen=True)
class FlowChart:
    """The departments' part of a one-thing; the way in and out is the same for all and is not said here."""

    title: Label
    lead: Label
    promise_days: int
    steps: tuple[FlowStep, ...]

    def waves(self) -> tuple[tuple[FlowStep, ...], ...]:
        """Return the steps in the order of handling; those of one wave run side by side.

        What waits for itself in a circle, which no published catalog holds, comes last together.
        """
        left = {step.id: step for step in self.steps}
        waves: list[tuple[FlowStep, ...]] = []
        while left:
            free = [s for s in left.values() if not any(feed.step in left for feed in s.after)]
            wave = tuple(free) or tuple(left.values())
            waves.append(wave)
            for step in wave:
                del left[step.id]
        return tuple(waves)


def chart_of(catalog: Catalog, thing_code: str) -> FlowChart:
    """Return the chart of a whole one-thing, every matter chosen. Raises: UnknownThing."""
    thing = catalog.get_thing(thing_code)
    steps = _without_detours(_choices(thing, [_step(catalog, thing, m) for m in thing.matters.values()]))
    lead = catalog.departments[thing.lead].label
    return FlowChart(thing.label, lead, thing.promise.days, steps)


def _choices(thing: Thing, steps: list[FlowStep]) -> list[FlowStep]:
    """Return the steps with the matters of each choose-one group as one step."""
    group_of = {code: matter.group for code, matter in thing.matters.items() if matter.group}
    members: dict[str, list[FlowStep]] = {}
    for step in steps:
        if step.id in group_of:
            members.setdefault(group_of[step.id], []).append(step)
    stands_for = {code: group for code, group in group_of.items() if len(members[group]) > 1}
    merged: dict[str, FlowStep] = {}
    for step in steps:
        group = stands_for.get(step.id)
        if group is None:
            merged[step.id] = replace(step, after=_joined([step], stands_for))
        elif group not in merged:
            merged[group] = _choice(thing, group, members[group], stands_for)
    return list(merged.values())


def _choice(thing: Thing, group: str, members: list[FlowStep], stands_for: dict[str, str]) -> FlowStep:
    departments = {member.department for member in members}
    feeds = tuple(feed for feed in _joined(members, stands_for) if feed.step != group)
    department = departments.pop() if len(departments) == 1 else NOTHING
    label = thing.groups[group].label
    # that a member need not be chosen is what the choice itself says
    plain = tuple(replace(member, optional=False) for member in members)
    return FlowStep(group, label, department, remark=ONE_OF, after=feeds, members=plain)


def _joined(steps: list[FlowStep], stands_for: dict[str, str]) -> tuple[FlowFeed, ...]:
    """Return what the steps wait for, each once, what carries something before what does not."""
    feeds: dict[str, Label] = {}
    for feed in sorted((f for s in steps for f in s.after), key=lambda feed: not feed.carries.zh):
        feeds.setdefault(stands_for.get(feed.step, feed.step), feed.carries)
    return tuple(FlowFeed(step, carries) for step, carries in feeds.items())


def _without_detours(steps: list[FlowStep]) -> tuple[FlowStep, ...]:
    """Leave out an arrow where a longer way already leads: who waits for the second waits for the first."""
    before = {step.id: {feed.step for feed in step.after} for step in steps}
    all_before = {step.id: _reach(step.id, before) for step in steps}
    return tuple(
        replace(
            step, after=tuple(f for f in step.after if not _is_detour(f.step, step.id, before, all_before))
        )
        for step in steps
    )


def _reach(step: str, before: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(before[step])
    while waiting:
        other = waiting.pop()
        if other not in reached:
            reached.add(other)
            waiting.extend(before[other])
    return reached


def _is_detour(first: str, step: str, before: dict[str, set[str]], all_before: dict[str, set[str]]) -> bool:
    between = before[step] - {first}
    return any(first in all_before[other] and other not in all_before[first] for other in between)


def _step(catalog: Catalog, thing: Thing, matter: Matter) -> FlowStep:
    feeds: dict[str, Label] = {}
    for other, carries in _feeds(catalog, thing, matter):
        if other != matter.code and not feeds.get(other, NOTHING).zh:
            feeds[other] = carries
    return FlowStep(
        id=matter.code,
        label=matter.label,
        department=catalog.departments[matter.department].label,
        limit=_limit(matter.promised),
        remark=_remark(matter),
        optional=matter.optional,
        after=tuple(FlowFeed(other, carries) for other, carries in feeds.items()),
    )


def _feeds(catalog: Catalog, thing: Thing, matter: Matter) -> Iterator[tuple[str, Label]]:
    """Yield what the matter waits for: documents first, then facts, then bare order."""
    wanted = {need.material for need in matter.materials}
    documents = {(thing.materials[material].document, thing.materials[material].of) for material in wanted}
    facts = [need.fact for need in matter.facts]
    others = [other for other in thing.matters.values() if other.code != matter.code]
    for other in others:
        for document, of in other.produces_documents:
            if (document, of) in documents:
                yield other.code, catalog.documents[document].label
    for other in others:
        for fact in facts:
            if fact in other.produces_facts:
                yield other.code, catalog.get_fact(thing, fact).label
    for edge in matter.after:
        for other in others:
            if other.code == edge.matter or (edge.group and other.group == edge.group):
                yield other.code, NOTHING


def _limit(limit: Limit | None) -> Label:
    if limit is None:
        return NOTHING
    amount = f"{limit.amount.normalize():f}"
    if limit.amount == 0:
        return Label("当场办结", "on the spot")
    zh, en = ("天", "day") if limit.unit == "cd" else ("个工作日", "working day")
    return Label(f"{amount}{zh}", f"{amount} {en}{'' if limit.amount == 1 else 's'}")


def _remark(matter: Matter) -> Label:
    if matter.mode in REMARKS:
        return REMARKS[matter.mode]
    return COUNTED_APART if matter.outside_promise is not None else NOTHING
