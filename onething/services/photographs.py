"""Pages that a phone's camera took: judged when they arrive, straightened, and never kept as they came."""

from __future__ import annotations

from collections.abc import Sequence

from onething.ports import CleanPage, Ports


def take_pages(ports: Ports, data: bytes, *, photograph: bool) -> Sequence[CleanPage]:
    """Clean pages of a JPEG, PNG or PDF; a ``photograph`` must show a page that can be read.

    Raises ``PaperRefused``: ``too_dark``, ``blurred``, ``not_a_page`` and what any file is refused for.
    """
    return ports.paper.take_photograph(data) if photograph else ports.paper.take(data)
