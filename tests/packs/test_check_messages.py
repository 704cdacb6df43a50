"""Every message of the check, told at the right file and line; the page for authors lists them all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from onething.cli.catalog import problems_of
from onething.packs.reading import load_pack
from tests.packs.small_pack import FILES, write_pack

THING = "things/P-TRIAL.yaml"


@dataclass(frozen=True)
class Broken:
    """In ``file``, ``old`` becomes ``new``; the problem is on the line that then holds ``line``."""

    reason: str
    file: str
    old: str
    new: str
    line: str


BROKEN = [
    Broken("bad_yaml", THING, "when: 'me.sex == \"1\"'", 'when: \'me.sex == "1"', "when: 'me.sex"),
    Broken("bad_yaml", THING, "audience: person", "audience: &x person", "audience: &x person"),
    Broken(
        "bad_yaml", THING, "audience: person", "audience: !!python/name:os.system x", "audience: !!python"
    ),
    Broken("wrong_format", "pack.yaml", "format: 1", "format: 2", "format: 2"),
    Broken("unknown_thing", "pack.yaml", "order: [P-TRIAL]", "order: [P-TRAIL]", "order: [P-TRAIL]"),
    Broken("duplicate_key", THING, "lead: GA", "lead: GA\nlead: YB", "lead: YB"),
    Broken("duplicate_code", THING, "  SECOND:", "  FIRST:", "  FIRST:\n    zh: 第二项"),
    Broken("duplicate_code", "facts.yaml", "  sex:", "  name:", "  name: {zh: 性别"),
    Broken("unknown_key", THING, "    produces:", "    produce:", "    produce:"),
    Broken("missing_key", THING, "audience: person\n", "", "code: P-TRIAL"),
    Broken("missing_key", THING, ", met_by: [generated]", "", "form: {zh: 申请表"),
    Broken("wrong_shape", THING, 'act: "07"', "act: 7", "act: 7"),
    Broken(
        "wrong_shape",
        THING,
        "produces: {documents: [page of me]}",
        "produces: {documents: [page]}",
        "[page]}",
    ),
    Broken("wrong_shape", THING, "default: false", "default: maybe", "default: maybe"),
    Broken("unknown_word", "facts.yaml", "type: mobile", "type: mobil", "type: mobil"),
    Broken("unknown_word", THING, "met_by: [generated]", "met_by: [magic]", "met_by: [magic]"),
    Broken("missing_chinese", THING, "{zh: 试一试, en: A trial}", "{en: A trial}", "{en: A trial}"),
    Broken("missing_english", THING, "{zh: 试一试, en: A trial}", "{zh: 试一试}", "{zh: 试一试}"),
    Broken("bad_limit", THING, "promised: 1 cd", "promised: 1 week", "promised: 1 week"),
    Broken("bad_date", "calendar.yaml", '["2026-01-01"]', '["2025-01-01"]', '["2025-01-01"]'),
    Broken("out_of_code_set", THING, "when: 'me.sex == \"1\"'", "when: 'me.sex == \"7\"'", 'me.sex == "7"'),
    Broken(
        "out_of_code_set",
        THING,
        "fact: application.moved, default: false",
        'fact: me.sex, default: "3"',
        '"3"',
    ),
    Broken("out_of_code_set", THING, "when: 'me.sex == \"1\"'", "when: '\"7\" == me.sex'", '"7" == me'),
    Broken(
        "out_of_code_set", THING, "when: 'me.sex == \"1\"'", 'when: \'me.sex in ["1", "7"]\'', "me.sex in"
    ),
    Broken("out_of_code_set", "documents.yaml", 'channel: "99"', 'channel: "50"', 'channel: "50"'),
    Broken("out_of_code_set", THING, 'act: "07"', 'act: "77"', 'act: "77"'),
    Broken("unknown_department", THING, "department: YB\n", "department: YBJ\n", "department: YBJ"),
    Broken("unknown_department", "sources.yaml", "department: GA", "department: GAJ", "department: GAJ"),
    Broken("unknown_code_set", "facts.yaml", "codes: sex", "codes: sexes", "codes: sexes"),
    Broken("unknown_code_set", "facts.yaml", ", codes: sex", "", "type: code}"),
    Broken("unknown_kind", THING, "en: Myself, kind: person", "en: Myself, kind: persona", "kind: persona"),
    Broken("unknown_slot", THING, "spouse: other", "wife: other", "wife: other"),
    Broken("unknown_fact", THING, "facts: [other.sex]", "facts: [other.sexx]", "facts: [other.sexx]"),
    Broken("unknown_fact", "sources.yaml", "spouse.name]", "spouse.nam]", "spouse.nam]"),
    Broken("unknown_role", THING, "facts: [other.sex]", "facts: [others.sex]", "facts: [others.sex]"),
    Broken(
        "unknown_source",
        THING,
        "met_by: [data: register, submit]",
        "met_by: [data: nowhere, submit]",
        "nowhere",
    ),
    Broken("unknown_document", THING, "document: id_card", "document: id_cards", "document: id_cards"),
    Broken("unknown_material", THING, "materials: [form, card]", "materials: [form, cards]", "[form, cards]"),
    Broken("unknown_matter", THING, "- matter: FIRST", "- matter: FRIST", "- matter: FRIST"),
    Broken(
        "unknown_group",
        THING,
        "    group: way\n    when: application",
        "    group: wayy\n    when: application",
        "wayy",
    ),
    Broken("unknown_audience", THING, "audience: person", "audience: persons", "audience: persons"),
    Broken("unknown_right", THING, "right: [register]", "right: [registry]", "right: [registry]"),
    Broken(
        "wrong_kind",
        THING,
        "en: Spouse, kind: person, right: [register]",
        "en: Spouse, kind: enterprise",
        "use: register",
    ),
    Broken(
        "wrong_kind", THING, "en: Myself, kind: person", "en: Myself, kind: enterprise", "applicants: [me]"
    ),
    Broken("unknown_source", "sources.yaml", "e_licences:", "licences:", "THING card"),
    Broken("unbound_slot", THING, ", case: application}", "}", "use: register"),
    Broken("listed_twice", THING, "materials: [form, card]", "materials: [form, card, form]", "card, form]"),
    Broken(
        "bad_condition",
        THING,
        "    when: application.moved",
        "    when: application.moves",
        "application.moves",
    ),
    Broken(
        "bad_condition",
        THING,
        "    when: application.moved",
        "    when: application.mobile",
        "application.mobile\n",
    ),
    Broken("never_true", THING, "when: 'me.sex == \"1\"'", "when: 'me.married && !me.married'", "me.married"),
    Broken(
        "unreachable_matter",
        THING,
        "when: application.moved",
        "when: 'application.moved && false'",
        "&& false",
    ),
    Broken("unreachable_material", THING, "met_by: [generated]", "met_by: [inside]", "met_by: [inside]"),
    Broken("unused_material", THING, "materials: [form, card]", "materials: [card]", "  form: {zh"),
    Broken(
        "needs_own_result", THING, "materials: [form, card]", "materials: [form, card, page]", "produces:"
    ),
    Broken("not_symmetric", THING, "    bound_with: [FIRST]\n", "", "bound_with: [BOUND]"),
    Broken(
        "group_of_one", THING, "    group: way\n    when: application", "    when: application", "  way: {zh"
    ),
    Broken("no_e_licence", "documents.yaml", ", e_licence: true", "", "THING card"),
    Broken(
        "government_paper", THING, "met_by: [data: register, submit]", "met_by: [submit]", "met_by: [submit]"
    ),
    Broken("path_too_long", THING, "promise: {days: 5}", "promise: {days: 3}", "promise: {days: 3}"),
    Broken(
        "circle",
        THING,
        "    facts: [me.name, me.sex, other.name, application.mobile]\n",
        "    facts: [me.name, me.sex, other.name, application.mobile]\n"
        "    after: [{matter: THIRD, reason: {zh: 后办, en: Later}}]\n",
        "  FIRST:",
    ),
    Broken(
        "unreachable_matter",
        THING,
        "    facts: [other.sex]\n",
        "    facts: [other.sex]\n    requires: [{matter: BOUND, reason: {zh: 自己, en: Itself}}]\n",
        "requires:",
    ),
    Broken(
        "unreachable_matter",
        THING,
        "    facts: [other.sex]\n",
        "    facts: [other.sex]\n    when: '!application.moved'\n"
        "    requires: [{matter: SECOND, reason: {zh: 不可能, en: Impossible}}]\n",
        "requires:",
    ),
]
ALONE = "joint_visits:\n  SITE: {zh: 勘验, en: Visit, kind: visit,\n    matters: [FIRST, FIRST]}\n"
BOUND_SECOND = "    facts: [other.sex]\n    bound_with: [FIRST]\n"
BROKEN += [
    Broken("missing_key", THING, "promise: {days: 5}\n", "", "code: P-TRIAL"),
    Broken("missing_english", THING, "en: A trial}", "en: 试一试}", "en: 试一试}"),
    Broken("listed_twice", "pack.yaml", "[P-TRIAL]", "[P-TRIAL, P-TRIAL]", "P-TRIAL, P-TRIAL"),
    Broken("file_name", THING, "code: P-TRIAL", "code: P-OTHER", "code: P-OTHER"),
    Broken("unknown_thing", "differences.yaml", "thing: P-TRIAL", "thing: P-TRAIL", "thing: P-TRAIL"),
    Broken("wrong_shape", "facts.yaml", "type: mobile", "type: mobile, codes: sex", "type: mobile, codes"),
    Broken(
        "bound_apart", THING, BOUND_SECOND, f"    optional: true\n{BOUND_SECOND}", "    bound_with: [FIRST]"
    ),
    Broken(
        "bound_apart", THING, BOUND_SECOND, f"    group: way\n{BOUND_SECOND}", "    group: way\n    facts"
    ),
    Broken("group_default", THING, "    when: '!application.moved'\n", "", "    group: way\n    after"),
    Broken(
        "mixed_group",
        THING,
        "    group: way\n    when",
        "    group: way\n    optional: true\n    when",
        "  way: {zh",
    ),
    Broken("missing_key", "sources.yaml", "id_card:", "card:", "card:"),
    Broken("past_the_law", THING, "promised: 1 cd", "promised: 2 cd, statutory: 1 cd", "promised: 2 cd"),
    Broken("unknown_word", THING, "subject: me", "subject: me\nassurance: face", "assurance: face"),
    Broken(
        "unknown_word",
        THING,
        '    act: "07"',
        '    act: "07"\n    assurance: {level: card, reason: {zh: 钱, en: Money}}',
        "assurance: {level: card",
    ),
    Broken(
        "missing_key",
        THING,
        '    act: "07"',
        '    act: "07"\n    assurance: {level: card_and_code}',
        "assurance: {level: card_and_code}",
    ),
    Broken("no_right", THING, "- {use: register, self: me", "- {use: register, self: boss", "self: boss"),
    Broken(
        "wrong_source",
        THING,
        "document: page\n    of: me",
        "document: page\n    of: boss",
        "[data: register, submit]\n",
    ),
    Broken(
        "unknown_source", THING, "[data: register, submit]", "[data: e_licences, submit]", "data: e_licences"
    ),
    Broken("unknown_right", THING, "right: [register]", "right: [e_licences]", "right: [e_licences]"),
    Broken("unknown_right", "sources.yaml", "  proves: [spouse]\n", "", "THING right"),
    Broken(
        "bad_condition", THING, '\'me.sex == "1" ? "2" : "1"\'', "'me.married'", "other.sex: 'me.married'"
    ),
    Broken("which_person", THING, "when: 'me.sex", "when: 'staff.sex", "when: 'staff.sex"),
    Broken("which_person", THING, "  other.sex: 'me", "  staff.sex: 'me", "  staff.sex:"),
    Broken("which_person", THING, "applicants: [me]", "applicants: [me, staff]", "applicants: [me, staff]"),
    Broken(
        "which_person", THING, "{fact: application.moved,", "{fact: staff.married,", "{fact: staff.married,"
    ),
    Broken("which_person", THING, "spouse: other", "spouse: staff", "spouse: staff"),
    Broken(
        "unknown_department",
        THING,
        "    department: YB\n",
        "    department: YB\n    supervised_by: YBJ\n",
        "supervised_by: YBJ",
    ),
    Broken(
        "unknown_batch",
        THING,
        "subject: me\n",
        "subject: me\nlisting: {batch: of_2022, level: county, status: open}\n",
        "listing: {batch",
    ),
    Broken("visit_of_one", THING, "subject: me\n", f"subject: me\n{ALONE}", "matters: [FIRST, FIRST]"),
]
ELSEWHERE = {"THING right": (THING, "  other: {zh: 配偶"), "THING card": (THING, "  card: {zh")}


def test_the_small_pack_passes(tmp_path: Path) -> None:
    assert problems_of(load_pack(write_pack(tmp_path))) == []


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: f"{broken.reason}-{broken.line.strip()}")
def test_each_message_names_file_and_line(broken: Broken, tmp_path: Path) -> None:
    assert broken.old in FILES[broken.file]
    text = FILES[broken.file].replace(broken.old, broken.new, 1)
    pack = load_pack(write_pack(tmp_path, {broken.file: text}))
    told = {(problem.reason, *pack.files.position(problem.path)) for problem in problems_of(pack)}
    file, mark = ELSEWHERE.get(broken.line, (broken.file, broken.line))
    held = text if file == broken.file else FILES[file]
    start = held.rindex(mark) if broken.reason.startswith("duplicate") else held.index(mark)
    expected = (broken.reason, file, held.count("\n", 0, start) + 1)
    assert expected in told


def test_a_missing_and_an_empty_and_a_huge_file(tmp_path: Path) -> None:
    huge = "# " + "x" * 1_100_000
    pack = load_pack(write_pack(tmp_path, {"facts.yaml": None, "codes.yaml": "", "documents.yaml": huge}))
    told = {(problem.reason, pack.files.position(problem.path)[0]) for problem in problems_of(pack)}
    assert ("missing_file", "facts.yaml") in told
    assert ("empty_file", "codes.yaml") in told
    assert ("too_large", "documents.yaml") in told


def test_the_same_code_in_two_files(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path, {"things/Z-COPY.yaml": FILES[THING]}))
    told = [(problem.reason, *pack.files.position(problem.path)) for problem in problems_of(pack)]
    assert told == [("duplicate_code", "things/Z-COPY.yaml", 1)]


def test_a_wrong_word_suggests_the_right_one(tmp_path: Path) -> None:
    text = FILES[THING].replace("[other.sex]", "[other.sexx]")
    (problem,) = problems_of(load_pack(write_pack(tmp_path, {THING: text})))
    assert "did you mean 'sex'?" in problem.en
    assert "是不是“sex”？" in problem.zh
    assert problem.place == "things.P-TRIAL.matters.BOUND.facts[0]"


def test_an_override_needs_its_reason(tmp_path: Path) -> None:
    text = FILES[THING].replace("promise: {days: 5}", "promise: {days: 3, override_by: 县局}")
    told = [problem.reason for problem in problems_of(load_pack(write_pack(tmp_path, {THING: text})))]
    assert told == ["missing_key"]


def test_the_page_for_authors_lists_exactly_these_messages() -> None:
    page = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text(encoding="utf-8")
    table = page.split("## 9.", 1)[1]
    listed = set(
        re.findall(
            r"`([a-z_]+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if "|" in line)
        )
    )
    tested = {broken.reason for broken in BROKEN} | {"missing_file", "empty_file", "too_large"}
    assert listed == tested
