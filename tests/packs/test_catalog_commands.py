"""``onething catalog`` as a person types it: what it prints and how it ends, on a real database."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.command_line import run_onething
from tests.packs.small_pack import FILES, write_pack

Run = Callable[..., subprocess.CompletedProcess[str]]
THING = "things/P-TRIAL.yaml"


@pytest.fixture
def onething(tmp_path: Path) -> Run:
    environ = {
        "ONETHING_DATABASE_URL": f"sqlite:///{tmp_path}/records.sqlite",
        "ONETHING_KEYS": str(tmp_path / "keys.json"),
        "ONETHING_CATALOG": str(tmp_path / "pack"),
    }
    return partial(run_onething, environ)


def test_check_ends_with_one_and_names_the_line(onething: Run, tmp_path: Path) -> None:
    text = FILES[THING].replace("department: YB", "department: YBX")
    folder = write_pack(tmp_path / "pack", {THING: text})
    line = text[: text.index("department: YBX")].count("\n") + 1
    done = onething("catalog", "check", str(folder))
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == (
        f"{folder / THING}:{line}: unknown_department: 没有这个部门：“YBX”，是不是“YB”？"
        " / no department 'YBX'; did you mean 'YB'?"
    )
    assert onething("catalog", "publish").returncode == 1


def test_check_of_a_sound_pack_ends_with_nought(onething: Run, tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack")
    done = onething("catalog", "check", str(folder))
    assert done.returncode == 0
    assert done.stdout == f"{folder}: 1个一件事，没有错误 / 1 one-thing, no mistakes\n"


def test_a_folder_that_is_not_there(onething: Run) -> None:
    done = onething("catalog", "check", "nowhere")
    assert done.returncode == 1
    assert "there is no folder nowhere" in done.stderr


def test_report_counts_what_the_county_serves(onething: Run) -> None:
    done = onething("catalog", "report", "catalog/xinxian")
    assert done.returncode == 0
    assert "13 things, 110 matters" in done.stdout
    assert "13 one-things with 107 matters" in done.stdout
    assert "P-NEWBORN photo: left out" in done.stdout
    assert "answered for by 行政审批和政务信息管理局" in done.stdout
    assert "  BIRTH-CERT → HUKOU: needs the result: 出生医学证明" in done.stdout
    assert "  HUKOU-CANCEL → MED-END: comes after: 户口注销后终止参保" in done.stdout


def test_a_dry_run_where_nothing_is_installed_compares_with_nothing(onething: Run, tmp_path: Path) -> None:
    write_pack(tmp_path / "pack")
    without_keys = onething("catalog", "publish", "--dry-run")
    assert without_keys.returncode == 0
    assert "compared with nothing" in without_keys.stdout
    assert without_keys.stdout.endswith("would be revision 1\n")
    assert onething("keys", "make").returncode == 0
    without_tables = onething("catalog", "publish", "--dry-run")
    assert without_tables.returncode == 0
    assert "compared with nothing" in without_tables.stdout


def test_a_plan_of_a_pack_that_is_not_configured(onething: Run, tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "elsewhere")
    write_pack(tmp_path / "pack")
    assert onething("plan", "P-TRIAL", "--pack", str(folder)).returncode == 0
    refused = onething("plan", "P-TRAIL")
    assert refused.returncode == 1
    assert "has no one-thing P-TRAIL, only P-TRIAL; another pack is read with --pack PATH" in refused.stderr
    assert "no folder" in onething("plan", "P-TRIAL", "--pack", "nowhere").stderr


def test_publish_shows_then_adds_and_then_has_nothing_to_do(onething: Run, tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "pack")
    without_keys = onething("catalog", "publish")
    assert without_keys.returncode == 1
    assert "onething keys make" in without_keys.stderr
    assert onething("keys", "make").returncode == 0
    assert onething("migrate").returncode == 0
    assert onething("catalog", "publish", "--dry-run").stdout.endswith("would be revision 1\n")
    assert onething("catalog", "publish", "--by", "editor").stdout.endswith("published: revision 1\n")
    assert "nothing to publish" in onething("catalog", "publish").stdout
    write_pack(folder, {THING: FILES[THING].replace("promised: 1 cd", "promised: 2 cd")})
    changed = onething("catalog", "publish").stdout
    assert changed == (
        "  P-TRIAL: matters: THIRD: promised: 1 calendar day → 2 calendar days\npublished: revision 2\n"
    )
