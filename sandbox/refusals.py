"""What every system of the outside world refuses in the same words."""

from __future__ import annotations


class Incomplete(Exception):
    """Something is missing, or is not in its code set; the message names it."""


class KeyReused(Exception):
    """The same key or number came with another content."""


class Unknown(Exception):
    """What a request speaks of never arrived here."""
