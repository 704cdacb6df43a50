"""Enrolling: a code as people type it, a key made here, and letters that both screens show."""

import hashlib
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from terminal_client.agent.codes import BadCode, EnrolmentCode, parse_scanned, parse_typed
from terminal_client.agent.enrolment import EnrolmentFailed, enrol, with_identity
from terminal_client.cli import main
from terminal_client.config import Config
from terminal_client.identity import check_words, raw_public, read_identity
from terminal_client.keys import read_key
from terminal_client.server_client import ServerAway, ServerRefused

from .stand_in_fleet import CODE, LETTERS, TERMINAL, RunningFleet, with_check

TYPED = with_check(CODE)
SHOWN = "-".join(TYPED[at : at + 4] for at in range(0, 16, 4))


def make_config(folder: Path, fleet: RunningFleet) -> Config:
    return Config(server_url=fleet.url, key_file=folder / "kiosk.key", state_dir=folder / "state")


def test_a_code_is_read_however_it_is_typed() -> None:
    for typed in (SHOWN, SHOWN.lower(), f" {TYPED} ", SHOWN.replace("-", " ")):
        assert parse_typed(typed) == EnrolmentCode("ABCD", CODE[4:])
    zeros = with_check("0" * 14 + "1")
    assert parse_typed(zeros.replace("0", "o").replace("1", "l")[:15] + zeros[-1]).secret == "0" * 10 + "1"


@given(st.text(LETTERS[:32], min_size=15, max_size=15), st.integers(0, 14), st.sampled_from(LETTERS[:32]))
def test_any_one_letter_mistyped_is_found(code: str, place: int, letter: str) -> None:
    whole = with_check(code)
    if whole[place] != letter:
        with pytest.raises(BadCode):
            parse_typed(whole[:place] + letter + whole[place + 1 :])


@given(st.text(LETTERS[:32], min_size=15, max_size=15), st.integers(0, 13))
def test_any_two_neighbours_exchanged_are_found(code: str, place: int) -> None:
    whole = with_check(code)
    if whole[place] != whole[place + 1]:
        with pytest.raises(BadCode):
            parse_typed(whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :])


@given(st.text(max_size=300))
def test_whatever_is_scanned_is_a_code_or_refused(text: str) -> None:
    with pytest.raises(BadCode):
        parse_scanned(text)


def test_the_consoles_code_carries_the_server_and_the_authority() -> None:
    code = parse_scanned(f"ONETHING-ENROL:1:{TYPED}:https://xinxian.invalid:8443:{'a' * 64}")
    assert (code.code_id, code.server_url, code.ca_pin) == ("ABCD", "https://xinxian.invalid:8443", "a" * 64)
    for wrong in (TYPED, f"ONETHING-ENROL:1:{TYPED}:ftp://x:-", f"ONETHING-ENROL:1:{TYPED}:https://x:abc"):
        with pytest.raises(BadCode):
            parse_scanned(wrong)


def test_the_letters_are_those_of_the_wires_description() -> None:
    assert check_words(bytes(32)) == "CSM7-NBFR"


def test_a_kiosk_is_enrolled_with_a_key_made_here(tmp_path: Path, fleet: RunningFleet) -> None:
    config = make_config(tmp_path, fleet)
    enrolled = enrol(config, parse_typed(SHOWN))
    assert stat.S_IMODE(config.key_file.stat().st_mode) == 0o600
    assert enrolled.check_words == check_words(raw_public(read_key(config.key_file)))
    assert CODE[4:] not in str(fleet.door.enrolments)
    identity = read_identity(config.state_dir)
    assert identity == enrolled.identity
    known = with_identity(config, identity)
    assert (known.terminal_id, known.server_url) == (TERMINAL, fleet.url)
    assert known.hall_zh == "县政务服务中心 K-07"


def test_a_lost_answer_is_mended_by_the_same_code(tmp_path: Path, fleet: RunningFleet) -> None:
    config = make_config(tmp_path, fleet)
    fleet.door.lost_answers = 1
    with pytest.raises(ServerAway):
        enrol(config, parse_typed(SHOWN))
    assert read_identity(config.state_dir) is None
    enrol(config, parse_typed(SHOWN))
    first, second = fleet.door.enrolments
    assert first["public_key"] == second["public_key"]
    assert first["offline_secret"] == second["offline_secret"]


def test_a_wrong_code_enrols_nobody(tmp_path: Path, fleet: RunningFleet) -> None:
    config = make_config(tmp_path, fleet)
    with pytest.raises(ServerRefused) as refused:
        enrol(config, EnrolmentCode("ABCD", "0" * 11))
    assert refused.value.reason == "enrolment_not_valid"
    assert read_identity(config.state_dir) is None


def test_a_server_that_holds_another_key_is_found_out(tmp_path: Path, fleet: RunningFleet) -> None:
    fleet.door.told_words = "AAAA-BBBB"
    with pytest.raises(EnrolmentFailed) as failed:
        enrol(make_config(tmp_path, fleet), parse_typed(SHOWN))
    assert failed.value.reason == "another_key"
    assert read_identity(tmp_path / "state") is None


def test_a_kiosk_three_years_slow_is_enrolled_all_the_same(tmp_path: Path, fleet: RunningFleet) -> None:
    fleet.door.clock_ahead = timedelta(days=3 * 365)
    assert enrol(make_config(tmp_path, fleet), parse_typed(SHOWN)).identity.terminal == TERMINAL


def test_the_authority_on_this_machine_must_be_the_consoles(tmp_path: Path, fleet: RunningFleet) -> None:
    authority = make_authority()
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(authority.public_bytes(Encoding.PEM))
    pin = hashlib.sha256(authority.public_bytes(Encoding.DER)).hexdigest()
    config = make_config(tmp_path, fleet)
    for file, given_pin in ((None, pin), (ca_file, "0" * 64)):
        held = Config(**{**vars(config), "ca_file": file})
        with pytest.raises(EnrolmentFailed) as failed:
            enrol(held, EnrolmentCode("ABCD", CODE[4:], fleet.url, given_pin))
        assert failed.value.reason == "other_authority"
    enrol(Config(**{**vars(config), "ca_file": ca_file}), EnrolmentCode("ABCD", CODE[4:], fleet.url, pin))


def make_authority() -> x509.Certificate:
    """A certificate authority of nobody's."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    return builder.sign(key, None)


def test_enrolling_on_the_command_line_prints_the_letters(
    tmp_path: Path, fleet: RunningFleet, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('state_dir = "state"\n', encoding="utf-8")
    fleet.door.state = "lobby"
    assert main(["enrol", "--config", str(file), SHOWN]) == 1
    assert "二维码" in capsys.readouterr().err
    assert main(["enrol", "--config", str(file), "--server", fleet.url, SHOWN[:-1] + "?"]) == 1
    assert "输错" in capsys.readouterr().err
    assert main(["enrol", "--config", str(file), "--server", fleet.url, SHOWN]) == 0
    said = capsys.readouterr().out
    assert check_words(raw_public(read_key(tmp_path / "kiosk.key"))) in said
    assert "启用" in said
