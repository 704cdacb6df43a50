"""``onething staff`` as a person types it."""

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
    }.items():
        monkeypatch.setenv(f"ONETHING_{name}", value)
    (tmp_path / "password").write_text("right horse 7 battery\n", "utf-8")


@pytest.mark.usefixtures("_installation")
def test_an_account_is_added_listed_and_disabled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    password, factor = str(tmp_path / "password"), tmp_path / "factor"
    add = ["staff", "add", "liming", "--name", "李明", "--role", "admin", "--password-file", password]
    assert main([*add, "--second-factor-file", str(factor)]) == 0
    assert factor.read_text("utf-8").startswith("otpauth://totp/")
    assert factor.stat().st_mode & 0o777 == 0o600
    assert main(["staff", "disable", "liming"]) == 0
    capsys.readouterr()
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out == "liming  admin  -  second factor  never  disabled  李明\n"


@pytest.mark.usefixtures("_installation")
@pytest.mark.parametrize(
    ("login", "roles", "said"),
    [
        ("liming", ["admin", "clerk"], "go with no other role"),
        ("liming", ["auditor", "admin"], "go with no other role"),
        ("liming", ["department"], "needs the department"),
        ("Li Ming", ["clerk"], "lower-case letters"),
        ("horse", ["clerk"], "does not hold the login"),
    ],
)
def test_what_may_not_be_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], login: str, roles: list[str], said: str
) -> None:
    given = [word for role in roles for word in ("--role", role)]
    add = ["staff", "add", login, "--name", "x", *given, "--password-file", str(tmp_path / "password")]
    assert main(add) == 1
    assert said in capsys.readouterr().err
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out == ""
