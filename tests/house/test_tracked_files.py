"""What may not be kept: addresses of package registries, this or that machine's paths, secrets, big files."""

import re
from pathlib import Path

LARGEST_BYTES = 1_500_000

# Written in pieces, so that this file does not find itself.
REGISTRIES = re.compile(
    "|".join(
        re.escape(".".join(pieces))
        for pieces in (
            ("pypi", "org"),
            ("files", "pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("registry", "yarnpkg", "com"),
            ("deb", "debian", "org"),
            ("proxy", "golang", "org"),
        )
    )
)
HOMES = ("root", "work", "tmp", "home")
# A path is one only where it begins: "network/home/" is not.
MACHINE_PATHS = re.compile(rf"(?<![\w.$}})~/*-])/(?:{'|'.join(HOMES)})/[\w.-]")
KEYS = re.compile("-----BEGIN (?:[A-Z]+ )?PRIVATE" + " KEY-----")


def _texts(top: Path, tracked: list[Path]) -> dict[Path, str]:
    found = {}
    for name in tracked:
        try:
            found[name] = (top / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def _lines_with(pattern: re.Pattern[str], top: Path, tracked: list[Path]) -> list[str]:
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for name, text in _texts(top, tracked).items()
        for match in pattern.finditer(text)
    ]


def test_the_patterns_find_what_they_are_for() -> None:
    assert REGISTRIES.search("https://" + "pypi" + ".org/simple")
    assert MACHINE_PATHS.search("see /" + "root/x")
    assert MACHINE_PATHS.search('"/' + "tmp/x.log")
    assert not MACHINE_PATHS.search("var/tmp/x")
    assert not MACHINE_PATHS.search("https://a.example/home/b")
    assert KEYS.search("-----BEGIN " + "PRIVATE KEY-----")


def test_no_registry_is_named(top: Path, tracked: list[Path]) -> None:
    assert not _lines_with(REGISTRIES, top, tracked)


def test_no_machine_is_named(top: Path, tracked: list[Path]) -> None:
    assert not _lines_with(MACHINE_PATHS, top, tracked)


def test_no_private_key_is_kept(top: Path, tracked: list[Path]) -> None:
    assert not _lines_with(KEYS, top, tracked)


def test_lock_files_hold_no_address(top: Path, tracked: list[Path]) -> None:
    locks = [name for name in tracked if name.name in {"requirements.lock", "package-lock.json", "uv.txt"}]
    assert Path("requirements.lock") in locks
    assert not _lines_with(re.compile("://"), top, locks)


def test_every_python_package_is_locked_with_a_hash(top: Path) -> None:
    entries = (top / "requirements.lock").read_text("utf-8").split("\n")
    names = [index for index, line in enumerate(entries) if re.match(r"[a-z0-9]", line)]
    assert len(names) > 50
    bare = [entries[index] for index in names if "--hash=sha256:" not in entries[index + 1]]
    assert not bare


def test_nothing_big_is_kept(top: Path, tracked: list[Path]) -> None:
    big = {str(name): size for name in tracked if (size := (top / name).stat().st_size) > LARGEST_BYTES}
    assert not big, "generated and third-party files are fetched or made, not kept"


def test_no_third_party_code_is_kept(tracked: list[Path]) -> None:
    vendored = [str(name) for name in tracked if {"vendor", "node_modules"} & set(name.parts)]
    assert not vendored, "front-end packages are fetched at set-up"
