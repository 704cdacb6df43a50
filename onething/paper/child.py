"""The confined process that decodes strangers' files.

Started as `python -m onething.paper.child` with a Unix socket as its standard input. The started process
loads the libraries once and then only forks: every file is decoded in a fork of its own, which limits its
memory, processor time and wall time, can write no file, and ends with the one answer it gives.
"""

import json
import os
import resource
import signal
import socket
import time
from dataclasses import asdict
from typing import Any

import cv2
import numpy as np

from .clean import CleanPage
from .kind import PDF
from .limits import PaperLimits
from .pages import clean_page, decode_picture
from .pdf import draw_pages, require_harmless
from .photograph import require_readable
from .refusals import PaperRefused
from .signature import clean_signature


def read_pages(
    data: bytes, media_type: str, limits: PaperLimits, *, signature: bool = False, photograph: bool = False
) -> list[CleanPage]:
    """Return the clean pages of one file, or its one signature. Raises: PaperRefused."""
    if signature:
        return [clean_signature(data)]
    if media_type != PDF:
        picture = decode_picture(data, limits)
        if photograph:
            require_readable(picture)
        return [clean_page(picture, limits)]
    require_harmless(data, limits)
    return [clean_page(picture, limits) for picture in draw_pages(data, limits)]


def confine(limits: PaperLimits) -> None:
    """Bind this process to `limits`; the kernel itself ends it at the time limits."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)


def answer(connection: socket.socket) -> None:
    """Read one job (a JSON line, then the file) and write its answer (a JSON line, then the pages)."""
    with connection.makefile("rb") as reader:
        job = json.loads(reader.readline())
        limits = PaperLimits(**job["limits"])
        confine(limits)
        head, pages = _judge(reader.read(job["size"]), job, limits)
    connection.sendall(json.dumps(head).encode() + b"\n")
    for page in pages:
        connection.sendall(page.data)


def _judge(data: bytes, job: dict[str, Any], limits: PaperLimits) -> tuple[dict[str, Any], list[CleanPage]]:
    try:
        kind = {"signature": job["signature"], "photograph": job["photograph"]}
        pages = read_pages(data, job["media_type"], limits, **kind)
    except PaperRefused as refused:
        return {"refused": refused.reason}, []
    except (MemoryError, cv2.error):
        return {"refused": "damaged"}, []
    described = [{key: value for key, value in asdict(page).items() if key != "data"} for page in pages]
    sizes = [len(page.data) for page in pages]
    return {"pages": described, "sizes": sizes, "cpu_seconds": time.process_time()}, pages


def serve(control: socket.socket) -> None:
    """Fork for every connection handed over `control`, until its other end is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        _, received, _, _ = socket.recv_fds(control, 1, 1)
        if not received:
            return
        if os.fork() == 0:
            _run_fork(control, received[0])
        os.close(received[0])


def _run_fork(control: socket.socket, descriptor: int) -> None:
    status = 1
    try:
        control.close()
        with socket.socket(fileno=descriptor) as connection:
            answer(connection)
        status = 0
    finally:
        # no clean-up of the shared start: that belongs to the process that forked
        os._exit(status)


def warm_up() -> None:
    """Do every step once, so that no fork pays for what the libraries prepare at first use."""
    ruled = np.full((1600, 1200, 3), 200, np.uint8)
    ruled[100:1500:40, 100:1100:3] = 0
    limits = PaperLimits()
    encoded = cv2.imencode(".png", ruled)[1].tobytes()
    clean_page(decode_picture(clean_page(decode_picture(encoded, limits), limits).data, limits), limits)


def main() -> None:
    """Serve on standard input; one thread only, because a fork copies no other."""
    cv2.setNumThreads(0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    warm_up()
    with socket.socket(fileno=0) as control:
        serve(control)


if __name__ == "__main__":
    main()
