"""One background event loop for each process, so that synchronous code can wait for many calls at once."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import os
import threading
import weakref
from collections.abc import Coroutine
from typing import Any, TypeVar

import aiohttp

T = TypeVar("T")

# Fifty citizens at once with eight sources each go to one gateway: a smaller limit would queue them.
CONNECTIONS_A_HOST = 512
KEEP_ALIVE_SECONDS = 30.0

# A child process shares its parent's epoll descriptor: closing an inherited loop would deregister the
# parent's sockets, so what was inherited is kept untouched until the child ends.
_INHERITED: list[object] = []


class LoopClosed(Exception):
    """The loop was closed; nothing can be asked any more."""

    reason = "loop_closed"


class BackgroundLoop:
    """Starts with the first call, starts anew in a forked child, and closes once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._session: aiohttp.ClientSession | None = None
        self._closed = False
        forget = weakref.WeakMethod(self._forget_after_fork)
        os.register_at_fork(after_in_child=lambda: (method := forget()) and method())
        atexit.register(_close_if_alive, weakref.ref(self))

    def run(self, work: Coroutine[Any, Any, T], time_limit_s: float) -> T:
        """Run ``work`` on the loop and wait for it; raises ``TimeoutError`` past the limit."""
        try:
            loop = self._started()
        except LoopClosed:
            work.close()
            raise
        future = asyncio.run_coroutine_threadsafe(work, loop)
        try:
            return future.result(time_limit_s)
        except concurrent.futures.TimeoutError:
            future.cancel()
            raise

    def session(self) -> aiohttp.ClientSession:
        """The HTTP session; only to be called by work that runs on the loop."""
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=0, limit_per_host=CONNECTIONS_A_HOST, keepalive_timeout=KEEP_ALIVE_SECONDS
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(total=None),
                headers={"Accept-Encoding": "identity"},
            )
        return self._session

    def close(self) -> None:
        """End the session, the loop and its thread; a second call does nothing."""
        with self._lock:
            loop, thread, self._closed = self._loop, self._thread, True
            self._loop = self._thread = None
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._finish(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise LoopClosed
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="connectors", daemon=True)
                self._thread.start()
            return self._loop

    async def _finish(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None
        await asyncio.sleep(0)

    def _forget_after_fork(self) -> None:
        _INHERITED.append((self._loop, self._thread, self._session))
        self._lock = threading.Lock()
        self._loop = self._thread = self._session = None


def _close_if_alive(reference: weakref.ref[BackgroundLoop]) -> None:
    loop = reference()
    if loop is not None:
        loop.close()
