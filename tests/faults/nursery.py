"""``onething worker``, some of them, each born anew as soon as it is killed.

A fork takes milliseconds where a new Python would take seconds. Deaths by SIGKILL are told on standard
error; the lease is short, so that a dead worker's jobs are soon taken over.
"""

import os
import signal
import sys
from argparse import Namespace
from pathlib import Path
from types import FrameType

import onething.worker
from onething.cli import work
from onething.configuration import Configuration
from tests.faults.failpoints import install

LEASE_SECONDS = 2.0


def main(count: int) -> None:
    """Keep so many workers alive until SIGTERM."""
    children: set[int] = set()

    def end(_number: int, _frame: FrameType | None) -> None:
        for child in children:
            os.kill(child, signal.SIGTERM)
        for child in children:
            os.waitpid(child, 0)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    print('{"nursery": "ready"}', flush=True)
    # Nobody reads on: what the workers say goes to the log.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while True:
        while len(children) < count:
            children.add(_bear())
        child, status = os.waitpid(-1, 0)
        children.discard(child)
        name = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else f"exit {status}"
        os.write(sys.stderr.fileno(), f"Worker (pid:{child}) was sent {name}!\n".encode())


def _bear() -> int:
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        code = 1
        try:
            code = work.run(Namespace(), Configuration.from_environment(os.environ))
        finally:
            os._exit(code)
    return child


if __name__ == "__main__":
    onething.worker.LEASE_SECONDS = LEASE_SECONDS
    install("worker", Path(os.environ["FAILPOINTS"]))
    main(int(sys.argv[1]))
