"""``onething bulletin`` as an operator runs it."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.command_line import run_onething as onething


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A new installation in which nothing has happened yet."""
    folder = tmp_path_factory.mktemp("bulletin")
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


def test_a_month_in_which_nothing_happened_is_printed(environment: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "bulletin.pdf"
    done = onething(environment, "bulletin", "--month", "2026-01", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == f"{out}: 0 submitted, 0 closed, 0 late"
    text = pypdfium2.PdfDocument(out.read_bytes())[0].get_textpage().get_text_range()
    assert "新县“一件事一次办”工作通报" in text
    assert "2026年第1期" in text.replace(" ", "")


@pytest.mark.parametrize(
    ("month", "said"),
    [("2026-13", "not a month"), ("26-1", "not a month"), ("2999-01", "has not begun"), ("x", "not a month")],
)
def test_what_is_no_month_is_refused(
    environment: dict[str, str], tmp_path: Path, month: str, said: str
) -> None:
    out = tmp_path / "bulletin.pdf"
    done = onething(environment, "bulletin", "--month", month, "--out", str(out))
    assert done.returncode == 1
    assert said in done.stderr
    assert not out.exists()
