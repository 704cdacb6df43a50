"""The kiosk's units and rules, read by systemd and udev themselves."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from devices.id_card.attached import KNOWN_READERS
from terminal_client.config import read_config

from .terminal_packages import BuiltPackages

# Tenths on systemd's own scale, where 0 is sealed and 10 is open; behind it what was reached. A browser
# needs namespaces for its own sandbox, and who installs packages must write where programs lie.
MOST_EXPOSED = {
    "onething-terminal.service": 18,  # 1.6
    "onething-update-fetch.service": 15,  # 1.2
    "onething-screen.service": 28,  # 2.5
    "onething-update-install.service": 36,  # 3.4
}
PROGRAMS = ("/usr/bin/onething-terminal", "/usr/sbin/onething-terminal-update", "/usr/bin/cage")


@pytest.fixture(scope="module")
def units(deploy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units, with programs that exist here in place of those the packages bring."""
    folder = tmp_path_factory.mktemp("units")
    for unit in (deploy / "terminal/systemd").iterdir():
        text = unit.read_text("utf-8")
        for program in PROGRAMS:
            text = text.replace(f"{program} ", "/bin/true ")
        (folder / unit.name).write_text(text, "utf-8")
    return folder


def test_systemd_understands_every_line(units: Path, tool) -> None:
    files = [str(unit) for unit in sorted(units.iterdir())]
    assert len(files) == 6
    code, said = tool.run("systemd-analyze", "verify", "--man=no", *files)
    # A misspelt setting is only a warning, so nothing at all may be said about these units.
    assert (code, [line for line in said.splitlines() if "onething" in line]) == (0, [])


@pytest.mark.parametrize("unit", MOST_EXPOSED)
def test_the_units_are_sealed(deploy: Path, tool, unit: str) -> None:
    file = str(deploy / "terminal/systemd" / unit)
    limit = f"--threshold={MOST_EXPOSED[unit]}"
    code, said = tool.run("systemd-analyze", "security", "--offline=true", "--no-pager", limit, file)
    assert code == 0, said[-400:]


def test_an_open_unit_would_be_found(units: Path, tool, tmp_path: Path) -> None:
    text = (units / "onething-terminal.service").read_text("utf-8")
    (tmp_path / "onething-terminal.service").write_text(re.sub("^Protect.*\n", "", text, flags=re.M), "utf-8")
    file = str(tmp_path / "onething-terminal.service")
    code, _ = tool.run("systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=18", file)
    assert code != 0


def test_every_unit_is_in_a_package_and_every_file_has_its_place(deploy: Path) -> None:
    build = (deploy / "terminal/build.py").read_text("utf-8")
    for file in (deploy / "terminal/files").iterdir():
        assert f'"{file.name}": "' in build
    rules = (deploy / "terminal/debian/rules").read_text("utf-8")
    for unit in (deploy / "terminal/systemd").iterdir():
        started = unit.with_suffix(".timer") if unit.name == "onething-update-fetch.service" else unit
        assert started.name in rules


