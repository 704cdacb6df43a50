"""Enrolling: a code from the console, a key made here, and the same letters on both screens."""

import base64
import hashlib
import hmac
import ssl
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from terminal_client import identity as identities
from terminal_client.agent import machine
from terminal_client.agent.codes import EnrolmentCode
from terminal_client.config import Config
from terminal_client.identity import Identity
from terminal_client.keys import make_key, read_key
from terminal_client.server_client import Request, ServerClient, to_bytes
from terminal_client.server_clock import ServerClock

TAG = "kiosk-enrol"


class EnrolmentFailed(Exception):
    """This kiosk was not enrolled; `zh` and `en` say why and what to do."""

    def __init__(self, reason: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = reason
        self.zh = zh
        self.en = en


@dataclass(frozen=True)
class Enrolled:
    """What came of it: who the kiosk is now, its state, and the letters to compare with the console."""

    identity: Identity
    state: str
    check_words: str


def enrol(config: Config, code: EnrolmentCode) -> Enrolled:
    """Make a key unless there is one, and give the server its public half with the proof of the code.

    The key lies on the disk before it is sent, so that a lost answer or a power cut is mended by typing the
    same code again. EnrolmentFailed, ServerAway, ServerRefused, KeyFileError, OSError.
    """
    server_url = code.server_url or config.server_url
    if not server_url:
        raise EnrolmentFailed(
            "no_server",
            "不知道服务器地址，请扫描控制台上的二维码",
            "The server's address is not known. Please scan the console's QR code.",
        )
    _hold_authority(config.ca_file, code.ca_pin)
    config.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = _own_key(config.key_file)
    said = _ask(config, server_url, key, code)
    enrolled = _hold_answer(said, key, server_url)
    identities.write_identity(config.state_dir, enrolled.identity)
    return enrolled


def _own_key(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        make_key(path)
    return read_key(path)


def _ask(config: Config, server_url: str, key: Ed25519PrivateKey, code: EnrolmentCode) -> Any:
    public = identities.raw_public(key)
    offline_secret = identities.get_offline_secret(config.state_dir)
    body = {
        "code_id": code.code_id,
        "public_key": base64.b64encode(public).decode(),
        "versions": {"agent": machine.agent_version(), "configuration": 0},
        "serials": machine.read_serials(),
        "boot_id": machine.read_boot_id(),
        "offline_secret": base64.b64encode(offline_secret).decode(),
    }
    proof = hmac.new(code.secret.encode(), to_bytes(body), hashlib.sha256).hexdigest()
    client = ServerClient(
        server_url, identities.thumbprint(public), key, clock=ServerClock(), tag=TAG, ca_file=config.ca_file
    )
    try:
        return client.ask(Request("POST", "/enrolments", body=body, headers={"Enrolment-Proof": proof}))
    finally:
        client.close()


def _hold_answer(said: Any, key: Ed25519PrivateKey, server_url: str) -> Enrolled:
    words = identities.check_words(identities.raw_public(key))
    try:
        identity = identities.identity_from({**said, "server_url": server_url})
        state, told = str(said["state"]), str(said["check_words"])
    except (KeyError, TypeError, ValueError) as error:
        raise EnrolmentFailed(
            "odd_answer", "服务器的答复看不懂", "The server's answer cannot be understood."
        ) from error
    if told != words:
        # somebody in between has put a key of their own in the place of ours
        raise EnrolmentFailed(
            "another_key",
            "服务器登记的不是这台机器的密钥，请停止并报告",
            "The server holds another key than this machine's. Stop, and report it.",
        )
    return Enrolled(identity, state, words)


def _hold_authority(ca_file: Path | None, pin: str | None) -> None:
    """Hold the authority's certificate on this machine to the digest on the console's screen."""
    if pin is None:
        return
    if ca_file is None or pin not in _digests(ca_file):
        raise EnrolmentFailed(
            "other_authority",
            "这台机器上的CA证书和控制台要求的不一致，请先安装证书（ca_file）",
            "This machine does not hold the authority the console names. Install its certificate (ca_file).",
        )


def _digests(ca_file: Path) -> set[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(ca_file)
    except (OSError, ssl.SSLError):
        return set()
    return {hashlib.sha256(held).hexdigest() for held in context.get_ca_certs(binary_form=True)}


def with_identity(config: Config, identity: Identity | None) -> Config:
    """The settings with what the server said at enrolment in their place."""
    if identity is None:
        return config
    return replace(
        config,
        server_url=identity.server_url,
        terminal_id=identity.terminal,
        hall_zh=f"{identity.hall_zh} {identity.number}",
        hall_en=f"{identity.hall_en} {identity.number}",
    )
