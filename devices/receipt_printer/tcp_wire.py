"""A printer on the network, port 9100."""

import select
import socket

from devices.receipt_printer.wire import WireLost

_CONNECT_LIMIT_S = 2.0


class TcpWire:
    """One TCP connection."""

    def __init__(self, host: str, port: int) -> None:
        """Connect. WireLost when nobody answers."""
        try:
            self._socket = socket.create_connection((host, port), timeout=_CONNECT_LIMIT_S)
        except OSError as error:
            raise WireLost(type(error).__name__) from error
        self._socket.setblocking(False)

    def exchange(self, data: bytes, limit_s: float) -> tuple[int, bytes]:
        """See Wire."""
        try:
            writers = [self._socket] if data else []
            readable, writable, _ = select.select([self._socket], writers, [], max(limit_s, 0))
            said = self._receive() if readable else b""
            return (self._socket.send(data) if writable else 0), said
        except OSError as error:
            raise WireLost(type(error).__name__) from error

    def _receive(self) -> bytes:
        said = self._socket.recv(4096)
        if not said:
            raise WireLost("EOF")
        return said

    def close(self) -> None:
        """See Wire."""
        self._socket.close()
