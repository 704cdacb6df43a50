"""What simulated IPP printers share: the wire of RFC 8010 as a server speaks it, over HTTP."""

import contextlib
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_GROUPS = {"operation": 1, "job": 2, "end": 3, "printer": 4}
_INTEGER, _BOOLEAN, _ENUM, _NO_VALUE = 0x21, 0x22, 0x23, 0x13
_NAME, _KEYWORD, _URI, _CHARSET, _LANGUAGE, _MIME = 0x42, 0x44, 0x45, 0x47, 0x48, 0x49
_TAGS = {
    "attributes-charset": _CHARSET,
    "charset-configured": _CHARSET,
    "charset-supported": _CHARSET,
    "attributes-natural-language": _LANGUAGE,
    "natural-language-configured": _LANGUAGE,
    "generated-natural-language-supported": _LANGUAGE,
    "printer-uri-supported": _URI,
    "job-uri": _URI,
    "job-printer-uri": _URI,
    "document-format-default": _MIME,
    "document-format-supported": _MIME,
    "printer-state": _ENUM,
    "job-state": _ENUM,
    "operations-supported": _ENUM,
    "printer-name": _NAME,
    "job-name": _NAME,
    "job-originating-user-name": _NAME,
}


class HangUp(Exception):
    """The printer closes the connection instead of answering."""


class NoSuchOperation(ValueError):
    """The bytes are no request."""


@dataclass(frozen=True)
class IppRequest:
    """One request: the operation's code, its attributes by name (the first value of each), its document."""

    version: bytes
    operation: int
    number: int
    attributes: Mapping[str, Any]
    document: bytes


@dataclass(frozen=True)
class IppAnswer:
    """A status code and groups of attributes: ("printer", {...}), ("job", {...})."""

    status: int = 0
    groups: Sequence[tuple[str, Mapping[str, Any]]] = field(default_factory=list)


Answer = Callable[[IppRequest], IppAnswer]


def read_request(raw: bytes) -> IppRequest:
    """Take a request apart. NoSuchOperation when it is none."""
    try:
        operation, number = struct.unpack_from(">HI", raw, 2)
        attributes, at = _read_attributes(raw, 8)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise NoSuchOperation("no IPP request") from error
    return IppRequest(raw[:2], operation, number, attributes, raw[at:])


def _read_attributes(raw: bytes, at: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    while raw[at] != _GROUPS["end"]:
        tag = raw[at]
        at += 1
        if tag < 0x10:
            continue
        name, at = _read_sized(raw, at)
        value, at = _read_sized(raw, at)
        if name:
            found[name.decode()] = _value_of(tag, value)
    return found, at + 1


def _read_sized(raw: bytes, at: int) -> tuple[bytes, int]:
    size = struct.unpack_from(">H", raw, at)[0]
    return raw[at + 2 : at + 2 + size], at + 2 + size


def _value_of(tag: int, value: bytes) -> Any:
    if tag in (_INTEGER, _ENUM):
        return struct.unpack(">i", value)[0]
    if tag == _BOOLEAN:
        return value != b"\0"
    return value.decode("utf-8", "replace")


def write_answer(request: IppRequest, answer: IppAnswer) -> bytes:
    """The answer's bytes. A value of None goes out as no-value, a list as a set."""
    language = {"attributes-charset": "utf-8", "attributes-natural-language": "en"}
    raw = request.version + struct.pack(">HI", answer.status, request.number)
    for group, attributes in [("operation", language), *answer.groups]:
        raw += bytes([_GROUPS[group]])
        raw += b"".join(_write_attribute(name, value) for name, value in attributes.items())
    return raw + bytes([_GROUPS["end"]])


def _write_attribute(name: str, value: Any) -> bytes:
    values = value if isinstance(value, list | tuple) else [value]
    raw = b""
    for place, each in enumerate(values):
        tag, content = _encode(name, each)
        label = b"" if place else name.encode()
        raw += bytes([tag]) + struct.pack(">H", len(label)) + label
        raw += struct.pack(">H", len(content)) + content
    return raw


def _encode(name: str, value: Any) -> tuple[int, bytes]:
    if value is None:
        return _NO_VALUE, b""
    if isinstance(value, bool):
        return _BOOLEAN, bytes([value])
    if isinstance(value, int):
        return _TAGS.get(name, _INTEGER), struct.pack(">i", value)
    return _TAGS.get(name, _KEYWORD), str(value).encode()


class IppServer:
    """IPP over HTTP on 127.0.0.1; one thread a connection.

    `cut_after` says after how many bytes of a request's body the connection is cut, None for never.
    """

    def __init__(self, answer: Answer, cut_after: Callable[[], int | None] = lambda: None) -> None:
        self.cut_after = cut_after
        self._answer = answer
        self._server = _HttpServer(self)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Serve in a thread of its own."""
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def reply(self, raw: bytes) -> bytes:
        """The answer's bytes to a request's. HangUp, NoSuchOperation."""
        request = read_request(raw)
        return write_answer(request, self._answer(request))


class _HttpServer(ThreadingHTTPServer):
    """Knows whose answers it carries."""

    daemon_threads = True

    def __init__(self, ipp: IppServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.ipp = ipp


class _Handler(BaseHTTPRequestHandler):
    """One connection's requests."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    server: _HttpServer

    def do_POST(self) -> None:
        """Read the whole body, then answer, hang up, or say that it is no IPP."""
        try:
            reply = self.server.ipp.reply(self._body())
        except (HangUp, OSError):
            self.close_connection = True
            return
        except NoSuchOperation:
            self.send_error(400)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/ipp")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        with contextlib.suppress(OSError):  # who asked may have stopped waiting
            self.wfile.write(reply)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._chunks()
        size = int(self.headers.get("Content-Length") or 0)
        limit = self.server.ipp.cut_after()
        if limit is not None and limit < size:
            self.rfile.read(limit)
            raise HangUp
        return self.rfile.read(size)

    def _chunks(self) -> bytes:
        held = b""
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            held += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return held

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: stdout carries the ready line and nothing else."""
