"""``python -m sandbox.phones``: who invented people are on their phones: WeChat, Alipay, the province.

Each answers as the real one does, with its error codes, and can be put in a bad mood. A code is drawn for a
person under /admin/codes, as a phone would get it from its own app. ``--folder`` gets what an operator would
be given by each: secrets and keys.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.identity import Identity
from sandbox.messages_wechat import Subscriptions
from sandbox.people import Person, World, load_world
from sandbox.phones_alipay import Alipay
from sandbox.phones_wechat import WeChat, WeChatPages

CODE_LASTS_SECONDS = 300.0
CLIENT = "onething"


@dataclass
class Drawn:
    """A login code: for whom, until when, and whether it was used."""

    user: str
    ends_at: float
    used: bool = False


class Codes:
    """The login codes that one provider has given to phones."""

    def __init__(self) -> None:
        self._drawn: dict[str, Drawn] = {}

    def draw(self, user: str, lasts: float = CODE_LASTS_SECONDS) -> str:
        code = secrets.token_urlsafe(24)
        self._drawn[code] = Drawn(user, time.monotonic() + lasts)
        return code

    def find(self, code: str) -> Drawn | None:
        """None for a code that was never drawn, or too long ago."""
        drawn = self._drawn.get(code)
        return drawn if drawn and time.monotonic() < drawn.ends_at else None


class RealNames(Identity):
    """The province's identity: a login is somebody's ID number or ``family.role``.

    Any other login is an account without a real name.
    """

    def __init__(self, world: World, secret: str) -> None:
        super().__init__(CLIENT, secret)
        self._world = world

    def name_claims(self, login: str) -> Mapping[str, str]:
        person = self._find(login.strip())
        return {"name": person.name, "id_number": person.id_number} if person else {}

    def _find(self, login: str) -> Person | None:
        return self._world.people.get(login) or self._world.find_person(login.upper())


class Phones:
    """The three of them behind one address, and the admin's two paths."""

    def __init__(self, world: World, folder: Path) -> None:
        self.codes = {"wechat": Codes(), "wechat_pages": Codes(), "alipay": Codes()}
        self.moods: dict[str, str] = {}
        secret = _secret(folder / "wechat-secret")
        self._wechat = WeChat(secret, self.codes["wechat"], self.mood)
        pages_secret = _secret(folder / "wechat-pages-secret")
        self._wechat_pages = WeChatPages(pages_secret, self.codes["wechat_pages"], self.mood)
        self._messages = Subscriptions(secret, self.mood)
        self._alipay = Alipay(folder, self.codes["alipay"].find, self.mood)
        self.province = RealNames(world, _secret(folder / "province-secret"))

    def mood(self, provider: str) -> str:
        return self.moods.get(provider, "ok")

    def make_app(self) -> web.Application:
        app = web.Application()
        self._wechat.add_routes(app)
        self._wechat_pages.add_routes(app)
        self._messages.add_routes(app)
        app.router.add_post("/alipay/gateway.do", self._alipay.gateway)
        app.add_subapp("/province", self.province.make_app())
        app.router.add_post("/admin/codes", self.post_code)
        app.router.add_put("/admin/moods", self.put_mood)
        return app

    async def post_code(self, request: web.Request) -> web.Response:
        """``{"provider", "user"}`` and for a short life ``seconds``: a code as a phone gets it."""
        body = await request.json()
        code = self.codes[body["provider"]].draw(body["user"], float(body.get("seconds", CODE_LASTS_SECONDS)))
        return web.json_response({"code": code})

    async def put_mood(self, request: web.Request) -> web.Response:
        """``{"provider", "mood"}``; each provider's module names its moods."""
        body: dict[str, Any] = await request.json()
        self.moods[body["provider"]] = str(body["mood"])
        return web.json_response(self.moods)


def _secret(file: Path) -> str:
    text = secrets.token_urlsafe(24)
    file.touch(mode=0o600)
    file.write_text(text, "ascii")
    return text


def main() -> int:
    """Serve until told to end, or until the parent is gone; says its address on the first line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.phones", description="Providers for phones.")
    parser.add_argument("--port", type=int, default=8072, help="0 takes any free port")
    parser.add_argument("--folder", type=Path, required=True, help="where secrets and keys are written")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(_serve(Phones(load_world(), options.folder), options.port))
    return 0


async def _serve(phones: Phones, port: int) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    runner = web.AppRunner(phones.make_app(), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    host, taken = runner.addresses[0][:2]
    phones.province.issuer = f"http://{host}:{taken}/province"
    print(json.dumps({"url": f"http://{host}:{taken}"}), flush=True)
    try:
        await ended.wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    sys.exit(main())
