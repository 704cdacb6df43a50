"""Whatever stands in the files, the check names mistakes and never breaks."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onething.cli.catalog import problems_of
from onething.packs.reading import load_pack
from tests.packs.small_pack import FILES, write_pack

_SETTINGS = settings(max_examples=150, deadline=None)
_NAMES = sorted(FILES)


def check_with(name: str, text: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        return [each.reason for each in problems_of(load_pack(write_pack(Path(folder), {name: text})))]


@_SETTINGS
@given(st.sampled_from(_NAMES), st.integers(0, 200), st.integers(0, 200))
def test_lines_in_other_places(name: str, taken: int, put: int) -> None:
    lines = FILES[name].splitlines()
    line = lines.pop(taken % len(lines))
    lines.insert(put % (len(lines) + 1), line)
    check_with(name, "\n".join(lines))


@_SETTINGS
@given(st.sampled_from(_NAMES), st.data())
def test_words_that_are_others(name: str, data: st.DataObject) -> None:
    words = [
        "1",
        "true",
        "null",
        "[]",
        "{}",
        "[1]",
        "me",
        "other",
        "FIRST",
        "way",
        "zh",
        '"',
        "'",
        ": ",
        "- ",
        "\t",
    ]
    text = FILES[name]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text) - 1))
        size = data.draw(st.integers(0, 12))
        text = text[:start] + data.draw(st.sampled_from(words)) + text[start + size :]
    check_with(name, text)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "a: " * 50_000,
        "a: &x [*x, *x]",
        "- 1",
        "7",
        "null",
        "? {a: b}\n: c",
        "\x00",
        "a: 2026-01-01",
    ],
    ids=["deep", "long", "alias", "list", "number", "null", "odd-key", "nul", "date"],
)
def test_files_meant_to_break_it(text: str) -> None:
    for name in ("pack.yaml", "facts.yaml", "things/P-TRIAL.yaml"):
        assert check_with(name, text)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    (folder / "codes.yaml").write_bytes(b"\xff\xfe\x00sex: 1")
    assert "bad_yaml" in {each.reason for each in problems_of(load_pack(folder))}
