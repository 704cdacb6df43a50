"""The x-tif-* signature, against its published vector and against the sandbox's own reading of it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onething.connectors import gateway
from onething.connectors.gateway import GatewaySettingsWrong, SignatureRefused, read_tokens, sign, verify
from sandbox import signature as far_side
from sandbox.tokens import write_tokens

AT = datetime.fromtimestamp(1_700_000_000, UTC)
TOKENS = {"WJ": "token-of-wj", "GA": "token-of-ga"}


class SetOfNonces:
    """Nonces in memory."""

    def __init__(self) -> None:
        self.used: set[tuple[str, str]] = set()

    def use(self, partner: str, nonce: str, at: datetime) -> bool:
        is_new = (partner, nonce) not in self.used
        self.used.add((partner, nonce))
        return is_new


def refusal_of(headers: dict[str, str], now: datetime = AT, nonces: SetOfNonces | None = None) -> str:
    with pytest.raises(SignatureRefused) as refused:
        verify(headers, TOKENS, now=now, nonces=nonces or SetOfNonces())
    return refused.value.reason


def test_the_published_vector() -> None:
    headers = sign("app", "TESTTOKEN", at=AT, nonce="123456789abcdefg")
    assert headers["x-tif-timestamp"] == "1700000000"
    assert headers["x-tif-signature"] == "FB385EE1DDCE6308CE318F7712A993A8239E9A479EB365FD0F1BE622DE86DFCB"


def test_a_departments_request_is_known_by_its_name() -> None:
    headers = far_side.sign("GA", TOKENS["GA"], at=1_700_000_000)
    assert verify(headers, TOKENS, now=AT, nonces=SetOfNonces()) == "GA"


def test_the_signature_may_come_in_small_letters() -> None:
    headers = sign("GA", TOKENS["GA"], at=AT)
    headers["x-tif-signature"] = headers["x-tif-signature"].lower()
    assert verify(headers, TOKENS, now=AT, nonces=SetOfNonces()) == "GA"


def test_a_nonce_is_good_once_for_each_partner() -> None:
    nonces, headers = SetOfNonces(), sign("GA", TOKENS["GA"], at=AT, nonce="nonce-of-ours")
    verify(headers, TOKENS, now=AT, nonces=nonces)
    assert refusal_of(headers, nonces=nonces) == "nonce_replayed"
    other = sign("WJ", TOKENS["WJ"], at=AT, nonce="nonce-of-ours")
    assert verify(other, TOKENS, now=AT, nonces=nonces) == "WJ"


@pytest.mark.parametrize("seconds", [-181, 181, 100_000])
def test_too_old_or_too_new_is_refused(seconds: int) -> None:
    headers = sign("GA", TOKENS["GA"], at=AT)
    assert refusal_of(headers, AT + timedelta(seconds=seconds)) == "signature_expired"


@pytest.mark.parametrize("seconds", [-180, 0, 180])
def test_clocks_may_differ_by_three_minutes(seconds: int) -> None:
    headers = sign("GA", TOKENS["GA"], at=AT)
    assert verify(headers, TOKENS, now=AT + timedelta(seconds=seconds), nonces=SetOfNonces()) == "GA"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"x-tif-paasid": "WJ"}, "signature_wrong"),
        ({"x-tif-paasid": "NOBODY"}, "signature_wrong"),
        ({"x-tif-paasid": ""}, "signature_missing"),
        ({"x-tif-nonce": "another-nonce"}, "signature_wrong"),
        ({"x-tif-nonce": "short"}, "signature_missing"),
        ({"x-tif-nonce": "n" * 65}, "signature_missing"),
        ({"x-tif-timestamp": "1700000001"}, "signature_wrong"),
        ({"x-tif-timestamp": "١٧٠٠٠٠٠٠٠٠"}, "signature_missing"),
        ({"x-tif-timestamp": "9" * 5000}, "signature_missing"),
        ({"x-tif-timestamp": "yesterday"}, "signature_missing"),
        ({"x-tif-signature": "F" * 64}, "signature_wrong"),
        ({"x-tif-signature": "签名"}, "signature_wrong"),
        ({"x-tif-signature": ""}, "signature_missing"),
    ],
)
def test_whatever_is_changed_is_refused_and_leaves_no_nonce(change: dict[str, str], reason: str) -> None:
    nonces = SetOfNonces()
    assert refusal_of(sign("GA", TOKENS["GA"], at=AT) | change, nonces=nonces) == reason
    assert nonces.used == set()


def test_no_headers_at_all() -> None:
    assert refusal_of({}) == "signature_missing"


def test_the_far_side_accepts_ours_once() -> None:
    headers, seen = sign("onething", "token", at=gateway.now()), far_side.SeenNonces()
    far_side.verify(headers, "onething", "token", seen)
    with pytest.raises(far_side.SignatureRefused, match="nonce_replayed"):
        far_side.verify(headers, "onething", "token", seen)


def test_the_token_file_is_read_and_private(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    write_tokens(file)
    tokens = read_tokens(file)
    assert tokens.own_id == "onething"
    assert len({tokens.own, *tokens.departments.values()}) == len(tokens.departments) + 1
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content", [None, "not json", "[]", '{"onething": "t"}', '{"onething": 1, "departments": {}}']
)
def test_a_token_file_that_can_not_be_used_is_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "tokens.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(GatewaySettingsWrong, match=r"tokens\.json"):
        read_tokens(file)


def test_an_empty_token_is_no_token(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(json.dumps({"onething": "t", "departments": {"GA": ""}}))
    with pytest.raises(GatewaySettingsWrong):
        read_tokens(file)
