"""``onething needs`` as an operator runs it, on a new installation where nobody has agreed to anything."""

from __future__ import annotations

import csv
import io

import pytest

from tests.command_line import run_onething as onething


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("needs")
    tokens = folder / "tokens.json"
    tokens.write_text('{"onething": "made for this test", "departments": {}}', "utf-8")
    tokens.chmod(0o600)
    made = {
        "ONETHING_DATABASE_URL": f"sqlite:///{folder / 'onething.sqlite'}",
        "ONETHING_FILES": str(folder / "files"),
        "ONETHING_KEYS": str(folder / "keys.json"),
        "ONETHING_GATEWAY_URL": "http://127.0.0.1:1",
        "ONETHING_GATEWAY_TOKENS": str(tokens),
    }
    for command in (["keys", "make"], ["migrate"], ["catalog", "publish", "catalog/xinxian"]):
        assert onething(made, *command).returncode == 0
    return made


def total(environment: dict[str, str], *filters: str) -> int:
    return int(onething(environment, "needs", "report", *filters).stdout.split()[-1])


def test_needs_go_from_draft_to_agreed_many_at_once(environment: dict[str, str]) -> None:
    everything = total(environment)
    assert everything > 100
    assert total(environment, "--state", "draft") == everything
    by = ("--by", "行政审批局 王某")
    early = onething(environment, "needs", "change", "--to", "agreed", "--number", "1", *by)
    assert (early.returncode, "need_move" in early.stderr) == (1, True)
    asked = onething(environment, "needs", "change", "--to", "submitted", "--source", "birth_register", *by)
    assert asked.stdout == f"changed: {total(environment, '--source', 'birth_register')}\n"
    agree = ("needs", "change", "--source", "birth_register", "--to", "agreed", *by)
    assert onething(environment, *agree).returncode == 1  # a letter has its number
    assert onething(environment, *agree, "--number", "新政数函〔2026〕12号").returncode == 0
    assert total(environment, "--state", "agreed") == total(environment, "--source", "birth_register")


def test_the_list_is_a_table_people_can_read(environment: dict[str, str]) -> None:
    text = onething(environment, "needs", "list", "--source", "marriage_register", "--matter", "HUKOU").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows
    assert {row["state_zh"] for row in rows} == {"待提出"}
