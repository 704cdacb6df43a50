"""The editor's desk: packs in, problems named, differences told, published, taken back."""

import io
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from tests.console.office import Desk, Office
from tests.services.ready_made import PACK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The county's own pack, to be changed."""
    copy = tmp_path / "pack"
    shutil.copytree(PACK, copy)
    return copy


def zipped(folder: Path, top: str = "pack/") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*.yaml")):
            archive.write(file, f"{top}{file.relative_to(folder)}")
    return out.getvalue()


def send(desk: Desk, *files: tuple[str, bytes]) -> str:
    """Upload; the address of the page it led to."""
    hidden = desk.hidden("/catalogue/", "/catalogue/uploads")
    answer = desk.send(
        "/catalogue/uploads",
        {**hidden, "pack": [FileStorage(io.BytesIO(content), name) for name, content in files]},
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location).removeprefix("/console")


def said(desk: Desk, page: str = "/catalogue/") -> str:
    found = re.search(
        r'class="said problem"[^>]*data-reason="([a-z_]+)"', desk.get(page).get_data(as_text=True)
    )
    return found[1] if found else ""


def current(office: Office) -> int:
    with office.ports.records.read() as uow:
        found = uow.revisions.find_current()
    assert found is not None
    return found.number


def change(folder: Path, name: str, before: str, after: str) -> None:
    file = folder / name
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), "utf-8")


def test_the_same_pack_has_nothing_to_publish(office: Office, folder: Path) -> None:
    desk = office.client("editor")
    page = desk.get(send(desk, ("pack.zip", zipped(folder)))).get_data(as_text=True)
    assert "与现行版相同" in page


def test_single_files_make_a_pack_as_a_zip_does(office: Office, folder: Path) -> None:
    desk = office.client("editor")
    files = [(file.name, file.read_bytes()) for file in sorted(folder.rglob("*.yaml"))]
    page = desk.get(send(desk, *files)).get_data(as_text=True)
    assert "与现行版相同" in page


def test_mistakes_are_named_by_file_and_line(office: Office, folder: Path) -> None:
    desk = office.client("editor")
    change(folder, "things/P-NEWBORN.yaml", "code: P-NEWBORN", "code: P-NEWBORN\nnonsense: 1")
    page = desk.get(send(desk, ("pack.zip", zipped(folder)))).get_data(as_text=True)
    row = re.search(r'data-reason="unknown_key"><td class="whole">([^<]+)</td><td class="count">(\d+)', page)
    assert row is not None
    lines = (folder / "things/P-NEWBORN.yaml").read_text("utf-8").splitlines()
    assert row[1] == "things/P-NEWBORN.yaml"
    assert lines[int(row[2]) - 1] == "nonsense: 1"
    assert "/publication" not in page


def test_a_change_is_told_previewed_published_and_taken_back(office: Office, folder: Path) -> None:
    desk, before = office.client("editor"), current(office)
    change(folder, "things/P-NEWBORN.yaml", "override_reason: >-", "override_reason: >-\n    Changed. ")
    at = send(desk, ("pack.zip", zipped(folder)))
    page = desk.get(at).get_data(as_text=True)
    assert "P-NEWBORN：承诺：" in page
    preview = desk.get(f"{at}/things/P-NEWBORN")
    assert preview.status_code == 200
    assert "<svg" in preview.get_data(as_text=True)
    assert "样例" in preview.get_data(as_text=True)
    assert current(office) == before
    assert desk.post(f"{at}/publication", at).status_code == 303
    assert current(office) == before + 1
    back = desk.post(f"/catalogue/revisions/{before}/publication", "/catalogue/")
    assert back.status_code == 303
    assert current(office) == before + 2
    with office.ports.records.read() as uow:
        assert uow.revisions.get(before).digest == uow.revisions.get(before + 2).digest


def test_a_path_longer_than_promised_needs_a_reason(office: Office, folder: Path) -> None:
    desk, before = office.client("editor"), current(office)
    file = folder / "things/P-NEWBORN.yaml"
    text = re.sub(r"  override_by: .*\n  override_reason: >-\n(    .*\n)+", "", file.read_text("utf-8"))
    file.write_text(text, "utf-8")
    at = send(desk, ("pack.zip", zipped(folder)))
    page = desk.get(at).get_data(as_text=True)
    assert 'data-reason="path_too_long"' in page
    refused = desk.post(f"{at}/publication", at)
    assert refused.status_code == 422
    assert 'data-reason="override_wanted"' in refused.get_data(as_text=True)
    assert current(office) == before
    done = desk.post(f"{at}/publication", at, **{"reason-P-NEWBORN": "县政府办公会同意"})
    assert done.status_code == 303
    with office.ports.records.read() as uow:
        kept: Any = uow.revisions.get(before + 1).data["things"]["P-NEWBORN"]["promise"]
    assert kept["override_by"] == "测试editor"
    assert kept["override_reason"] == "县政府办公会同意"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pack.zip", b"PK\x03\x04 not a zip"),
        ("pack.zip", "outside"),
        ("pack.zip", "absolute"),
        ("pack.zip", "too many"),
        ("pack.zip", "bomb"),
        ("notes.txt", b"hello"),
    ],
)
def test_what_is_no_pack_is_not_opened(office: Office, name: str, content: bytes | str) -> None:
    desk = office.client("editor")
    made = content if isinstance(content, bytes) else hostile(content)
    assert send(desk, (name, made)) == "/catalogue/"
    assert said(desk) == "pack_refused"


def hostile(kind: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if kind == "outside":
            archive.writestr("../../etc/evil.yaml", "a: 1")
        elif kind == "absolute":
            archive.writestr("/evil.yaml", "a: 1")
        elif kind == "too many":
            for number in range(201):
                archive.writestr(f"things/T{number}.yaml", "a: 1")
        else:
            archive.writestr("pack.yaml", b"a" * 30_000_000)
    return out.getvalue()


def test_a_department_with_open_parts_cannot_vanish(office: Office, folder: Path) -> None:
    """A case of the birth is under way; a pack without one of its departments is refused."""
    county, desk = office.county, office.client("editor")
    session = county.sign_in()
    county.submit(session, county.ready_new_birth(session), key="stranding-1")
    with office.ports.records.read() as uow:
        waiting = uow.catalog_desk.count_open_parts()
    assert "WJ" in waiting
    # The whole pack but the birth, its departments given away to another name.
    rename_department(folder, "WJ", "WX")
    at = send(desk, ("pack.zip", zipped(folder)))
    before = current(office)
    page = desk.get(at).get_data(as_text=True)
    assert 'data-reason="would_strand_cases"' in page, page
    other = send(desk, ("pack.zip", zipped(PACK)))
    hidden = desk.hidden(at, "/sign-in/end")
    sent = desk.send(f"{at}/publication", hidden)
    assert sent.status_code == 422
    assert 'data-reason="would_strand_cases"' in sent.get_data(as_text=True)
    assert current(office) == before
    assert desk.get(other).status_code == 200


def rename_department(folder: Path, code: str, to: str) -> None:
    for file in folder.rglob("*.yaml"):
        text = file.read_text("utf-8")
        text = re.sub(rf"^{code}:", f"{to}:", text, flags=re.MULTILINE)
        text = re.sub(
            rf"((?:department|issuer|lead|departments|oversight|supervisor)\w*: ){code}\b",
            rf"\g<1>{to}",
            text,
        )
        file.write_text(re.sub(rf"(\[|, ){code}(?=,|\])", rf"\g<1>{to}", text), "utf-8")
