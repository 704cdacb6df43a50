"""What the records refuse, each with a stable reason."""


class RecordsUnavailable(Exception):
    """The database gave no answer in time, is full, locked or gone; the act was not done."""

    reason = "records_unavailable"


class SealBroken(Exception):
    """Sealed bytes that were changed, moved elsewhere, or sealed with a key that is not on the ring."""

    reason = "seal_broken"


class KeyRingUnsafe(Exception):
    """A key ring file that others may read, that is missing, or that cannot be understood."""

    reason = "key_ring_unsafe"


class FileUnknown(Exception):
    """No bytes are kept under this id, or it is not an id."""

    reason = "file_unknown"
