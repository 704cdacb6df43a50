"""Thirty-two kiosks at one server: prepared requests over open connections, as fast as they are answered."""

import asyncio
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 32


@dataclass(frozen=True)
class Served:
    """How a server served a crowd: requests a second, times in ms, its own CPU in ms a request."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float

    def __str__(self) -> str:
        return f"{self.per_second:.0f}/s, p50 {self.p50_ms:.0f} ms, p99 {self.p99_ms:.0f} ms"


def serve_crowd(url: str, pid: int, requests: list[bytes]) -> Served:
    """Send every request once; ValueError when one is not answered with a 2xx."""
    place = urlsplit(url)
    assert place.hostname is not None
    assert place.port is not None
    cpu, begun = _cpu_seconds(pid), time.perf_counter()
    took = asyncio.run(_send_all(place.hostname, place.port, requests))
    wall = time.perf_counter() - begun
    each_cpu = (_cpu_seconds(pid) - cpu) * 1000 / len(requests)
    cuts = statistics.quantiles(took, n=100)
    return Served(len(requests) / wall, cuts[49] * 1000, cuts[98] * 1000, each_cpu)


async def _send_all(host: str, port: int, requests: list[bytes]) -> list[float]:
    left = iter(requests)
    lines = [_one_line(host, port, left) for _ in range(CONNECTIONS)]
    return [each for line in await asyncio.gather(*lines) for each in line]


async def _one_line(host: str, port: int, left: Iterator[bytes]) -> list[float]:
    reader, writer = await asyncio.open_connection(host, port)
    took = []
    for request in left:
        begun = time.perf_counter()
        writer.write(request)
        keeps_open = await read_answer(reader)
        took.append(time.perf_counter() - begun)
        if not keeps_open:
            writer.close()
            reader, writer = await asyncio.open_connection(host, port)
    writer.close()
    return took


async def read_answer(reader: asyncio.StreamReader) -> bool:
    """Read one whole answer; whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.split(b" ", 2)[1].startswith(b"2"):
        raise ValueError(head.split(b"\r\n", 1)[0].decode())
    await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0]))
    return b"connection: close" not in head


def as_bytes(method: str, target: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"content-length: {len(body)}", "", ""]).encode() + body


def _cpu_seconds(pid: int) -> float:
    """Of a process and its children that live."""
    spent = 0.0
    for process in [pid, *_children(pid)]:
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
        spent += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return spent


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]
