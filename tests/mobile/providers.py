"""The sandbox's WeChat, Alipay and provincial identity, in a process of their own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import requests

from sandbox.phones_alipay import APP_ID as ALIPAY_APP
from sandbox.phones_wechat import APP_ID as WECHAT_APP
from sandbox.phones_wechat import PAGES_APP_ID

TOP = Path(__file__).resolve().parents[2]


@dataclass
class Providers:
    """The providers, running; ``folder`` holds what an operator gets from each."""

    url: str
    folder: Path

    def environment(self) -> dict[str, str]:
        """How the server is told of them."""
        return {
            "ONETHING_WECHAT_URL": f"{self.url}/wechat",
            "ONETHING_WECHAT_APP": WECHAT_APP,
            "ONETHING_WECHAT_SECRET_FILE": str(self.folder / "wechat-secret"),
            "ONETHING_WECHAT_PAGES_APP": PAGES_APP_ID,
            "ONETHING_WECHAT_PAGES_SECRET_FILE": str(self.folder / "wechat-pages-secret"),
            "ONETHING_WECHAT_PAGES_AUTHORIZE": f"{self.url}/wechat/connect/oauth2/authorize",
            "ONETHING_ALIPAY_URL": f"{self.url}/alipay/gateway.do",
            "ONETHING_ALIPAY_APP": ALIPAY_APP,
            "ONETHING_ALIPAY_KEY_FILE": str(self.folder / "alipay-key.pem"),
            "ONETHING_ALIPAY_PUBLIC_KEY_FILE": str(self.folder / "alipay-public-key.pem"),
            "ONETHING_PROVINCE_ISSUER": f"{self.url}/province",
            "ONETHING_PROVINCE_SECRET_FILE": str(self.folder / "province-secret"),
        }

    def draw(self, provider: str, user: str, **more: float) -> str:
        """A login code as the phone's own app gets it."""
        body = {"provider": provider, "user": user, **more}
        code: str = requests.post(f"{self.url}/admin/codes", json=body, timeout=10).json()["code"]
        return code

    @contextmanager
    def in_mood(self, provider: str, mood: str) -> Iterator[None]:
        """The provider in this mood for the block."""
        self._put_mood(provider, mood)
        try:
            yield
        finally:
            self._put_mood(provider, "ok")

    def _put_mood(self, provider: str, mood: str) -> None:
        body = {"provider": provider, "mood": mood}
        assert requests.put(f"{self.url}/admin/moods", json=body, timeout=10).status_code == 200

    def log_in(self, address: str, login: str, mood: str = "good") -> dict[str, str]:
        """At the province's page: type a login; what the phone is sent back with."""
        asked = urlsplit(address)
        form = {name: values[0] for name, values in parse_qs(asked.query).items()}
        assert form["code_challenge_method"] == "S256"
        back = requests.post(
            address.partition("?")[0],
            data={**form, "login": login, "mood": mood},
            allow_redirects=False,
            timeout=10,
        )
        assert back.status_code == 303, back.text
        return {
            name: values[0] for name, values in parse_qs(urlsplit(back.headers["Location"]).query).items()
        }

    def pass_wechat(self, address: str, user: str) -> dict[str, str]:
        """At WeChat, sent there from a page inside it: what the browser comes back with."""
        address = address.partition("#")[0]
        shown = requests.get(address, timeout=10)
        assert "<form" in shown.text, shown.text
        back = requests.post(address, {"user": user}, allow_redirects=False, timeout=10)
        assert back.status_code == 302, back.text
        return dict(parse_qsl(urlsplit(back.headers["Location"]).query))


@contextmanager
def run_providers(folder: Path) -> Iterator[Providers]:
    command = [sys.executable, "-m", "sandbox.phones", "--port", "0", "--folder", str(folder)]
    with subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Providers(json.loads(process.stdout.readline())["url"], folder)
        finally:
            process.terminate()
            process.wait(10)
