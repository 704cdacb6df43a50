"""What a check of a connection found, in plain words for whoever sets the system up."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from onething.connectors.envelope import UNSIGNED, Envelope
from onething.connectors.exchange import Exchange, ExchangeFailed


@dataclass(frozen=True)
class Finding:
    """One connection's state; ``subject`` names it (``registers/birth_register``)."""

    subject: str
    ok: bool
    zh: str
    en: str


_WORDS = {
    "ok": ("连接正常", "It can be reached and answers sensibly."),
    "down": (
        "连接不上,请检查网关地址和网络",
        "It can not be reached: check the gateway's address and the network.",
    ),
    "slow": ("没有按时回答", "It did not answer in time."),
    "refused_by_gateway": (
        "网关拒绝了签名,请检查应用编号、令牌和本机时间",
        "The gateway refuses our signature: check our id, the token and this machine's clock.",
    ),
    "bad_answer": ("回答的格式不对", "It answers, but not in the agreed form."),
    "too_large": ("回答过大", "Its answer is far too large."),
    "unknown": ("对方没有这个服务", "The other side does not know this service."),
}
TIME_LIMIT_S = 5.0


def examine(exchange: Exchange, subject: str, path: str) -> Finding:
    """Ask an empty question, which names nobody, and judge how it is turned down."""
    try:
        reply = exchange.loop.run(exchange.post(path, {}), TIME_LIMIT_S)
        word = "unknown" if reply.status == 404 else _judge(reply.body)
    except TimeoutError:
        word = "slow"
    except ExchangeFailed as failure:
        word = failure.reason
    zh, en = _WORDS[word]
    return Finding(subject, word == "ok", zh, en)


def _judge(body: bytes) -> str:
    try:
        envelope = msgspec.json.decode(body, type=Envelope)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return "bad_answer"
    return "refused_by_gateway" if envelope.code in UNSIGNED else "ok"
