"""Invented members of staff, one for each room of the console, with passwords that are no secret."""

import json
import urllib.parse
from pathlib import Path

import pyotp

from demo.world import World

PASSWORD = "one-thing-done-once-2026"
# Sign-in name, name, role, and the department of an officer.
PEOPLE = (
    ("clerk", "王晓窗（演示）", "clerk", None),
    ("police", "李建安（演示）", "department", "GA"),
    ("health", "周宁（演示）", "department", "WJ"),
    ("chief", "赵督（演示）", "supervisor", None),
    ("editor", "孙文（演示）", "editor", None),
    ("technician", "吴维（演示）", "technician", None),
    ("auditor", "钱审（演示）", "auditor", None),
    ("admin", "郑管（演示）", "admin", None),
)


class Staff:
    """Adds whoever is not there yet, and knows everybody's one-time code."""

    def __init__(self, world: World) -> None:
        self._folder = world.folder / "staff"
        self._folder.mkdir(exist_ok=True)
        password = self._folder / "password"
        password.write_text(PASSWORD + "\n", "utf-8")
        for login, name, role, department in PEOPLE:
            if self._file(login).exists():
                continue
            own = ["--department", department] if department else []
            files = ["--password-file", str(password), "--second-factor-file", str(self._file(login))]
            world.run_onething("staff", "add", login, "--name", name, "--role", role, *own, *files)

    def code_of(self, login: str) -> str:
        """The one-time code of this half minute, as the person's telephone would show it."""
        address = self._file(login).read_text("utf-8").strip()
        secret = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query)["secret"][0]
        return pyotp.TOTP(secret).now()

    def as_json(self) -> str:
        """Everybody with the code of now."""
        return json.dumps({login: self.code_of(login) for login, *_ in PEOPLE})

    def _file(self, login: str) -> Path:
        return self._folder / f"{login}.otpauth"
