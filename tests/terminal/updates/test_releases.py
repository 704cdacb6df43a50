"""Which release a kiosk should have, from the signed list alone."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminal_client.updating.refusals import UpdateRefused
from terminal_client.updating.releases import (
    Package,
    Release,
    check_release,
    choose_release,
    list_changing,
    read_releases,
    turn_of,
)
from terminal_client.updating.version import BadVersion, order_of

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=2)
LIBRARIES = Package(
    "onething-terminal-libraries", "1+lock.ab", "onething-terminal-libraries_1+lock.ab_amd64.deb"
)


def _release(version: str, *channels: str, recalled: str | None = None, spread: int = 0) -> Release:
    program = Package.of(f"onething-terminal_{version}_all.deb")
    return Release(version, (LIBRARIES, program), dict.fromkeys(channels, BEFORE), spread, recalled)


def _choose(*releases: Release, installed: str = "1.0.0", channel: str = "stable") -> str | None:
    ordered = sorted(releases, key=lambda each: order_of(each.version))
    found = choose_release(ordered, installed=installed, channel=channel, machine="m", now_at=NOW)
    return found.version if found else None


def test_the_newest_of_ones_own_channel_is_taken() -> None:
    offered = (_release("1.9.0", "test", "stable"), _release("1.10.0", "test", "early", "stable"))
    assert _choose(*offered, _release("2.0.0", "test")) == "1.10.0"
    assert _choose(*offered, _release("2.0.0", "test"), channel="test") == "2.0.0"
    assert _choose(*offered, channel="nobody's") is None
    assert _choose(*offered, installed="1.10.0") is None


def test_never_back_unless_a_signed_recall_says_so() -> None:
    older, newer = _release("1.0.0", "stable"), _release("1.1.0", "stable")
    assert _choose(older, installed="1.1.0") is None
    assert _choose(older, newer, installed="1.1.0") is None
    assert (
        _choose(older, _release("1.1.0", "stable", recalled="it prints twice"), installed="1.1.0") == "1.0.0"
    )
    assert _choose(_release("1.1.0", "stable", recalled="x"), installed="1.0.0") is None
    with pytest.raises(UpdateRefused, match="older"):
        check_release([older, newer], installed="1.1.0", wanted="1.0.0")
    recalled = [older, _release("1.1.0", recalled="x")]
    assert check_release(recalled, installed="1.1.0", wanted="1.0.0") is older
    with pytest.raises(UpdateRefused, match="not_offered"):
        check_release(recalled, installed="1.0.0", wanted="1.1.0")


@given(machines=st.lists(st.uuids(), min_size=30, max_size=30, unique=True), spread=st.integers(1, 1440))
def test_each_kiosk_has_its_own_turn_within_the_spread(machines: list[object], spread: int) -> None:
    release = _release("1.1.0", "stable", "test", spread=spread)
    turns = [turn_of(release, "stable", str(machine)) for machine in machines]
    assert turns == [turn_of(release, "stable", str(machine)) for machine in machines]
    assert all(turn and BEFORE <= turn < BEFORE + timedelta(minutes=spread) for turn in turns)
    assert len(set(turns)) > 5
    assert turn_of(release, "test", "any") == BEFORE
    assert turn_of(release, "early", "any") is None


def test_a_kiosk_waits_for_its_turn() -> None:
    release = _release("1.1.0", "stable", spread=600)
    turn_at = turn_of(release, "stable", "m")
    assert turn_at
    early = {"installed": "1.0.0", "channel": "stable", "machine": "m"}
    assert choose_release([release], now_at=turn_at - timedelta(seconds=1), **early) is None
    assert choose_release([release], now_at=turn_at, **early) is release


def test_only_what_is_here_in_another_version_is_installed() -> None:
    release = _release("1.1.0", "stable")
    here = {"onething-terminal": "1.0.0", LIBRARIES.name: LIBRARIES.version}
    assert [each.name for each in list_changing(release, here)] == ["onething-terminal"]
    assert [each.name for each in list_changing(release, {**here, LIBRARIES.name: "1+lock.cd"})] == [
        LIBRARIES.name,
        "onething-terminal",
    ]
    with_kiosk = Release("1.1.0", (*release.packages, Package.of("onething-kiosk_1.1.0_all.deb")), {})
    assert "onething-kiosk" not in [each.name for each in list_changing(with_kiosk, here)]


GOOD = {
    "version": "1.0.0",
    "packages": ["a-b_1.0.0_all.deb"],
    "channels": {"test": "2026-11-23T02:00:00+00:00"},
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "1.0"},
        {"version": "1.0.0; reboot"},
        {"packages": ["../../etc/passwd"]},
        {"packages": ["a b_1_all.deb"]},
        {"packages": "a_1.0.0_all.deb"},
        {"channels": {"test": "2026-11-23T02:00:00"}},
        {"channels": {"test": "soon"}},
        {"channels": {"everybody": "2026-11-23T02:00:00+00:00"}},
        {"spread_minutes": "4"},
        {"recalled": 1},
    ],
)
def test_a_list_that_makes_no_sense_is_unreadable(wrong: dict[str, object]) -> None:
    read_releases(json.dumps({"format": 1, "releases": [GOOD]}).encode())
    with pytest.raises(UpdateRefused, match="unreadable"):
        read_releases(json.dumps({"format": 1, "releases": [{**GOOD, **wrong}]}).encode())


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(noise: bytes) -> None:
    with pytest.raises(UpdateRefused, match="unreadable"):
        read_releases(noise)


def test_versions_are_compared_by_their_numbers() -> None:
    assert order_of("1.10.0") > order_of("1.9.9")
    for wrong in ("1.0", "01.0.0", "1.0.0-rc1", "", "1.0.0\n"):
        with pytest.raises(BadVersion):
            order_of(wrong)
