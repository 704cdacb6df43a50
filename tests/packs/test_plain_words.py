"""One slip gives one sentence, in words of the page for authors, and names the sign that is too wide."""

from __future__ import annotations

from pathlib import Path

import pytest

from onething.cli.catalog import problems_of
from onething.packs.reading import load_pack
from tests.packs.small_pack import FILES, write_pack

THING = "things/P-TRIAL.yaml"

CONDITIONS = [
    ("application.moves", "there is no fact 'application.moves'; did you mean 'application.moved'?"),
    ("aplication.moved", "did you mean 'application.moved'?"),
    ('application.moved == "true"', "a yes-or-no fact stands alone: the fact, or !fact"),
    ("application.moved = true", "write two equals signs: =="),
    ("application.moved and me.married", "'and' is written &&"),
    ("not application.moved", "'not' is written !"),
    ("(application.moved", "the brackets do not match"),
    ("application.moved &&", "the condition ends too early"),
    ("me.sex", "must come out true or false"),
    ("!me.sex", "compare a text or code with =="),
    ("me.sex == “1”", "a full-width sign '“' stands here: write \""),
    ("application.moved ＆＆ me.married", "a full-width sign '＆' stands here: write &"),
    ("moved", "a fact is written role.fact, and a text in quotes"),
    ("size(staff) > 2", "a condition compares facts and cannot count people"),
    ("happens(application.moved)", "there is no function 'happens'"),
    ("application.count > 2.0", "compare a whole-number fact with 3000, not with 3000.0"),
    ('application.from_on > "2026-01-01"', 'a date is written timestamp("2026-05-01T00:00:00Z")'),
    ("application.area > 300", "compare a decimal fact with 3000.0, not with 3000"),
    ("me.sex > 1", "do not go together here"),
    ("application.moved $", "it cannot be read at '$'"),
]
NUMBERS = """\
application:
  count: {zh: 人数, en: Count, type: integer}
  from_on: {zh: 起始日期, en: From, type: date}
  area: {zh: 面积, en: Area, type: decimal}
"""


def told(folder: Path, changes: dict[str, str | None]) -> list[str]:
    pack = load_pack(write_pack(folder, changes))
    return [f"{p.reason}: {p.en}" for p in problems_of(pack)]


@pytest.mark.parametrize(("condition", "sentence"), CONDITIONS)
def test_a_bad_condition_in_plain_words(condition: str, sentence: str, tmp_path: Path) -> None:
    quoted = condition.replace("'", "''")
    text = FILES[THING].replace("    when: application.moved\n", f"    when: '{quoted}'\n")
    facts = FILES["facts.yaml"].replace("application:\n", NUMBERS)
    problems = told(tmp_path, {THING: text, "facts.yaml": facts})
    assert len(problems) == 1
    assert problems[0].startswith("bad_condition: ")
    assert sentence in problems[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (THING, "promise: {days: 5}\n", "", "missing_key: 'promise' is missing"),
        (THING, "promise: {days: 5}", "promise: {}", "missing_key: 'days' is missing"),
        (THING, "repeats: {least: 1, most: 3}", "repeats: 3", "wrong_shape: this must be written as 'key"),
        (THING, "met_by: [generated]", "met_by: generated", "wrong_shape: 'met_by' must be a list"),
        (THING, "applicants: [me]", "applicants: me", "wrong_shape: 'applicants' must be a list"),
        (THING, "kind: alternative", "kind: 7", "wrong_shape: 'kind' must be text"),
        (THING, "lead: GA", "lead: 7", "wrong_shape: 'lead' must be text"),
        ("sources.yaml", "  slots: {self: person}\n", "  slots： {self: person}\n", "write :"),
        ("departments.yaml", "YB: {zh", "YB： {zh", "write :"),
        (THING, "{zh: 试一试, en: A trial}", "{zh: 试一试， en: A trial}", "'，' stands here: write ,"),
        (THING, "audience: person", "audience: &x person", "bad_yaml: this is not YAML: anchors and aliases"),
        (THING, "audience: person", "\taudience: person", "bad_yaml: "),
        ("facts.yaml", "person:\n", "person:\n\tx: y\n", "bad_yaml: "),
    ],
)  # fmt: skip
def test_one_slip_gives_one_sentence(file: str, old: str, new: str, sentence: str, tmp_path: Path) -> None:
    assert old in FILES[file]
    problems = told(tmp_path, {file: FILES[file].replace(old, new, 1)})
    assert len(problems) == 1
    assert sentence in problems[0]


def test_a_word_that_is_not_used_is_told_with_those_that_are(tmp_path: Path) -> None:
    text = FILES[THING].replace("met_by: [generated]", "met_by: [magic]")
    (problem,) = told(tmp_path, {THING: text})
    assert problem.endswith("generated, e_licence, data, vault, commitment, submit, inside")


def test_a_full_width_quote_around_a_code(tmp_path: Path) -> None:
    text = FILES[THING].replace('act: "07"', "act: “07”")
    (problem,) = told(tmp_path, {THING: text})
    assert problem.endswith("a full-width sign '“' stands here: write \"")


def test_how_calendar_days_count_is_told(tmp_path: Path) -> None:
    text = FILES[THING].replace("promised: 1 cd", "promised: 7 cd")
    (problem,) = told(tmp_path, {THING: text})
    assert "FIRST → THIRD takes 2 wd + 7 cd (= 5 wd), the promise is 5 wd" in problem


def test_a_source_that_proves_nobodys_right(tmp_path: Path) -> None:
    text = FILES[THING].replace("right: [register]", "right: [e_licences]")
    (problem,) = told(tmp_path, {THING: text})
    assert problem == "unknown_right: 'e_licences' proves nobody's right to act: 'card' may do"


def test_a_source_that_is_in_the_pack_but_not_used_here(tmp_path: Path) -> None:
    text = FILES[THING].replace(
        "[e_licence, data: register, submit]", "[e_licence, data: e_licences, submit]"
    )
    (problem,) = told(tmp_path, {THING: text})
    assert (
        problem
        == "unknown_source: this one-thing does not use the source 'e_licences': name it under 'sources'"
    )


def test_a_source_whose_proving_slot_stands_for_nobody(tmp_path: Path) -> None:
    sources = FILES["sources.yaml"].replace("yields: [self.name, spouse.name]", "yields: [self.name]")
    text = FILES[THING].replace("self: me, spouse: other, case", "self: me, case")
    pack = load_pack(write_pack(tmp_path, {THING: text, "sources.yaml": sources}))
    (problem,) = problems_of(pack)
    line = text[: text.index("- {use: register")].count("\n") + 1
    assert pack.files.position(problem.path) == (THING, line)
    assert "it proves spouse; under 'sources', write 'other' in that slot" in problem.en
