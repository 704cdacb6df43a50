"""The process in which a maker's photo decoder runs: WLT bytes come in, a PNG goes out.

    python -m devices.id_card.photo_child MODULE:FUNCTION < photo.wlt > photo.png

The exit code is 0, 3 when the decoder gave no picture, anything else when it failed.
"""

import io
import os
import resource
import sys
from importlib import import_module

from PIL import Image

from devices.id_card.photo import LIMIT_S, LONGEST_PICTURE, NOT_A_PICTURE, WLT_LENGTH

_MEMORY_BYTES = 1 << 30
_MOST_PIXELS = 1 << 20
_FORMATS = ("BMP", "PNG", "JPEG")


def main() -> int:
    """Limit this process, run the decoder, and write what it gave as a PNG."""
    answer = _take_stdout()
    _set_limits()
    wlt = sys.stdin.buffer.read(WLT_LENGTH)
    module, _, function = sys.argv[1].partition(":")
    picture = getattr(import_module(module), function)(wlt)
    png = _as_png(picture)
    if png is None:
        return NOT_A_PICTURE
    answer.write(png)
    answer.flush()
    return 0


def _take_stdout() -> io.BufferedWriter:
    """Keep stdout for the picture: what the decoder prints goes nowhere."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answer


def _set_limits() -> None:
    for what, limit in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, int(LIMIT_S) + 1),
        (resource.RLIMIT_FSIZE, LONGEST_PICTURE),
        (resource.RLIMIT_NOFILE, 64),
        # a core dump would put the photo on the disk
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))


def _as_png(picture: object) -> bytes | None:
    """The picture encoded anew, so that nothing but pixels leaves this process."""
    if not isinstance(picture, bytes | bytearray) or len(picture) > LONGEST_PICTURE:
        return None
    try:
        with Image.open(io.BytesIO(picture), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            written = io.BytesIO()
            opened.convert("RGB").save(written, "PNG")
    except (OSError, ValueError, SyntaxError):
        return None
    return written.getvalue()


if __name__ == "__main__":
    sys.exit(main())
