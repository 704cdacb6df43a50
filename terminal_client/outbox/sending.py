"""Sending what the outbox holds: in order, each once, and nothing held up by one that is never taken."""

import base64
import logging
import threading
from collections.abc import Callable

from terminal_client.outbox.store import Item, Outbox, OutboxFailed
from terminal_client.server_client import Request, ServerAway, ServerClient, ServerRefused

FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 300.0
LOOK_SECONDS = 5.0
MOST_TRIES = 3
# the server will not take this one, whoever asks and however often; all else may be otherwise tomorrow
NEVER = (400, 413, 415, 422)

log = logging.getLogger(__name__)


class Sender:
    """A thread that empties the outbox whenever the server can be reached."""

    def __init__(
        self,
        outbox: Outbox,
        client: ServerClient,
        *,
        may_send: Callable[[], bool] = lambda: True,
        first_pause_seconds: float = FIRST_PAUSE_SECONDS,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._may_send = may_send
        self._first_pause = first_pause_seconds
        self._look_seconds = look_seconds
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to send; waits for nothing."""
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send no more; what is on its way is not waited for."""
        self._ended.set()

    def send_next(self) -> bool:
        """Send the oldest item; whether there was one and it is gone or set aside. ServerAway, OutboxFailed.

        A lost answer is harmless: the item keeps its id, which is its Idempotency-Key.
        """
        item = self._outbox.find_next()
        if item is None:
            return False
        try:
            self._client.ask(_request(item))
        except ServerRefused as error:
            self._note_refusal(item, error)
            return error.status in NEVER
        self._outbox.strike_off(item.id)
        log.info("outbox item %s was received", item.id)
        return True

    def _note_refusal(self, item: Item, error: ServerRefused) -> None:
        if error.status not in NEVER:
            raise ServerAway(f"status {error.status}")
        tries = self._outbox.note_try(item.id, error.reason)
        log.warning("outbox item %s was refused: %s", item.id, error.reason)
        if tries >= MOST_TRIES:
            self._outbox.park(item.id, error.reason)

    def _run(self) -> None:
        pause = self._first_pause
        while not self._ended.is_set():
            try:
                if not self._may_send() or not self.send_next():
                    self._ended.wait(self._look_seconds)
                pause = self._first_pause
            except (ServerAway, OutboxFailed) as error:
                log.info("outbox waits: %s", error)
                self._ended.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            except Exception:
                log.exception("sending from the outbox failed")
                self._ended.wait(LONGEST_PAUSE_SECONDS)


def _request(item: Item) -> Request:
    body = {"id": item.id, "kind": item.kind, "sealed": base64.b64encode(item.sealed).decode()}
    return Request("POST", "/outbox-items", body=body, idempotency_key=item.id)
