"""Settings and key: what is wrong is said in plain words."""

from pathlib import Path

import pytest

from terminal_client.cli import main
from terminal_client.config import ConfigError, read_config
from terminal_client.keys import KeyFileError, make_key, read_key

WHOLE = """
server_url = "http://127.0.0.1:8080"
terminal_id = "t3"
key_file = "kiosk.key"
state_dir = "state"
hall_zh = "县政务服务中心"
hall_en = "County service centre"
columns = 32
[devices]
id_card = "idcard+tcp://127.0.0.1:4001"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_beside_the_file(tmp_path: Path) -> None:
    config = read_config(write(tmp_path, WHOLE))
    assert config.key_file == tmp_path / "kiosk.key"
    assert config.devices.id_card == "idcard+tcp://127.0.0.1:4001"
    assert config.devices.scanner is None


def test_a_kiosk_that_is_to_be_enrolled_needs_to_say_nothing(tmp_path: Path) -> None:
    config = read_config(write(tmp_path, '[commands]\nreboot = ["systemctl", "reboot"]\n'))
    assert (config.terminal_id, config.server_url) == ("", "")
    assert (config.key_file, config.state_dir) == (tmp_path / "kiosk.key", tmp_path / "state")
    assert config.commands.reboot == ("systemctl", "reboot")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("columns = 32", "columns = 40"), "48"),
        (("columns = 32", 'columns = "x"'), "columns must be a number"),
        (('terminal_id = "t3"', "terminal_id = 3"), "terminal_id must be a text"),
        (("columns = 32", 'commands = "reboot"'), "[commands] may name"),
        (("[devices]", '[commands]\nreboot = "reboot"\n[devices]'), "every command is a list"),
        (("columns = 32", "colour = 1"), "colour, which is no setting"),
        (("id_card =", "card ="), "[devices] may name"),
        (("columns = 32", "columns ="), "not TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_config(write(tmp_path, WHOLE.replace(*change)))
    assert said in str(error.value)


def test_a_missing_file_is_said_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--config", str(tmp_path / "none.toml")]) == 1
    assert "cannot be read" in capsys.readouterr().err


def test_a_key_is_for_its_user_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.key"
    public = make_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert public.read_text().startswith("-----BEGIN PUBLIC KEY-----")
    assert read_key(path).sign(b"x")
    with pytest.raises(KeyFileError, match="never overwritten"):
        make_key(path)


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.key"
    make_key(path)
    path.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        read_key(path)


def test_keygen_prints_the_public_half(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keygen", "--key-file", str(tmp_path / "k")]) == 0
    assert capsys.readouterr().out == (tmp_path / "k.pub").read_text()
