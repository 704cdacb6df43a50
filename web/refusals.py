"""Why a door does not open: refusals that are made before any service is called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal


class DoorRefusal(Refusal):
    """A refusal with what the answer carries besides: problem members and headers."""

    members: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}


class SignatureRefused(DoorRefusal):
    """The terminal's signature (RFC 9421) is not good; ``detail`` is for the log only."""

    reason = "signature_wrong"
    status_hint = "unauthorised"
    text = Label(
        "终端签名未通过验证，请呼叫工作人员", "The terminal's signature is wrong; please call the staff"
    )
    headers = {
        "WWW-Authenticate": "Signature",
        "Accept-Signature": 'sig=("@method" "@authority" "@path" "@query" "content-digest")'
        ';created;keyid;nonce;tag="kiosk"',
    }

    def __init__(self, detail: str = "") -> None:
        super().__init__()
        self.detail = detail


class SignatureMissing(SignatureRefused):
    """There is no signature, more than one, or it does not cover what it must."""

    reason = "signature_missing"
    text = Label("请求缺少终端签名，请呼叫工作人员", "The request is not signed; please call the staff")


class SignatureStale(SignatureRefused):
    """The signature was made too long ago or in the future; ``now`` lets the terminal find its offset."""

    reason = "signature_stale"
    text = Label("终端时间不准，正在校准", "The terminal's clock is wrong and is being set")

    def __init__(self, now: datetime, signature: str = "") -> None:
        super().__init__()
        said = now.isoformat()
        self.members = {"now": said}
        # Signed, so that nobody on the way can set a kiosk's clock.
        self.headers = {**self.headers, "Server-Time": said, "Server-Time-Signature": signature}


class NonceReplayed(SignatureRefused):
    """The very same signed request was here before."""

    reason = "nonce_replayed"
    text = Label("重复的请求已被拒绝", "A repeated request was refused")


class TerminalUnknown(SignatureRefused):
    """No kiosk is enrolled under this id."""

    reason = "terminal_unknown"
    text = Label("本终端尚未登记，请呼叫工作人员", "This terminal is not enrolled; please call the staff")


class TerminalSuspended(DoorRefusal):
    """The kiosk was taken out of service."""

    reason = "terminal_suspended"
    status_hint = "forbidden"
    text = Label("本终端已停用，请到综合窗口办理", "This terminal is out of service; please go to a window")


class TerminalInLobby(DoorRefusal):
    """The kiosk's key has come, and nobody has compared its words yet."""

    reason = "terminal_in_lobby"
    status_hint = "forbidden"
    text = Label(
        "本终端已登记，等待管理员核对启用", "This terminal is enrolled and waits to be compared and activated"
    )


class PartnerRefused(DoorRefusal):
    """A department's signature (x-tif-*) is not good."""

    reason = "signature_wrong"
    status_hint = "unauthorised"
    text = Label("网关签名未通过验证", "The gateway signature is wrong")
    headers = {"WWW-Authenticate": "TIF"}

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class PhoneTokenRefused(DoorRefusal):
    """No access token of a phone (RFC 6750), or one that is worth nothing any more."""

    reason = "phone_token_refused"
    status_hint = "unauthorised"
    text = Label("登录已失效，请重新登录", "Your sign-in has ended; please sign in again")
    headers = {"WWW-Authenticate": "Bearer"}


class IdempotencyKeyMissing(DoorRefusal):
    """An act that makes something needs a key, so that it can be repeated without doing it twice."""

    reason = "idempotency_key_missing"
    text = Label("请求缺少防重复提交的编号", "The request has no idempotency key")


class NotReady(DoorRefusal):
    """The database is away, or nothing is published yet."""

    reason = "server_away"
    status_hint = "unavailable"
    text = Label(
        "系统暂时无法连接，请稍后再试或到窗口办理",
        "The system cannot be reached just now; please try again later or go to a window",
    )


class NoGate(Exception):
    """A route was added without saying who may pass: nobody does."""
