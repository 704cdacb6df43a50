"""`python -m demo.pictures`: the README's pictures, out of what the last demonstration left."""

import sys
from pathlib import Path

import pypdfium2
from PIL import Image

from demo.world import TOP

KEPT = TOP / "docs" / "pictures"
# Wide enough to read on a page, small enough to keep.
WIDTH = 540
COLOURS = 128


def main() -> int:
    """Write docs/pictures from demo-out; 1 when there is no demonstration to take them from."""
    made = TOP / "demo-out"
    screens = sorted((made / "screens").glob("*-form-complete.png"))
    if not screens or not (made / "form.pdf").is_file():
        print("pictures: run make demo first", file=sys.stderr)
        return 1
    KEPT.mkdir(parents=True, exist_ok=True)
    _keep(Image.open(screens[0]), "form.png")
    _keep(Image.open(made / "receipt.png"), "receipt.png")
    document = pypdfium2.PdfDocument(made / "form.pdf")
    _keep(document[0].render(scale=2).to_pil(), "form-pdf.png")
    document.close()
    return 0


def _keep(picture: Image.Image, name: str) -> None:
    height = round(picture.height * WIDTH / picture.width)
    small = picture.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    path: Path = KEPT / name
    small.quantize(COLOURS).save(path, optimize=True)
    print(f"pictures: {path.relative_to(TOP)} {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    sys.exit(main())
