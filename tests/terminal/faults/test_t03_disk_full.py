"""T3: the disk is really full (a small tmpfs of our own in a namespace of our own)."""

import json
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]

# In a process of its own: the mount is seen there alone, and is gone with it.
SCRIPT = """
import json, subprocess, sys
from pathlib import Path
folder = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], check=True)
from terminal_client.agent.journal import Journal
from terminal_client.outbox.store import Outbox, OutboxFailed
from tests.terminal.faults.taking import SERVER_KEY

outbox, journal = Outbox(folder, SERVER_KEY, "t"), Journal(folder)
taken = [outbox.put("intake", {"n": n, "answers": "x" * 2000}) for n in range(3)]
said = {"before": outbox.has_room()}
with (folder / "full").open("wb", buffering=0) as file:
    for size in (65536, 512, 1):
        try:
            while True:
                file.write(bytes(size))
        except OSError:
            pass
said["room"] = outbox.has_room()
try:
    outbox.put("intake", {"n": 9})
    said["put"] = "taken"
except OutboxFailed:
    said["put"] = "refused"
outbox.close(), journal.close()
outbox, journal = Outbox(folder, SERVER_KEY, "t"), Journal(folder)
said["after restart"] = [item.id for item in outbox.list_all()] == taken
for identifier in taken:
    outbox.strike_off(identifier)
said["left"] = len(outbox.list_all())
(folder / "full").unlink()
said["room again"] = outbox.has_room()
said["reserve"] = (folder / "outbox.reserve").stat().st_size
print(json.dumps(said))
"""


def test_t03_a_full_disk_takes_nothing_new_and_loses_nothing(tmp_path: Path) -> None:
    command = ["unshare", "--map-root-user", "--mount", sys.executable, "-c", SCRIPT, str(tmp_path)]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "before": True,
        "room": False,
        "put": "refused",
        "after restart": True,
        "left": 0,
        "room again": True,
        "reserve": 1024 * 1024,
    }
