"""What a new revision of the catalog changes for one draft, in the person's words."""

from __future__ import annotations

from collections.abc import Iterable

from onething.domain.catalog import Catalog, Label, Thing
from onething.domain.conditions import without_index
from onething.domain.plan import Plan


def changes_for(before: Plan, after: Plan, old: Catalog, new: Catalog) -> tuple[Label, ...]:
    """One sentence for each matter, question, paper or promise that came, went or changed."""
    was, now = old.get_thing(before.thing), new.get_thing(after.thing)
    return (
        *_matters(before, after, was, now),
        *_facts(before, after, old, new),
        *_papers(before, after, was, now),
        *_promise(was, now),
    )


def _matters(before: Plan, after: Plan, was: Thing, now: Thing) -> Iterable[Label]:
    for code in before.chosen:
        if code not in after.chosen:
            name = was.matters[code].label
            yield Label(f"“{name.zh}”不再一起办理", f"“{name.en}” is no longer part of this")
    for code in after.chosen:
        if code not in before.chosen:
            name = now.matters[code].label
            yield Label(f"新增“{name.zh}”，可以点掉", f"“{name.en}” was added; you may untick it")


def _facts(before: Plan, after: Plan, old: Catalog, new: Catalog) -> Iterable[Label]:
    asked, asks = {each.fact for each in before.ask}, {each.fact for each in after.ask}
    for key in sorted(asks - asked):
        name = new.get_fact(new.get_thing(after.thing), without_index(key)).label
        yield Label(f"现在还要填写：{name.zh}", f"Now also asked: {name.en}")
    for key in sorted(asked - asks - set(after.form)):
        name = old.get_fact(old.get_thing(before.thing), without_index(key)).label
        yield Label(f"不用再填写：{name.zh}", f"No longer asked: {name.en}")


def _papers(before: Plan, after: Plan, was: Thing, now: Thing) -> Iterable[Label]:
    wanted = {each.material for each in before.materials if each.state == "to_submit"}
    wants = {each.material for each in after.materials if each.state == "to_submit"}
    for key in sorted(wants - wanted):
        name = now.materials[key].label
        yield Label(f"现在还要提交：{name.zh}", f"Now also to be handed in: {name.en}")
    for key in sorted(wanted - wants):
        name = was.materials[key].label
        yield Label(f"不用再提交：{name.zh}", f"No longer to be handed in: {name.en}")


def _promise(was: Thing, now: Thing) -> Iterable[Label]:
    if was.promise.days != now.promise.days:
        days = now.promise.days
        yield Label(f"承诺时限现在是{days}个工作日", f"The promise is now {days} working days")
