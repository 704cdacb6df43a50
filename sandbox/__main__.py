"""``python -m sandbox``: start, say where, and run until SIGTERM or until the parent is gone."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
from datetime import date
from pathlib import Path

from aiohttp import web

from sandbox.app import Sandbox, make_systems
from sandbox.clock import Clock
from sandbox.journal import Journal
from sandbox.people import load_world
from sandbox.tokens import Tokens, read_tokens


def main() -> int:
    options = _read_options()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    try:
        tokens = read_tokens(options.token_file, options.paas_id)
    except (OSError, ValueError, KeyError) as error:
        print(f"sandbox: the token file {options.token_file} can not be used: {error!r}", file=sys.stderr)
        return 2
    try:
        journal = Journal(options.state_file)
        clock = Clock(journal, options.clock_file, options.today)
    except (OSError, ValueError) as error:
        files = f"{options.state_file} or {options.clock_file}"
        print(f"sandbox: the state or clock file {files} can not be used: {error!r}", file=sys.stderr)
        return 2
    asyncio.run(_serve(options, tokens, clock, journal))
    return 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="The county's outside world.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8070, help="0 takes any free port")
    parser.add_argument("--paas-id", default="onething", help="the server's name at the gateway")
    parser.add_argument(
        "--token-file", type=Path, required=True, help="python -m sandbox.tokens FILE makes it"
    )
    parser.add_argument("--state-file", type=Path, help="what is remembered over a restart")
    parser.add_argument("--clock-file", type=Path, help="where the clock's offset is kept, in whole seconds")
    parser.add_argument("--usual-habits", action="store_true", help="departments take hours and days")
    parser.add_argument("--today", type=date.fromisoformat, help="the day newborns' ages are counted from")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input ends")
    return parser.parse_args()


async def _serve(options: argparse.Namespace, tokens: Tokens, clock: Clock, journal: Journal) -> None:
    ended = _told_to_end(with_parent=options.with_parent)
    systems = make_systems(load_world(clock.today()), clock, tokens, journal)
    app = Sandbox(systems, tokens).make_app()
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, options.host, options.port).start()
    if options.usual_habits:
        systems.departments.put_usual_habits()
    systems.start()
    host, port = runner.addresses[0][:2]
    print(json.dumps({"url": f"http://{host}:{port}", "admin": f"http://{host}:{port}/admin"}), flush=True)
    try:
        await ended.wait()
    finally:
        await systems.stop()
        await runner.cleanup()


def _told_to_end(*, with_parent: bool) -> asyncio.Event:
    """Set by SIGTERM, by SIGINT, and with ``with_parent`` by the end of standard input."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    if with_parent:
        loop.add_reader(0, lambda: None if os.read(0, 4096) else ended.set())
    return ended


if __name__ == "__main__":
    sys.exit(main())
