"""Copy the front-end packages that npm fetched to where the kiosk serves them.

Run `npm ci` first, then `python deploy/setup/vendor.py`. The copies are not kept in git; beside them lies
LICENCES.txt with each package's name, version and licence.
"""

import json
import shutil
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
SERVED = TOP / "terminal_client" / "static" / "vendor"
FILES = {
    "htmx.org": ("dist/htmx.min.js", "dist/ext/hx-sse.min.js"),
    "signature_pad": ("dist/signature_pad.umd.min.js",),
}


def copy_package(name: str, files: tuple[str, ...]) -> str:
    """Copy the files of one package; return its line for LICENCES.txt."""
    package = TOP / "node_modules" / name
    if not package.is_dir():
        raise SystemExit(f"{name} is not there yet: run `npm ci` in the project's top folder first")
    described = json.loads((package / "package.json").read_text(encoding="utf-8"))
    for file in files:
        shutil.copyfile(package / file, SERVED / Path(file).name)
    return f"{name} {described['version']} {described['license']}"


def main() -> int:
    """Copy every package named in FILES."""
    SERVED.mkdir(parents=True, exist_ok=True)
    lines = [copy_package(name, files) for name, files in FILES.items()]
    (SERVED / "LICENCES.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
