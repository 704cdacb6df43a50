"""Personal data cannot be read where it lies, and does not open anywhere else."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from onething.storage.keyring import KeyRing, key_id_of
from onething.storage.refusals import KeyRingUnsafe, SealBroken
from onething.storage.sealing import Sealer
from onething.storage.suites import SM, SUITES
from onething.storage.unit_of_work import DatabaseRecords
from tests.storage.made_records import (
    MOTHER_NAME,
    MOTHER_NUMBER,
    NOW,
    made_case,
    made_draft,
    made_session,
    made_values,
    submitted,
)

every_suite = pytest.mark.parametrize("suite", sorted(SUITES))


@every_suite
def test_what_is_sealed_opens_at_its_place_only(suite: str) -> None:
    keyring = KeyRing.new(suite)
    sealed = keyring.seal(MOTHER_NUMBER.encode(), "case_values:1/mother/case:sealed_values")
    assert MOTHER_NUMBER.encode() not in sealed
    assert keyring.open(sealed, "case_values:1/mother/case:sealed_values") == MOTHER_NUMBER.encode()
    with pytest.raises(SealBroken):
        keyring.open(sealed, "case_values:2/mother/case:sealed_values")


@every_suite
def test_every_changed_byte_is_noticed(suite: str) -> None:
    keyring = KeyRing.new(suite)
    sealed = keyring.seal(b"{}", "place")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            keyring.open(bytes(changed), "place")
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            keyring.open(sealed[:length], "place")


def test_the_same_value_is_never_sealed_alike() -> None:
    keyring = KeyRing.new()
    assert len({keyring.seal(b"x", "place") for _ in range(100)}) == 100


def test_sm4_gcm_is_the_standard_s() -> None:
    """RFC 8998, appendix A.1."""
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    associated = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    sealed = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    aead = SM.aead(key)
    assert aead.encrypt(nonce, plain, associated) == sealed
    assert aead.decrypt(nonce, sealed, associated) == plain
    with pytest.raises(InvalidTag):
        aead.decrypt(nonce, sealed, associated[:-1])


def test_each_retention_class_is_a_document_of_its_own() -> None:
    sealer = Sealer(KeyRing.new(), lambda fact: "short" if fact == "id_number" else "case")
    rows = sealer.seal_roles("case_values", "1", {**made_values(), "application": {}})
    assert [(role, retention) for _, role, retention, _ in rows] == [
        ("mother", "case"),
        ("mother", "short"),
        ("child", "case"),
        ("application", "case"),
    ]
    opened = sealer.open_roles("case_values", "1", [row[1:] for row in rows])
    assert opened == {**made_values(), "application": {}}


def test_a_value_moved_to_another_case_does_not_open(records: DatabaseRecords, as_superuser: Any) -> None:
    mine, other = made_case(), made_case()
    with records.act() as uow:
        uow.cases.add(mine, [submitted(mine)], made_values())
        uow.cases.add(other, [submitted(other)], made_values())
    of_mine = f"SELECT sealed_values FROM case_values WHERE case_id = '{mine.id}' AND role = 'mother'"
    as_superuser(
        f"UPDATE case_values SET sealed_values = ({of_mine}) "
        f"WHERE case_id = '{other.id}' AND role = 'mother' RETURNING 1"
    )
    with pytest.raises(SealBroken), records.read() as uow:
        uow.cases.get_values(other.id)
    with records.read() as uow:
        assert uow.cases.get_values(mine.id) == made_values()


def test_rotated_keys_open_old_rows_and_seal_new_ones(database_url: str, as_superuser: Any) -> None:
    old = KeyRing.new()
    case, later_case = made_case(), made_case()
    records = DatabaseRecords(database_url, old)
    with records.act() as uow:
        uow.cases.add(case, [submitted(case)], made_values())
    records.close()

    records = DatabaseRecords(database_url, old.rotated("sm4-gcm"))
    with records.act() as uow:
        assert uow.cases.get_values(case.id) == made_values()
        uow.cases.add(later_case, [submitted(later_case)], made_values())
        assert uow.cases.get_values(later_case.id) == made_values()
    records.close()
    kept = as_superuser("SELECT sealed_values FROM case_values")
    assert sorted(key_id_of(bytes(row[0])) for row in kept) == [1, 1, 2, 2]

    records = DatabaseRecords(database_url, old)
    with records.read() as uow, pytest.raises(SealBroken, match="key"):
        uow.cases.get_values(later_case.id)
    records.close()


def test_no_personal_value_lies_in_the_database(records: DatabaseRecords, database_url: str) -> None:
    draft, case, session = made_draft(), made_case(), made_session()
    with records.act() as uow:
        uow.drafts.add(draft)
        uow.drafts.save(draft)
        uow.cases.add(case, [submitted(case)], made_values())
        uow.cases.save_values(case.id, made_values())
        uow.sessions.add(session, "digest")
        uow.keys.begin("holder", "key", "body", NOW)
        uow.keys.finish("holder", "key", {"receipt": {"name": MOTHER_NAME, "number": MOTHER_NUMBER}})
    content = _everything_in(database_url)
    assert b"case_values" in content
    for secret in (MOTHER_NAME, MOTHER_NUMBER, "2026-11-18"):
        assert secret.encode() not in content
        assert secret.encode().hex().encode() not in content
        assert secret.encode("unicode_escape") not in content


def _everything_in(url: str) -> bytes:
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"))
    program = str(programs[-1]) if programs else "pg_dump"
    address = url.replace("+psycopg", "")
    return subprocess.run([program, "--dbname", address], capture_output=True, check=True).stdout


@every_suite
def test_a_key_ring_is_kept_for_its_owner_only(suite: str, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    made = KeyRing.make(path, suite=suite)
    assert path.stat().st_mode & 0o777 == 0o600
    assert KeyRing.load(path) == made
    rotated = KeyRing.rotate(path)
    assert KeyRing.load(path) == rotated
    assert set(rotated.keys) == {1, 2}
    assert rotated.open(made.seal(b"x", "place"), "place") == b"x"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["keys.json"]


def test_a_key_ring_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    made = KeyRing.make(path)
    with pytest.raises(FileExistsError):
        KeyRing.make(path)
    assert KeyRing.load(path) == made


def test_an_unsafe_key_ring_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    with pytest.raises(KeyRingUnsafe, match="no key ring"):
        KeyRing.load(path)
    KeyRing.make(path)
    path.chmod(0o640)
    with pytest.raises(KeyRingUnsafe, match="0600"):
        KeyRing.load(path)
    path.write_text('{"format": 1, "keys": {}}')
    path.chmod(0o600)
    with pytest.raises(KeyRingUnsafe, match="not a key ring"):
        KeyRing.load(path)


def test_keys_are_not_shown_by_accident() -> None:
    ring = KeyRing.new()
    shown = repr(ring)
    for secret in (ring.newest.secret, ring.index.secret, ring.audit.secret):
        assert repr(secret) not in shown
        assert secret.hex() not in shown


def test_the_database_file_is_private(tmp_path: Path) -> None:
    from onething.storage.migrate import migrate

    before = os.umask(0)
    try:
        migrate(f"sqlite:///{tmp_path}/var/onething.sqlite")
    finally:
        os.umask(before)
    assert (tmp_path / "var/onething.sqlite").stat().st_mode & 0o777 == 0o600
