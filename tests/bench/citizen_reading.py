"""``python -m tests.bench.citizen_reading``: one citizen looks at a case again and again, until told to end.

A process of its own, so that what it measures is the server and not who else is asking. Reads one line of
JSON (``authority``, ``target``, ``kiosk``, ``key``, ``token``, ``reads``); writes the times in seconds.
"""

import asyncio
import json
import signal
import sys
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..http.kiosk_signing import Kiosk
from .crowd import as_bytes, read_answer

BETWEEN_READS_S = 0.05


async def _read_on(told: dict[str, Any]) -> list[float]:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    kiosk = Kiosk(told["kiosk"], Ed25519PrivateKey.from_private_bytes(bytes.fromhex(told["key"])))
    authority, target, took = told["authority"], told["target"], []
    host, _, port = authority.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    while not ended.is_set() and len(took) < told["reads"]:
        signed = kiosk.sign("GET", target, authority=authority)
        request = as_bytes("GET", target, {"host": authority, **signed, "citizen-session": told["token"]})
        begun = time.perf_counter()
        writer.write(request)
        stays_open = await read_answer(reader)
        took.append(time.perf_counter() - begun)
        if not stays_open:
            writer.close()
            reader, writer = await asyncio.open_connection(host, int(port))
        await asyncio.sleep(BETWEEN_READS_S)
    writer.close()
    return took


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_read_on(json.loads(sys.stdin.readline())))))
