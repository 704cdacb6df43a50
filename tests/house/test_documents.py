"""What the documents say is there is there."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def _documents(tracked: list[Path]) -> list[Path]:
    return [name for name in tracked if name.suffix == ".md"]


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+\s+(.+?)\s*$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _is_there(top: Path, document: Path, link: str) -> bool:
    path, _, anchor = unquote(link).partition("#")
    target = (top / document.parent / path) if path else top / document
    if not target.exists():
        return False
    return not anchor or target.suffix != ".md" or anchor in _anchors(target.read_text("utf-8"))


def test_links_lead_somewhere(top: Path, tracked: list[Path]) -> None:
    broken = [
        f"{document}: {link}"
        for document in _documents(tracked)
        for link in LINK.findall(FENCE.sub("", (top / document).read_text("utf-8")))
        if not link.startswith(("http://", "https://", "mailto:")) and not _is_there(top, document, link)
    ]
    assert not broken


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_a_newcomer_finds_the_two_commands(top: Path, readme: str) -> None:
    text = (top / readme).read_text("utf-8")
    assert "make demo" in text
    assert "make test" in text


def test_every_make_target_named_in_a_document_exists(top: Path, tracked: list[Path]) -> None:
    targets = set(TARGET.findall((top / "Makefile").read_text("utf-8")))
    command = re.compile(r"(?:^|`)make ([a-z][a-z-]*)", re.MULTILINE)
    named = {
        f"{document}: make {target}"
        for document in _documents(tracked)
        for target in command.findall((top / document).read_text("utf-8"))
        if target not in targets
    }
    assert not named


def test_every_folder_is_on_the_readme_s_tour(top: Path, tracked: list[Path]) -> None:
    folders = {name.parts[0] for name in tracked if len(name.parts) > 1 and not name.parts[0].startswith(".")}
    for readme in ("README.md", "README.zh-CN.md"):
        text = (top / readme).read_text("utf-8")
        missing = sorted(folder for folder in folders if f"`{folder}/`" not in text)
        assert not missing, f"{readme} does not say what is in {missing}"


def test_every_setting_is_documented(top: Path, modules: list[Path]) -> None:
    example = (top / "deploy/environment.example").read_text("utf-8")
    documented = set(re.findall(r"\bONETHING_[A-Z_]+", example))
    read = {
        setting
        for name in modules
        if name.parts[0] != "tests"
        for setting in re.findall(r"[\"'](ONETHING_[A-Z_]+)[\"']", (top / name).read_text("utf-8"))
    }
    assert read <= documented, f"read by the code, unknown to deploy/environment.example: {read - documented}"
