"""Copy the front-end packages that npm fetched to where the kiosk, the console and the phone's pages are.

Run `npm ci` first, then `python deploy/setup/vendor.py`. The copies are not kept in git; beside them lies
LICENCES.txt with each package's name, version and licence.
"""

import json
import shutil
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
Files = dict[str, tuple[str, ...]]
# Where copies are served from, and what is copied there: files by package.
SERVED: dict[Path, Files] = {
    TOP / "terminal_client" / "static" / "vendor": {
        "htmx.org": ("dist/htmx.min.js", "dist/ext/hx-sse.min.js"),
        "signature_pad": ("dist/signature_pad.umd.min.js",),
    },
    TOP / "staff_console" / "static" / "vendor": {
        "htmx.org": ("dist/htmx.min.js",),
        "signature_pad": ("dist/signature_pad.umd.min.js",),
    },
    TOP / "mobile_api" / "miniprogram" / "vendor": {
        "weui-wxss": ("dist/style/weui.wxss",),
        "qrcode-generator": ("dist/qrcode.js",),
    },
    TOP / "mobile_api" / "static" / "phone" / "vendor": {
        "weui": ("dist/style/weui.min.css",),
        "signature_pad": ("dist/signature_pad.umd.min.js",),
    },
}


def copy_package(name: str, files: tuple[str, ...], folder: Path) -> str:
    """Copy the files of one package to a folder; return its line for LICENCES.txt."""
    package = TOP / "node_modules" / name
    if not package.is_dir():
        raise SystemExit(f"{name} is not there yet: run `npm ci` in the project's top folder first")
    described = json.loads((package / "package.json").read_text(encoding="utf-8"))
    for file in files:
        shutil.copyfile(package / file, folder / Path(file).name)
    return f"{name} {described['version']} {described['license']}"


def main() -> int:
    """Copy every package named in SERVED."""
    for folder, files in SERVED.items():
        folder.mkdir(parents=True, exist_ok=True)
        lines = [copy_package(name, wanted, folder) for name, wanted in files.items()]
        (folder / "LICENCES.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
