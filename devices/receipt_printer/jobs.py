"""Which slips were begun, so that the same one is never begun twice by itself."""

from collections import OrderedDict

from devices.receipt_printer.faults import FAULTS

_REMEMBERED = 1000


class JobsBegun:
    """The names of the last thousand slips of which a first byte went out. The driver's lock guards it."""

    def __init__(self) -> None:
        self._names: OrderedDict[str, None] = OrderedDict()

    def refuse_if_begun(self, job: str) -> None:
        """DeviceError when a slip of this name was begun before; a slip without a name is never refused."""
        if job and job in self._names:
            raise FAULTS.error("duplicate_job")

    def note_begun(self, job: str) -> None:
        """From now on the name is taken."""
        if job:
            self._names[job] = None
            if len(self._names) > _REMEMBERED:
                self._names.popitem(last=False)