def test_udev_understands_the_rules(deploy: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules.d"
    rules.mkdir()
    for file in (deploy / "terminal/files").glob("*.rules"):
        # the examples are rules too, once the # is away
        text = re.sub("^#(?=[A-Z])", "", file.read_text("utf-8"), flags=re.M)
        (rules / file.name).write_text(text, "utf-8")
    assert _ask_udev(rules) == []
    (rules / "99-wrong.rules").write_text('SUBSYSTEM=="tty", SIMLINK+="x"\n', "utf-8")
    assert any("SIMLINK" in line for line in _ask_udev(rules))


def _ask_udev(rules: Path) -> list[str]:
    """What udev has to say about the rules when they are all it reads, in a mount namespace of its own."""
    inside = f"mount --bind {rules} /lib/udev/rules.d && udevadm test --action=add /devices/virtual/mem/null"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", inside], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    # groups of ours exist where the package is installed only
    complaints = re.compile(r"nvalid|Unknown (?!group)|ignoring|rror", re.IGNORECASE)
    return [
        line
        for line in done.stderr.splitlines()
        if ".rules:" in line and complaints.search(line) and "onething-devices" not in line
    ]


def test_every_known_card_reader_may_be_opened(deploy: Path) -> None:
    rules = (deploy / "terminal/files/70-onething-devices.rules").read_text("utf-8")
    named = re.findall(r'ATTR\{idVendor\}=="(\w{4})", ATTR\{idProduct\}=="(\w{4})", GROUP="onething', rules)
    assert {(int(vendor, 16), int(product, 16)) for vendor, product in named} == set(KNOWN_READERS)


ASK = """
let asked;
const Result = {NO: "no", YES: "yes", NOT_HANDLED: "not handled"};
const polkit = {Result, addRule: rule => { asked = rule; }};
eval(require("fs").readFileSync(process.argv[1], "utf-8"));
const answers = JSON.parse(process.argv[2]).map(([user, id, given]) =>
  asked({id, lookup: name => given[name]}, {user}));
console.log(JSON.stringify(answers));
"""
UNITS, LOGIN = "org.freedesktop.systemd1.manage-units", "org.freedesktop.login1"
SCREEN = {"unit": "onething-screen.service", "verb": "restart"}


def test_the_program_may_restart_its_screen_and_the_machine_and_nothing_else(deploy: Path, tool) -> None:
    asked = {
        ("onething-terminal", UNITS, "screen"): "yes",
        ("onething-terminal", f"{LOGIN}.reboot", ""): "yes",
        ("onething-terminal", f"{LOGIN}.power-off", ""): "no",
        ("onething-terminal", UNITS, "stop"): "no",
        ("onething-terminal", UNITS, "ssh"): "no",
        ("onething-screen", UNITS, "screen"): "not handled",
        ("root", f"{LOGIN}.reboot", ""): "not handled",
    }
    given = {"screen": SCREEN, "stop": {**SCREEN, "verb": "stop"}, "ssh": {**SCREEN, "unit": "ssh.service"}}
    cases = json.dumps([[user, action, given.get(name, {})] for user, action, name in asked])
    code, said = tool.run("node", "-e", ASK, str(deploy / "terminal/files/polkit.js"), cases)
    assert (code, json.loads(said)) == (0, list(asked.values()))


def test_the_kiosks_own_commands_are_those_it_has_the_right_to(deploy: Path) -> None:
    commands = read_config(deploy / "terminal/files/kiosk.toml").commands
    assert commands.restart_browser == ("systemctl", SCREEN["verb"], SCREEN["unit"])
    assert commands.reboot == ("systemctl", "reboot")


def test_the_policy_is_json_of_known_shape(deploy: Path) -> None:
    policy = json.loads((deploy / "terminal/files/onething-kiosk.json").read_text("utf-8"))
    assert policy["URLBlocklist"][0] == "*"
    assert policy["URLAllowlist"] == ["http://127.0.0.1:8090"]
    assert policy["DeveloperToolsAvailability"] == 2
    unit = (deploy / "terminal/systemd/onething-terminal.service").read_text("utf-8")
    assert "onething-terminal run" in unit


def test_the_launchers_are_python_and_the_window_a_shell_script(deploy: Path, tool) -> None:
    files = deploy / "terminal/files"
    for name in ("onething-terminal", "onething-terminal-update"):
        compile((files / name).read_text("utf-8"), name, "exec")
    assert tool.run("sh", "-n", str(files / "show-pages")) == (0, "")


def test_lintian_finds_nothing_to_say_about_our_packages(packages: BuiltPackages, tool) -> None:
    files = (str(packages.program), str(packages.kiosk))
    code, said = tool.run("lintian", "--allow-root", "--fail-on", "error,warning", *files)
    assert (code, said) == (0, "")
