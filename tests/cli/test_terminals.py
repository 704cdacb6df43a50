"""``onething terminal`` as a person types it."""

from pathlib import Path

import pytest

from onething.cli.main import main
from onething.storage.keyring import KeyRing
from onething.storage.migrate import migrate
from sandbox.tokens import write_tokens


@pytest.fixture
def _installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = f"sqlite:///{tmp_path}/one.sqlite"
    KeyRing.make(tmp_path / "keys.json")
    migrate(database)
    write_tokens(tmp_path / "tokens.json")
    for name, value in {
        "DATABASE_URL": database,
        "KEYS": str(tmp_path / "keys.json"),
        "FILES": str(tmp_path / "files"),
        "GATEWAY_URL": "http://127.0.0.1:9",
        "GATEWAY_TOKENS": str(tmp_path / "tokens.json"),
        "PUBLIC_URL": "https://hall.example.invalid",
        "CA_PIN": "ab" * 32,
    }.items():
        monkeypatch.setenv(f"ONETHING_{name}", value)


@pytest.mark.usefixtures("_installation")
def test_a_kiosk_is_planned_given_a_code_and_retired(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["terminal", "plan", "--number", "K-07", "--hall", "政务服务大厅"]) == 0
    terminal = capsys.readouterr().out.strip()
    assert main(["terminal", "code", "K-07"]) == 0
    code = capsys.readouterr().out.split()[0]
    assert [len(part) for part in code.split("-")] == [4, 4, 4, 4]
    assert main(["terminal", "code", terminal, "--qr"]) == 0
    said = capsys.readouterr().out.strip()
    assert said.startswith("ONETHING-ENROL:1:")
    assert said.endswith(f":https://hall.example.invalid:{'ab' * 32}")
    assert main(["terminal", "list"]) == 0
    assert capsys.readouterr().out.endswith("K-07  政务服务大厅  ----------  code_issued  -\n")
    assert main(["terminal", "retire", "K-07", "--reason", "never came"]) == 0
    assert capsys.readouterr().out == "retired\n"


@pytest.mark.usefixtures("_installation")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["code", "K-99"], "there is no such kiosk"),
        (["plan", "--number", "K-01", "--hall", "x"], "already has this number"),
        (["activate", "K-01", "--words", "0000-0000"], "differ"),
        (["resume", "K-01"], "does not allow this"),
        (["suspend", "K-01", "--reason", " "], "say why"),
    ],
)
def test_what_cannot_be_is_refused(capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert main(["terminal", "plan", "--number", "K-01", "--hall", "大厅"]) == 0
    assert main(["terminal", *words]) == 1
    assert said in capsys.readouterr().err
