"""One page as it leaves a device."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class ScannedPage:
    """One whole page: the encoded picture, its media type, its size in pixels, and its resolution.

    `scan_id` is the scan it came from, never the same twice: whoever began that scan takes only pages that
    bear its id. `turned` degrees (clockwise, quarters) were taken out; `is_upright_sure` is False when the
    picture does not tell which way is up, and a person has to look.
    """

    image: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    dpi: int
    scan_id: str = ""
    turned: int = 0
    is_upright_sure: bool = False
