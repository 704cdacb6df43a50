"""Watches a card reader and tells what happens on it; survives its being unplugged, silent or late."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from devices.errors import DeviceError, Gone, NotReady
from devices.id_card.card import IdCard
from devices.id_card.faults import FAULTS
from devices.id_card.port import IdCardReader
from devices.states import DeviceState, Health, HealthRecord

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class CardPlaced:
    """A card has been laid on the reader and read whole."""

    card: IdCard


@dataclass(frozen=True)
class CardRemoved:
    """The card last placed is no longer there, or can no longer be seen."""


@dataclass(frozen=True)
class CardUnreadable:
    """Something lies on the reader that could not be read; told once until it is read or taken away."""

    error: DeviceError


@dataclass(frozen=True)
class ReaderState:
    """The reader is now in another state than before."""

    health: Health


CardEvent = CardPlaced | CardRemoved | CardUnreadable | ReaderState


class CardWatcher:
    """A thread that polls one reader and calls `on_event` for each thing that happens, in order.

    `poll_s` stays above 0.3, the least a security module asks for between two looks. A card, and a reader,
    count as gone after `misses` looks in a row; another card is another card at once. `on_event` runs in the
    watcher's thread: it should hand the event on and return. An error it raises is logged and forgotten.
    """

    def __init__(
        self,
        open_reader: Callable[[], IdCardReader],
        on_event: Callable[[CardEvent], None],
        *,
        poll_s: float = 0.35,
        misses: int = 2,
    ) -> None:
        self._open_reader = open_reader
        self._on_event = on_event
        self._poll_s = poll_s
        self._misses = misses
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._reader: IdCardReader | None = None
        self._record = HealthRecord()
        self._told_health: Health | None = None
        self._card: IdCard | None = None
        self._told_unreadable = ""
        self._card_misses = 0
        self._reader_misses = 0

    @property
    def health(self) -> Health:
        """The reader's state as last seen."""
        return self._record.health

    def start(self) -> None:
        """Begin to watch and return at once, whether or not there is a reader."""
        self._thread = threading.Thread(target=self._run, name="card-watcher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and let the reader go; no event comes after this returns."""
        self._ended.set()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        self._tell_health(self._record.health)
        while not self._ended.is_set():
            self._look()
            self._ended.wait(self._poll_s)
        if self._reader:
            self._reader.close()

    def _look(self) -> None:
        try:
            self._reader = self._reader or self._open_reader()
            is_present = self._reader.is_card_present()
            self._note_well()
            if is_present:
                self._meet_card(self._reader)
            else:
                self._miss_card()
        except DeviceError as error:
            self._note_trouble(error)
        except Exception as error:
            # a driver of another maker may fail in ways we do not know; the kiosk must go on
            if self._reader_misses == 0:
                _LOG.exception("the card reader's driver failed")
            self._note_trouble(FAULTS.error("reader_faulty", type(error).__name__))

    def _meet_card(self, reader: IdCardReader) -> None:
        if self._card and not self._card_misses:
            return
        try:
            card = reader.read()
        except DeviceError as error:
            self._note_unreadable(error)
            return
        self._card_misses = 0
        self._told_unreadable = ""
        if card != self._card:
            self._take_card_away()
            self._card = card
            self._tell(CardPlaced(card))

    def _miss_card(self) -> None:
        self._card_misses += 1
        if self._card_misses >= self._misses:
            self._told_unreadable = ""
            self._take_card_away()

    def _take_card_away(self) -> None:
        if self._card:
            self._card = None
            self._tell(CardRemoved())

    def _note_unreadable(self, error: DeviceError) -> None:
        if isinstance(error, Gone):
            raise error
        if isinstance(error, NotReady) and error.reason == "card_absent":
            self._miss_card()
            return
        # what lies there now is not known to be the card that was
        self._take_card_away()
        # a card already found unreadable is often lifted in the middle of the next try: that is no news
        is_being_lifted = bool(self._told_unreadable) and error.reason == "card_lifted"
        if error.reason != self._told_unreadable and not is_being_lifted:
            self._told_unreadable = error.reason
            self._tell(CardUnreadable(error))

    def _note_well(self) -> None:
        self._reader_misses = 0
        self._tell_health(self._record.observe(DeviceState.READY))

    def _note_trouble(self, error: DeviceError) -> None:
        self._reader_misses += 1
        # a reader that was never there is absent at once; one that was may only have hiccupped
        is_first = self._told_health is None or self._told_health.state is DeviceState.CONNECTING
        if is_first or self._reader_misses >= self._misses:
            self._take_card_away()
            self._tell_health(self._record.observe_error(error))

    def _tell_health(self, health: Health) -> None:
        told, self._told_health = self._told_health, health
        if told == health:
            return
        if told is not None:
            _LOG.info("card reader is %s %s", health.state.value, health.reason)
        self._tell(ReaderState(health))

    def _tell(self, event: CardEvent) -> None:
        try:
            self._on_event(event)
        except Exception:
            _LOG.exception("the listener to the card reader failed")
