"""A phone written out by hand from the published door, so that a test can make it lie."""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from onething.ports import Ports
from tests.fleet.machine import HandClock
from tests.http.contract import hold_to_contract
from tests.http.kiosk_signing import Kiosk
from tests.mobile.providers import Providers


@dataclass
class Town:
    """A server whose clock stands until a test moves it, its kiosk, its people, and their providers."""

    app: Flask
    ports: Ports
    clock: HandClock
    providers: Providers
    kiosk: Kiosk
    cards: dict[tuple[str, str], dict[str, Any]]


@dataclass
class Phone:
    """One phone; each has an address of its own, so that refusals are not counted together."""

    town: Town
    access: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    address: str = field(default_factory=lambda: f"10.{secrets.randbelow(250)}.{secrets.randbelow(250)}.7")

    def ask(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **more: str
    ) -> TestResponse:
        """One request below /mobile/v1, its answer held to the published document."""
        headers, data = dict(more), b""
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
            headers.setdefault("content-type", "application/json")
        if key:
            headers["idempotency-key"] = key
        if self.access:
            headers.setdefault("authorization", f"Bearer {self.access}")
        target = f"/mobile/v1{path}"
        answer: TestResponse = self.town.app.test_client().open(
            target,
            method=method,
            data=data,
            headers=headers,
            environ_overrides={"REMOTE_ADDR": self.address},
        )
        hold_to_contract("mobile", method, target, answer)
        return answer

    def get(self, path: str) -> Any:
        return good(self.ask("GET", path))

    def put(self, path: str, body: Any) -> Any:
        return good(self.ask("PUT", path, body))

    def post(self, path: str, body: Any, **more: Any) -> Any:
        return good(self.ask("POST", path, body, **more))

    def come(self, provider: str, code: str) -> TestResponse:
        """Sign in by a code."""
        return self.ask("POST", "/sign-ins", {"provider": provider, "code": code, "device": "测试手机"})

    def sign_in(self, provider: str, user: str) -> Any:
        """Sign in as a user of WeChat or Alipay; it must be good."""
        return self.take(self.come(provider, self.town.providers.draw(provider, user)))

    def take(self, answer: TestResponse) -> Any:
        """Keep the tokens of an answer that must be good."""
        said = good(answer)
        self.access, self.refresh_token = said["access_token"], said["refresh_token"]
        return said

    def sign_in_by_province(self, login: str) -> Any:
        return self.take(self.come_from_province(login))

    def come_from_province(self, login: str, mood: str = "good", **changed: str) -> TestResponse:
        """Out to the province and back."""
        step = self.post("/sign-ins/province/steps", {})
        said = self.town.providers.log_in(step["address"], login, mood)
        body = {"step": step["step"], "device": "测试手机", **said, **changed}
        return self.ask("POST", "/sign-ins/province", body)

    def prove(self, login: str, mood: str = "good", **changed: str) -> TestResponse:
        """Have the province prove whose this phone is."""
        step = self.post("/real-name/steps", {})
        said = self.town.providers.log_in(step["address"], login, mood)
        return self.ask("POST", "/real-name/proofs", {"step": step["step"], **said, **changed})

    def refresh(self, token: str | None = None, key: str | None = None) -> TestResponse:
        body = {"refresh_token": token or self.refresh_token}
        return self.ask("POST", "/sign-ins/refreshed", body, key=key or secrets.token_urlsafe(24))


def good(answer: TestResponse) -> Any:
    assert answer.status_code < 300, answer.get_data(as_text=True)
    return answer.get_json() if answer.get_data() else None


def refused(answer: TestResponse, status: int, reason: str) -> None:
    assert (answer.status_code, answer.get_json()["reason"]) == (status, reason), answer.get_data(
        as_text=True
    )
