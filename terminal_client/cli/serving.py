"""Serving pages: the kiosk's, those of a kiosk not enrolled yet, and a clerk's desk."""

import argparse
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from terminal_client.config import Config, read_config, read_desk_config

THREADS = 16
ENDS = (signal.SIGTERM, signal.SIGINT)
# long enough for the page with the letters to reach the screen
RESTART_SECONDS = 2.0


def run_kiosk(asked: argparse.Namespace) -> int:
    """Serve the pages until SIGTERM or SIGINT; those of the technician alone until the kiosk is enrolled."""
    from terminal_client.running import is_enrolled

    config = read_config(asked.config)
    config.state_dir.mkdir(parents=True, exist_ok=True)
    return _serve_citizens(asked, config) if is_enrolled(config) else _serve_setup(asked, config)


def _serve_citizens(asked: argparse.Namespace, config: Config) -> int:
    from waitress.server import create_server

    from terminal_client.agent.redaction import LogTail
    from terminal_client.notifying import ServiceNotice
    from terminal_client.running import Pace, build
    from terminal_client.updating.live import is_ticking

    log_tail = LogTail()
    logging.getLogger().addHandler(log_tail)
    running = build(
        config,
        restart=_restart_soon,
        log_tail=log_tail,
        pace=Pace(asked.beat_seconds, asked.trial_seconds),
    )
    server = create_server(running.app, host="127.0.0.1", port=asked.port, threads=THREADS)
    notice = ServiceNotice()

    def stop() -> None:
        notice.say_stopping()
        running.stop()

    _end_on_signal(stop, with_parent=asked.with_parent)
    running.start()
    notice.beat_while(lambda: is_ticking(running.kiosk))
    _say_ready(server.effective_port)
    notice.say_ready()
    server.run()
    running.client.close()
    return 0


def _serve_setup(asked: argparse.Namespace, config: Config) -> int:
    from waitress.server import create_server

    from terminal_client.notifying import ServiceNotice
    from terminal_client.running import build_setup

    setup = build_setup(config, restart=_restart_soon)
    server = create_server(setup.app, host="127.0.0.1", port=asked.port, threads=THREADS)
    notice = ServiceNotice()

    def stop() -> None:
        notice.say_stopping()
        setup.stop()

    _end_on_signal(stop, with_parent=asked.with_parent)
    notice.beat_while(lambda: True)
    _say_ready(server.effective_port)
    notice.say_ready("not enrolled yet")
    server.run()
    return 0


def run_desk(asked: argparse.Namespace) -> int:
    """Serve a clerk's devices until SIGTERM or SIGINT; says the address and the pairing code at start."""
    from waitress.server import create_server

    from terminal_client.desk import make_code, make_desk
    from terminal_client.desk_devices import DeskDevices

    config = read_desk_config(asked.config)
    devices, code = DeskDevices(config), make_code()
    server = create_server(make_desk(devices, config, code), host="127.0.0.1", port=asked.port, threads=4)
    _end_on_signal(devices.close, with_parent=asked.with_parent)
    print(f"pairing code for {config.console_origin}: {code}", file=sys.stderr)
    ready = {"url": f"http://127.0.0.1:{server.effective_port}/desk", "pairing_code": code}
    print(json.dumps(ready), flush=True)
    server.run()
    return 0


def _say_ready(port: int) -> None:
    print(json.dumps({"url": f"http://127.0.0.1:{port}/"}), flush=True)


def _restart_soon() -> None:
    """Begin this program anew in the same process, so that whoever watches it notices nothing."""
    threading.Timer(RESTART_SECONDS, _restart).start()


def _restart() -> None:
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - ourselves


def _end_on_signal(stop: Callable[[], None], *, with_parent: bool) -> None:
    def end(*_: object) -> None:
        # a second signal within a thread's join would wait on the lock that the first one holds
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)
        stop()
        raise SystemExit(0)

    for number in ENDS:
        signal.signal(number, end)
    if with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # unbuffered: a reader that holds the buffer's lock makes the interpreter abort when it ends
    with suppress(OSError):
        while os.read(sys.stdin.fileno(), 4096):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
