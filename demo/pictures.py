"""`python -m demo.pictures`: the README's pictures, out of what the last demonstration left."""

import sys
from pathlib import Path

import pypdfium2
from PIL import Image

from demo.world import TOP

KEPT = TOP / "docs" / "pictures"
# Wide enough to read on a page, small enough to keep.
WIDTH = 540
PHONES_WIDTH = 900
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
    _keep(_side_by_side(made / "phones"), "phones.png", PHONES_WIDTH)
    return 0


def _side_by_side(folder: Path) -> Image.Image:
    """Her form, what he is asked, and the case at home."""
    wanted = ("mother-*-form", "father-*-asked", "mother-*-case")
    shown = [Image.open(next(folder.glob(f"{name}.png"))) for name in wanted]
    gap = shown[0].width // 20
    whole = Image.new("RGB", (sum(each.width + gap for each in shown) - gap, shown[0].height), "white")
    for number, each in enumerate(shown):
        whole.paste(each, (number * (each.width + gap), 0))
    return whole


def _keep(picture: Image.Image, name: str, width: int = WIDTH) -> None:
    height = round(picture.height * width / picture.width)
    small = picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    path: Path = KEPT / name
    small.quantize(COLOURS).save(path, optimize=True)
    print(f"pictures: {path.relative_to(TOP)} {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    sys.exit(main())
