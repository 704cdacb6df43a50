"""A kiosk's state folder at work, in a process of its own: it takes intakes and does what must be remembered.

    python -m tests.terminal.faults.taking FOLDER

After each thing it makes a file `told-WHAT`: from then on somebody relies on it.
"""

import json
import sys
from pathlib import Path

from terminal_client.agent.journal import Journal
from terminal_client.durable import write_durably
from terminal_client.keys import make_key
from terminal_client.outbox.store import Outbox

SERVER_KEY = bytes([9]) + bytes(31)
INTAKES, STRUCK = 4, 2


def main() -> int:
    """Do everything once."""
    folder = Path(sys.argv[1])

    def tell(what: str) -> None:
        (folder / f"told-{what}").touch()

    make_key(folder / "kiosk.key")
    tell("key")
    outbox, journal = Outbox(folder, SERVER_KEY, "t"), Journal(folder)
    taken = []
    for number in range(INTAKES):
        taken.append(outbox.put("intake", {"n": number}))
        tell(f"taken-{taken[-1]}")
    for identifier in taken[:STRUCK]:
        tell(f"sent-{identifier}")
        outbox.strike_off(identifier)
    for command in ("c1", "c2"):
        assert journal.begin(command, "reboot")
        tell(f"begun-{command}")
    for revision in (1, 2):
        write_durably(folder / "configuration.json", json.dumps({"revision": revision}).encode())
        tell(f"configured-{revision}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
