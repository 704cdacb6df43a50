"""The kiosk's signed line to the server: every request by RFC 9421, every refusal a sentence."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms

from terminal_client.journey.state import Sentence
from terminal_client.server_clock import ServerClock

BASE = "/kiosk/v1"
TAG = "kiosk"
COVERED = ("@method", "@authority", "@path", "@query", "content-digest")
COVERED_WHEN_THERE = ("content-type", "idempotency-key")
CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 20.0
LONGEST_ANSWER = 8 * 1024 * 1024
UNEXPLAINED = Sentence(
    "服务器没能办成这一步，请再试一次或呼叫工作人员", "The server could not do this. Try again or call staff."
)


class ServerAway(Exception):
    """The server was not reached, did not answer in time, or answered that it cannot now (5xx)."""

    reason = "server_away"


class ServerRefused(Exception):
    """The server said no (4xx, RFC 9457).

    `reason` is stable, `why` is for the citizen, `errors` name fields.
    """

    def __init__(self, status: int, reason: str, why: Sentence, errors: Mapping[str, Sentence]) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason
        self.why = why
        self.errors = errors


@dataclass(frozen=True)
class Request:
    """One request, before it is signed; `path` is below /kiosk/v1 and starts with a slash."""

    method: str
    path: str
    body: Any = None
    page: bytes | None = field(default=None, repr=False)
    media_type: str = "image/png"
    token: str | None = field(default=None, repr=False)
    idempotency_key: str | None = None
    language: str = "zh-CN"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class _OneKey(HTTPSignatureKeyResolver):  # type: ignore[misc,unused-ignore]
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self.key = key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:  # noqa: ARG002
        return self.key


class ServerClient:
    """Sends signed requests; one object for the whole process, safe for many threads.

    `tag` says what the signatures are for; `ca_file` holds the one authority that the server's certificate
    may come from, else those of the system count.
    """

    def __init__(
        self,
        server_url: str,
        terminal_id: str,
        key: Ed25519PrivateKey,
        *,
        clock: ServerClock | None = None,
        tag: str = TAG,
        ca_file: Path | None = None,
    ) -> None:
        self.server_url = server_url.rstrip("/")
        self.terminal_id = terminal_id
        self.clock = clock or ServerClock()
        self._tag = tag
        self._line = requests.Session()
        self._line.trust_env = False
        if ca_file is not None:
            self._line.verify = str(ca_file)
        self.use_key(key)

    def use_key(self, key: Ed25519PrivateKey) -> None:
        """Sign with this key from now on."""
        self._signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_OneKey(key))

    def ask(self, request: Request) -> Any:
        """Send and return the JSON of the answer (None for 204). ServerAway, ServerRefused."""
        answer = self._send(request)
        if answer.status_code == 204 or not answer.content:
            return None
        try:
            return answer.json()
        except ValueError as error:
            raise ServerAway("the answer is not JSON") from error

    def read(self, request: Request) -> tuple[bytes, str]:
        """Send and return the bytes of the answer with their media type. ServerAway, ServerRefused."""
        answer = self._send(request)
        return answer.content, answer.headers.get("Content-Type", "application/octet-stream")

    def close(self) -> None:
        """Let the line go."""
        self._line.close()

    def _send(self, request: Request) -> requests.Response:
        answer = self._send_once(request)
        if answer.status_code == 401 and self._learn_time(answer):
            answer = self._send_once(request)
        if answer.status_code >= 500:
            raise ServerAway(f"status {answer.status_code}")
        if answer.status_code >= 300:
            raise _refusal(answer)
        if len(answer.content) > LONGEST_ANSWER:
            raise ServerAway("the answer is too long")
        return answer

    def _send_once(self, request: Request) -> requests.Response:
        prepared = self.sign(request)
        try:
            return self._line.send(prepared, timeout=(CONNECT_SECONDS, ANSWER_SECONDS), allow_redirects=False)
        except requests.RequestException as error:
            raise ServerAway(type(error).__name__) from error

    def _learn_time(self, answer: requests.Response) -> bool:
        """Whether the server refused for the time only, and said which time it has."""
        told = answer.headers.get("Server-Time")
        return told is not None and self.clock.learn(told, answer.headers.get("Server-Time-Signature", ""))

    def sign(self, request: Request) -> requests.PreparedRequest:
        """The request as it goes out: a nonce and a time of its own each time it is sent."""
        headers = {"Accept": "application/json", "Accept-Language": request.language, **request.headers}
        if request.token:
            headers["Citizen-Session"] = request.token
        if request.idempotency_key:
            headers["Idempotency-Key"] = request.idempotency_key
        if request.body is not None:
            headers["Content-Type"] = "application/json"
        url = self.server_url + BASE + request.path
        prepared = requests.Request(request.method, url, headers=headers, **_content(request)).prepare()
        body = prepared.body if isinstance(prepared.body, bytes) else (prepared.body or "").encode()
        there = [name for name in COVERED_WHEN_THERE if name in prepared.headers]
        self._signer.sign(
            prepared,
            key_id=self.terminal_id,
            created=self.clock.now(),
            nonce=secrets.token_urlsafe(24),
            tag=self._tag,
            label="sig",
            covered_component_ids=(*COVERED, *there),
            body=body,
        )
        return prepared


def _content(request: Request) -> dict[str, Any]:
    if request.page is not None:
        ending = request.media_type.rpartition("/")[2]
        return {"files": {"file": (f"page.{ending}", request.page, request.media_type)}}
    if request.body is None:
        return {}
    return {"data": to_bytes(request.body)}


def to_bytes(body: Any) -> bytes:
    """A body as it goes over the line."""
    return json.dumps(body, ensure_ascii=False).encode()


def _refusal(answer: requests.Response) -> ServerRefused:
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    why = Sentence(
        str(problem.get("title_zh") or UNEXPLAINED.zh), str(problem.get("title_en") or UNEXPLAINED.en)
    )
    errors = {
        str(error["field"]): Sentence(str(error.get("zh", "")), str(error.get("en", "")))
        for error in problem.get("errors", ())
        if isinstance(error, dict) and "field" in error
    }
    return ServerRefused(answer.status_code, str(problem.get("reason", "unexplained")), why, errors)
