"""What a demonstration leaves behind: pictures, the receipt, the form, the timeline and a summary."""

import json
import shutil
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from demo.world import World
from terminal_client.keys import read_key
from terminal_client.server_client import Request, ServerClient

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
FINAL_PART_STATES = {"completed", "denied", "stopped"}


class DepartmentsSilent(RuntimeError):
    """The departments had not all answered in time; the text says who is missing."""

    reason = "departments_silent"


def clear_folder(folder: Path) -> Path:
    """An empty folder with room for the screens; what an earlier demonstration left there is removed."""
    if folder.exists():
        shutil.rmtree(folder)
    (folder / "screens").mkdir(parents=True)
    return folder


class Visit:
    """The same citizen at the same kiosk, asking the server through the kiosk's own signed line."""

    def __init__(self, world: World, person: str) -> None:
        self._server = ServerClient(world.server_url, world.terminal_id, read_key(world.key_file))
        card = {name: value for name, value in world.get_card(person).items() if name != "photo"}
        self._token = str(self._server.ask(Request("POST", "/sessions", {"card": card}))["token"])

    def get_case(self, number: str) -> dict[str, Any]:
        """The case as the citizen may see it."""
        return dict(self._server.ask(Request("GET", f"/cases/{quote(number)}", token=self._token)))

    def get_receipt(self, number: str) -> dict[str, Any]:
        """The receipt's content, marked as a reprint."""
        return dict(self._server.ask(Request("GET", f"/cases/{quote(number)}/receipt", token=self._token)))

    def get_form(self, number: str) -> bytes:
        """The filled form as PDF."""
        return self._server.read(Request("GET", f"/cases/{quote(number)}/form", token=self._token))[0]

    def wait_for_departments(self, number: str, within_seconds: float = 60) -> dict[str, Any]:
        """The case once every department has decided its part."""
        give_up_at = time.monotonic() + within_seconds
        while True:
            case = self.get_case(number)
            waiting = [part["en"] for part in case["parts"] if part["state"] not in FINAL_PART_STATES]
            if not waiting:
                return case
            if time.monotonic() > give_up_at:
                raise DepartmentsSilent(f"no decision after {within_seconds:.0f} s on: {', '.join(waiting)}")
            time.sleep(0.2)

    def end(self) -> None:
        """End the session on the server."""
        ending = {"cause": "finished"}
        self._server.ask(Request("POST", "/sessions/current/ending", ending, token=self._token))


def timeline_text(case: dict[str, Any]) -> str:
    """The case's life as lines of text, Chinese and English, in the county's time."""
    thing = case["thing"]
    title = f"{thing['zh']} {thing['en']}" if isinstance(thing, dict) else f"{case.get('thing_zh', thing)}"
    lines = [f"{case['number']}  {title}", f"{case['state_zh']} {case['state_en']}", ""]
    for entry in case["timeline"]:
        lines.append(f"{_local(entry['at'])}  {entry['zh']}  {entry['en']}")
    lines += ["", "各部门办理情况 Departments"]
    for part in case["parts"]:
        lines.append(f"  {part['zh']} · {part['department_zh']}: {part['state_zh']} ({part['state_en']})")
        for result in part.get("result") or ():
            lines.append(f"    {result['zh']} {result['en']} {result.get('identifier') or ''}".rstrip())
        if part.get("reason_zh"):
            lines.append(f"    {part['reason_zh']} {part.get('reason_en') or ''}".rstrip())
    return "\n".join(lines) + "\n"


def write_summary(folder: Path, summary: dict[str, Any]) -> None:
    """summary.json, readable by people too."""
    text = json.dumps(summary, ensure_ascii=False, indent=2)
    (folder / "summary.json").write_text(text + "\n", "utf-8")


def _local(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(COUNTY_TIME).strftime("%Y-%m-%d %H:%M:%S")
