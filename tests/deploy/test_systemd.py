"""The units, read by systemd itself."""

import shutil
from pathlib import Path

import pytest

UNITS = ("onething-server.service", "onething-heartbeats.service", "onething-worker.service")
# Tenths on systemd's own scale, where 0 is sealed and 10 is open: 1.2 was reached.
MOST_EXPOSED = 15


@pytest.mark.parametrize("unit", UNITS)
def test_systemd_understands_every_line(deploy: Path, tool, tmp_path: Path, unit: str) -> None:
    # verify wants the programs to exist, so the unit is read with the folder it is installed in swapped.
    programs = tmp_path / "onething/.venv/bin"
    programs.mkdir(parents=True)
    for name in ("onething", "gunicorn"):
        shutil.copy("/bin/true", programs / name)
    text = (deploy / "systemd" / unit).read_text("utf-8")
    (tmp_path / unit).write_text(text.replace("/opt/onething", str(tmp_path / "onething")), "utf-8")
    code, said = tool.run("systemd-analyze", "verify", "--man=no", str(tmp_path / unit))
    # A misspelt setting is only a warning, so nothing at all may be said about this unit.
    assert (code, [line for line in said.splitlines() if "onething" in line]) == (0, [])


@pytest.mark.parametrize("unit", UNITS)
def test_the_units_are_sealed(deploy: Path, tool, unit: str) -> None:
    file = str(deploy / "systemd" / unit)
    code, said = tool.run(
        "systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}", file
    )
    assert code == 0, said[-400:]


def test_a_misspelt_setting_would_be_found(deploy: Path, tool, tmp_path: Path) -> None:
    text = (deploy / "systemd" / UNITS[0]).read_text("utf-8").replace("ProtectHome=", "ProtectHom=")
    (tmp_path / UNITS[0]).write_text(text, "utf-8")
    _, said = tool.run("systemd-analyze", "verify", "--man=no", str(tmp_path / UNITS[0]))
    assert "ProtectHom" in said


def test_a_stop_leaves_time_for_what_is_in_flight(deploy: Path) -> None:
    settings: dict[str, object] = {}
    exec((deploy / "gunicorn/gunicorn.conf.py").read_text("utf-8"), settings)
    unit = (deploy / "systemd/onething-server.service").read_text("utf-8")
    patience = int(unit.split("TimeoutStopSec=")[1].split("\n")[0])
    assert isinstance(settings["graceful_timeout"], int)
    assert settings["graceful_timeout"] < patience
