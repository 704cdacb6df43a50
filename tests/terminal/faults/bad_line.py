"""A terminal and its server on a line that is really bad, in a network namespace of their own.

    unshare --map-root-user --net python -m tests.terminal.faults.bad_line FAULT FOLDER

Prints what came of it as JSON. The faults are the kernel's own: a link that is down, packets that are
dropped on their way back, connections that are reset, and three packets of ten that are lost.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from terminal_client import server_client
from terminal_client.server_client import ServerAway
from tests.patience import Patience

from ..made_terminal import MadeTerminal, make_terminal
from ..stand_in_fleet import RunningFleet

ITEMS = 5


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def filter_line(fleet: RunningFleet, *words: str) -> None:
    """A rule for what the server sends."""
    port = fleet.url.rpartition(":")[2]
    subprocess.run(["iptables", "-A", "OUTPUT", "-p", "tcp", "--sport", port, *words], check=True)


def lift() -> None:
    subprocess.run(["iptables", "-F"], check=True)


def try_to_send(made: MadeTerminal) -> bool:
    try:
        return made.sender.send_next()
    except ServerAway:
        return True


def offline(made: MadeTerminal, fleet: RunningFleet) -> dict[str, Any]:
    ip("link", "set", "lo", "down")
    taken = [made.outbox.put("intake", {"n": n}) for n in range(ITEMS)]
    began = time.monotonic()
    made.agent.beat()
    try_to_send(made)
    waited = time.monotonic() - began
    hours_later = made.parts.client.clock.now() + timedelta(hours=6)
    made.outbox._clock = lambda: hours_later
    age = made.outbox.measure().oldest_age_seconds
    ip("link", "set", "lo", "up")
    while made.sender.send_next():
        pass
    return {
        "closed": made.opening.find_reason() is not None,
        "in order": [item["id"] for item in fleet.door.items] == taken,
        "requests": fleet.door.item_requests,
        "age": age,
        "waited": waited,
    }


def answer_lost(made: MadeTerminal, fleet: RunningFleet) -> dict[str, Any]:
    taken = [made.outbox.put("intake", {"n": n}) for n in range(2)]
    # the request arrives and is done; only what carries the answer is lost
    filter_line(fleet, "--tcp-flags", "PSH", "PSH", "-j", "DROP")
    began = time.monotonic()
    try_to_send(made)
    waited = time.monotonic() - began
    arrived = len(fleet.door.items)
    kept = made.outbox.measure().waiting
    lift()
    while made.sender.send_next():
        pass
    return {
        "arrived": arrived,
        "kept": kept,
        "once": [item["id"] for item in fleet.door.items] == taken,
        "asked again": fleet.door.item_requests > len(taken),
        "waited": waited,
    }


def reset(made: MadeTerminal, fleet: RunningFleet) -> dict[str, Any]:
    made.outbox.put("intake", {})
    port = fleet.url.rpartition(":")[2]
    rule = ["-p", "tcp", "--dport", port, "-j", "REJECT", "--reject-with", "tcp-reset"]
    subprocess.run(["iptables", "-A", "INPUT", *rule], check=True)
    began = time.monotonic()
    try_to_send(made)
    made.agent.beat()
    waited = time.monotonic() - began
    lift()
    sent = made.sender.send_next()
    return {"waited": waited, "sent": sent, "left": made.outbox.measure().waiting}


def loss(made: MadeTerminal, fleet: RunningFleet) -> dict[str, Any]:
    taken = [made.outbox.put("intake", {"n": n}) for n in range(ITEMS)]
    for chain in ("INPUT", "OUTPUT"):
        rule = ["-m", "statistic", "--mode", "random", "--probability", "0.3", "-j", "DROP"]
        subprocess.run(["iptables", "-A", chain, "-p", "tcp", *rule], check=True)
    patience = Patience(90)
    while made.outbox.measure().waiting and patience.lasts():
        try_to_send(made)
    lift()
    return {"once": [item["id"] for item in fleet.door.items] == taken}


FAULTS: dict[str, Callable[[MadeTerminal, RunningFleet], dict[str, Any]]] = {
    "offline": offline,
    "answer_lost": answer_lost,
    "reset": reset,
    "loss": loss,
}


def main() -> int:
    """Do one fault and print what came of it."""
    name, folder = sys.argv[1:]
    ip("link", "set", "lo", "up")
    server_client.ANSWER_SECONDS = 3.0
    fleet = RunningFleet()
    made = make_terminal(Path(folder), fleet)
    said = FAULTS[name](made, fleet)
    made.close()
    print("\n" + json.dumps(said), flush=True)
    fleet.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
