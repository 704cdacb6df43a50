"""One signed request to the gateway and its whole answer, bounded in bytes; foreign errors end here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import msgspec

from onething.connectors.gateway import GatewayTokens
from onething.connectors.loop import BackgroundLoop

LARGEST_ANSWER = 256 * 1024
_CHUNK = 16 * 1024
_REFUSED = (401, 403, 407)


class ExchangeFailed(Exception):
    """No usable answer came. ``reason``: down, too_large, refused_by_gateway or bad_answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Reply:
    """An HTTP answer that was read to its end."""

    status: int
    body: bytes


class Exchange:
    """Signs and sends requests to one gateway over one background loop."""

    def __init__(self, url: str, tokens: GatewayTokens, loop: BackgroundLoop) -> None:
        self._url = url.rstrip("/")
        self._tokens = tokens
        self.loop = loop

    async def post(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        headers: Mapping[str, str] | None = None,
        largest: int = LARGEST_ANSWER,
    ) -> Reply:
        """Send once, with a nonce of its own; raises ``ExchangeFailed``. Time limits are the caller's.

        ``largest`` is how many bytes the answer may have.
        """
        sent = {"Content-Type": "application/json", **(headers or {})}
        return await self._send("POST", path, sent, msgspec.json.encode(body), largest)

    async def get(self, path: str) -> Reply:
        """Ask for what is there, signed like everything else; raises ``ExchangeFailed``."""
        return await self._send("GET", path, {}, None)

    async def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        data: bytes | None,
        largest: int = LARGEST_ANSWER,
    ) -> Reply:
        signed = {**self._tokens.sign_request(), **headers}
        session = self.loop.session()
        try:
            async with session.request(
                method, self._url + path, data=data, headers=signed, allow_redirects=False
            ) as answer:
                return Reply(answer.status, await _read_bounded(answer, largest))
        except (aiohttp.ClientError, OSError) as error:
            raise ExchangeFailed("down") from error

    async def ask(self, path: str, body: Mapping[str, Any], *, largest: int = LARGEST_ANSWER) -> bytes:
        """Post and give the body of a 200; every other status is a failure."""
        reply = await self.post(path, body, largest=largest)
        if reply.status in _REFUSED:
            raise ExchangeFailed("refused_by_gateway")
        if reply.status >= 500 or reply.status == 429:
            raise ExchangeFailed("down")
        if reply.status != 200:
            raise ExchangeFailed("bad_answer")
        return reply.body


async def _read_bounded(answer: aiohttp.ClientResponse, largest: int) -> bytes:
    """The body, given up as soon as it is larger than anything the asker expects."""
    if (answer.content_length or 0) > largest:
        raise ExchangeFailed("too_large")
    received = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        received += chunk
        if len(received) > largest:
            raise ExchangeFailed("too_large")
    return bytes(received)
