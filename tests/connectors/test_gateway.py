"""Our signature at the gateway, against its published vector and the sandbox's own reading of it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from onething.connectors.gateway import GatewaySettingsWrong, GatewayTokens
from onething.domain.gateway_signature import GatewaySignatureRefused, check, sign
from sandbox import signature as far_side
from sandbox.tokens import write_tokens

AT = datetime.fromtimestamp(1_700_000_000, UTC)
NONCE = "123456789abcdefg"
PUBLISHED = "FB385EE1DDCE6308CE318F7712A993A8239E9A479EB365FD0F1BE622DE86DFCB"
OURS = GatewayTokens("onething", "token-of-ours", {})


def test_both_sides_know_the_published_vector() -> None:
    for headers in (
        sign("app", "TESTTOKEN", at=AT, nonce=NONCE),
        far_side.sign("app", "TESTTOKEN", at=1_700_000_000, nonce=NONCE),
    ):
        assert headers["x-tif-timestamp"] == "1700000000"
        assert (
            headers["x-tif-signature"] == "FB385EE1DDCE6308CE318F7712A993A8239E9A479EB365FD0F1BE622DE86DFCB"
        )


def test_a_departments_signature_is_known() -> None:
    assert check(far_side.sign("GA", "t", at=1_700_000_000, nonce=NONCE), "GA", "t", now=AT) == NONCE


def test_the_far_side_accepts_ours_once() -> None:
    headers, seen = OURS.sign_request(), far_side.SeenNonces()
    far_side.verify(headers, "onething", "token-of-ours", seen)
    with pytest.raises(far_side.SignatureRefused, match="nonce_replayed"):
        far_side.verify(headers, "onething", "token-of-ours", seen)


def test_every_request_has_a_nonce_of_its_own() -> None:
    assert len({OURS.sign_request()["x-tif-nonce"] for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"x-tif-paasid": "somebody"}, "signature_missing"),
        ({"x-tif-nonce": "another-nonce"}, "signature_wrong"),
        ({"x-tif-nonce": "short"}, "signature_missing"),
        ({"x-tif-timestamp": "1700000000"}, "signature_expired"),
        ({"x-tif-timestamp": "yesterday"}, "signature_missing"),
        ({"x-tif-signature": "F" * 64}, "signature_wrong"),
    ],
)
def test_whatever_is_changed_the_far_side_refuses(change: dict[str, str], reason: str) -> None:
    with pytest.raises(far_side.SignatureRefused, match=reason):
        far_side.verify(OURS.sign_request() | change, "onething", "token-of-ours", far_side.SeenNonces())


@pytest.mark.parametrize("seconds", [-181, 181])
def test_too_old_or_too_new_is_refused(seconds: int) -> None:
    headers = far_side.sign("GA", "t", at=1_700_000_000)
    with pytest.raises(GatewaySignatureRefused, match="signature_expired"):
        check(headers, "GA", "t", now=AT + timedelta(seconds=seconds))


def test_the_token_file_is_read_and_private(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    write_tokens(file)
    tokens = GatewayTokens.load(file)
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
        GatewayTokens.load(file)


def test_an_empty_token_is_no_token(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(json.dumps({"onething": "t", "departments": {"GA": ""}}))
    with pytest.raises(GatewaySettingsWrong):
        GatewayTokens.load(file)
