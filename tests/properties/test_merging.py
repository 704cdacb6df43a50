"""Two devices typing into one draft, in any order: the later value stands, and nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from onething.domain.merging import MOST_REPLACED, TYPED_BY, Seen, merge, note, typed_where
from onething.domain.values import Origin, Replaced, Value

BEGUN = datetime(2026, 11, 23, 2, tzinfo=UTC)
DEVICES = ("kiosk", "phone")

# One step: which device, what it types (None empties the field), and whether it looks at the draft before.
STEPS = st.lists(
    st.tuples(st.sampled_from(DEVICES), st.none() | st.sampled_from("甲乙丙丁戊"), st.booleans()),
    max_size=12,
)


class Draft:
    """One field of one draft, and what each device has on its screen."""

    def __init__(self) -> None:
        self.version = 0
        self.value: Value | None = None
        self.progress: dict[str, object] = {}
        self.screens = dict.fromkeys(DEVICES, (0, None))

    def look(self, device: str) -> None:
        self.screens[device] = (self.version, self.value)

    def type(self, device: str, text: str | None) -> None:
        version, _ = self.screens[device]
        seen = Seen(device, BEGUN, version)
        known = seen.knows(self.progress.get(TYPED_BY, {}), "child.name")
        typed = None if text is None else Value(text, Origin.TYPED)
        self.value = merge(self.value, typed, known=known)
        at = BEGUN + timedelta(seconds=self.version)
        self.progress = {TYPED_BY: note(self.progress, ["child.name"], self.version + 1, seen, at)}
        self.version += 1
        # A device is answered with the draft: it sees what has become of it.
        self.look(device)


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_what_one_device_typed_is_never_lost_unseen(steps: list[tuple[str, str | None, bool]]) -> None:
    draft = Draft()
    for device, text, looks in steps:
        if looks:
            draft.look(device)
        seen = draft.screens[device][1]
        before = draft.value
        draft.type(device, text)
        after = draft.value
        there = () if after is None else (after.value, *(each.value for each in after.replaced))
        if text is not None:
            assert after is not None
            assert after.value == text
        if before is not None and before != seen and before.value != text:
            assert before.value in there
        assert len(there) == len(set(there)) <= MOST_REPLACED + 1


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_one_device_alone_is_never_asked(steps: list[tuple[str, str | None, bool]]) -> None:
    draft = Draft()
    for _, text, _ in steps:
        draft.type("phone", text)
        assert draft.value is None or draft.value.replaced == ()
        assert (draft.value.value if draft.value else None) == text


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_devices_that_look_before_they_type_are_never_asked(
    steps: list[tuple[str, str | None, bool]],
) -> None:
    draft = Draft()
    for device, text, _ in steps:
        draft.look(device)
        draft.type(device, text)
        assert draft.value is None or draft.value.replaced == ()


@given(st.sampled_from("甲乙"), st.sampled_from("甲乙"), st.booleans())
def test_a_device_without_a_version_has_seen_what_was_there_when_it_began(
    first: str, second: str, before: bool
) -> None:
    at = BEGUN - timedelta(minutes=1) if before else BEGUN + timedelta(minutes=1)
    noted = note({}, ["child.name"], 1, Seen("phone", BEGUN), at)
    known = Seen("kiosk", BEGUN).knows(noted, "child.name")
    merged = merge(Value(first, Origin.TYPED), Value(second, Origin.TYPED), known=known)
    assert known == before
    assert merged is not None
    assert [each.value for each in merged.replaced] == ([] if before or first == second else [first])


def test_where_a_value_was_typed_is_kept_with_it() -> None:
    noted = note({}, ["child.name"], 1, Seen("one", BEGUN, 0, "phone"), BEGUN)
    here, there = Value("甲", Origin.TYPED), Value("乙", Origin.TYPED)
    merged = merge(there, here, known=False, where=typed_where(noted, "child.name"))
    assert merged is not None
    assert merged.replaced == (Replaced("乙", "phone", BEGUN.isoformat()),)


def test_a_draft_from_before_this_was_noted_is_read() -> None:
    assert typed_where({"child.name": [1, "one", BEGUN.isoformat()]}, "child.name") == (
        None,
        BEGUN.isoformat(),
    )
    old = Value.from_json({"value": "甲", "origin": "typed", "replaced": ["乙"]})
    assert old.replaced == (Replaced("乙"),)


@given(st.text(min_size=1), st.lists(st.text(min_size=1), max_size=3))
def test_what_was_replaced_is_sealed_with_its_value(text: str, replaced: list[str]) -> None:
    value = Value(text, Origin.TYPED, replaced=tuple(Replaced(each, "phone") for each in replaced))
    assert Value.from_json(value.to_json()) == value
