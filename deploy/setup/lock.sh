#!/usr/bin/env bash
# Makes requirements.lock again from pyproject.toml, and package-lock.json from package.json: every package with
# its version and hashes, and no address.
# Run it after a dependency was changed; commit both files together.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
.venv/bin/python -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
    --no-header --no-emit-index-url --no-emit-find-links \
    --extra dev pyproject.toml --output-file requirements.lock
if grep -n '://' requirements.lock; then
    echo "lock: an address came into requirements.lock" >&2
    exit 1
fi
# package.json holds unrs-resolver at a version of which every platform's part is published: npm ci wants all named.
npm install --package-lock-only --ignore-scripts --silent
# npm writes who may be given money, with addresses; nothing needs them.
.venv/bin/python - <<'END'
import json
from pathlib import Path

file = Path("package-lock.json")
lock = json.loads(file.read_text("utf-8"))
for package in lock["packages"].values():
    package.pop("funding", None)
file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", "utf-8")
END
