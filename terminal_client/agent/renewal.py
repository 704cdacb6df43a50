"""A new key in the place of the old one, with no moment at which neither is good."""

import base64
import logging
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from terminal_client.durable import remove_durably, sync_folder
from terminal_client.identity import raw_public, thumbprint
from terminal_client.keys import KeyFileError, make_key, read_key
from terminal_client.server_client import Request, ServerClient, ServerRefused

log = logging.getLogger(__name__)


class Renewal:
    """The key in use and, during a renewal, the next one beside it (`<key file>.next`).

    The next key lies on the disk before the server hears of it, and the old one stays until the server has
    taken a request signed with the next: whenever the power fails, one of the two is good and both are there.
    """

    def __init__(self, key_file: Path, client: ServerClient) -> None:
        self._key_file = key_file
        self._next_file = key_file.with_name(key_file.name + ".next")
        self._client = client
        self._trying_next = False

    def start(self) -> None:
        """At the start of the program: a next key that lies there may already be the one the server wants."""
        if self._next_file.exists():
            self._use_next()

    def renew(self) -> None:
        """Make the next key and tell the server of it, signed by both. ServerAway, ServerRefused, OSError."""
        if self._trying_next:
            return
        self._make_next()
        self._announce()
        self._use_next()

    def note_accepted(self) -> None:
        """The server took a request signed with the key in use: a next one takes the old one's place."""
        if not self._trying_next:
            return
        self._next_file.replace(self._key_file)
        sync_folder(self._key_file.parent)
        self._trying_next = False
        log.info("the key was renewed")

    def note_refused(self) -> None:
        """The server does not know the key in use: try the other one, where there are two."""
        if self._trying_next:
            self._trying_next = False
            self._client.use_key(read_key(self._key_file))
        elif self._next_file.exists():
            self._use_next()

    def announce_again(self) -> None:
        """Tell of a next key that lies here and that the server does not know. ServerAway, ServerRefused."""
        if self._next_file.exists() and not self._trying_next:
            self._announce()
            self._use_next()

    def _make_next(self) -> None:
        try:
            read_key(self._next_file)
        except KeyFileError:
            remove_durably(self._next_file)
            make_key(self._next_file)
            # the public half is asked for at enrolling only
            self._next_file.with_name(self._next_file.name + ".pub").unlink(missing_ok=True)

    def _announce(self) -> None:
        next_key = read_key(self._next_file)
        public = base64.b64encode(raw_public(next_key)).decode()
        body = {"public_key": public, "proof": self._prove(next_key, public)}
        request = Request(
            "POST", "/terminal/keys", body=body, idempotency_key=thumbprint(raw_public(next_key))
        )
        self._client.ask(request)

    def _prove(self, next_key: Ed25519PrivateKey, public: str) -> str:
        message = f"onething-renew:{self._client.terminal_id}:{public}"
        return base64.b64encode(next_key.sign(message.encode())).decode()

    def _use_next(self) -> None:
        self._client.use_key(read_key(self._next_file))
        self._trying_next = True


def is_key_refused(error: ServerRefused) -> bool:
    """Whether the server did not believe the signature: the key is not, or no longer, this terminal's."""
    return error.status == 401
