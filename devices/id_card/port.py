"""What the kiosk needs of an ID-card reader."""

from typing import Protocol, runtime_checkable

from devices.id_card.card import IdCard
from devices.states import Health


@runtime_checkable
class IdCardReader(Protocol):
    """A reader of resident, permit and foreigner cards. One caller at a time; drivers hold their own lock."""

    def check(self) -> Health:
        """Ask the reader how it is, never raising a DeviceError."""

    def is_card_present(self) -> bool:
        """Whether a card lies on the reader.

        Between two different cards the answer is False at least once, however fast they are exchanged.
        DeviceError when the reader cannot tell.
        """

    def read(self) -> IdCard:
        """Read the whole card that lies there.

        Never half a card: DeviceError with reason card_absent, card_lifted, card_damaged, card_refused,
        reader_silent, reader_gone and the like (devices/id_card/faults.py).
        """

    def read_newest_address(self) -> str | None:
        """The address added to the card after it was made, None when there is none; asked after `read`.

        Errors as `read`; a reader that does not know the question says reader_refused.
        """

    def close(self) -> None:
        """Let the wire go; the next use opens it again."""
