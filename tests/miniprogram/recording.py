"""What the running server really answers, written down for the components to be rendered from."""

import base64
import json
from pathlib import Path
from typing import Any

import requests

from tests.http.test_journey import page, signature
from tests.mobile.providers import Providers

PATIENCE_SECONDS = 30


class Caller:
    """A phone's requests below /mobile/v1, each of which must be good."""

    def __init__(self, server: str) -> None:
        self.base = f"{server}/mobile/v1"
        self.headers: dict[str, str] = {}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(
            method, self.base + path, json=body, headers=self.headers, timeout=PATIENCE_SECONDS
        )
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def sign_in(self, providers: Providers, login: str) -> None:
        """Sign in at the province as an invented person."""
        step = self.ask("POST", "/sign-ins/province/steps", {})
        body = {"step": step["step"], "device": "测试手机", **providers.log_in(step["address"], login)}
        self.headers = {
            "authorization": f"Bearer {self.ask('POST', '/sign-ins/province', body)['access_token']}"
        }

    def agree(self, draft: dict[str, Any]) -> dict[str, Any]:
        """Agree to every source there is, and ask it."""
        sources = {source["id"]: True for source in draft["consent"]["sources"]}
        self.ask("PUT", f"/drafts/{draft['id']}/consent", {"sources": sources})
        fetched: dict[str, Any] = self.ask("POST", f"/drafts/{draft['id']}/fetching", {})
        return fetched


def record(server: str, providers: Providers, folder: Path) -> None:
    """Write the list, a guide, the ratings, a new draft of each one-thing, one filled in; and pictures."""
    caller = Caller(server)
    things = caller.ask("GET", "/things")
    answers = {
        "things": things,
        "guide": caller.ask("GET", "/things/P-NEWBORN/guide"),
        "rating-options": caller.ask("GET", "/rating-options"),
    }
    caller.sign_in(providers, "tong.mother")
    for thing in things["things"]:
        answers[f"draft-{thing['code']}"] = caller.ask("POST", "/drafts", {"thing": thing["code"]})
    answers["draft-fetched"] = caller.agree(answers["draft-P-NEWBORN"])
    (folder / "page.jpg").write_bytes(page())
    (folder / "signature.png").write_bytes(base64.b64decode(signature()["image"]))
    (folder / "no-picture.jpg").write_bytes(b"this is no picture")
    for name, answer in answers.items():
        (folder / f"{name}.json").write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
