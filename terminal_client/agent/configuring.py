"""A configuration's way onto the kiosk: staged, applied, and confirmed or rolled back by the kiosk alone."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from terminal_client.agent.settings import BadSettings, Settings, parse_settings
from terminal_client.canonical import is_signed, to_canonical
from terminal_client.durable import write_durably
from terminal_client.identity import Identity

CONFIGURATION_FILE = "configuration.json"
TRIAL_SECONDS = 300.0
LEAST_SECONDS = 20.0
MOST_STARTS = 3

Outcome = Literal["applied", "confirmed", "refused", "rolled_back"]
Document = Mapping[str, Any]

log = logging.getLogger(__name__)


class Applier(Protocol):
    """What makes settings take effect on this kiosk."""

    def apply(self, settings: Settings | None) -> None:
        """Use these settings from now on; None for the kiosk's own file alone."""

    def list_usable(self) -> set[str]:
        """The kinds of devices that work now."""

    def is_free(self) -> bool:
        """Whether no citizen is being served."""


@dataclass(frozen=True)
class Report:
    """What is told to the server of one revision."""

    revision: int
    outcome: Outcome
    reason: str = ""
    detail: str = ""


class Configuring:
    """Holds the last-known-good configuration and the one on trial; nothing here waits.

    On trial, every device that worked before must work again within `trial_seconds`; else the last-known-good
    comes back by itself, and that revision is not tried again. A program that ends during a trial tries it
    again at its next start, `MOST_STARTS` times at most.
    """

    def __init__(
        self,
        folder: Path,
        identity: Identity,
        applier: Applier,
        *,
        trial_seconds: float = TRIAL_SECONDS,
        least_seconds: float = LEAST_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = folder / CONFIGURATION_FILE
        self._identity = identity
        self._applier = applier
        self._trial_seconds = trial_seconds
        self._least_seconds = min(least_seconds, trial_seconds)
        self._monotonic = monotonic
        self._began_at = 0.0
        self._worked_before: set[str] = set()
        self._reports: list[Report] = []
        self._held = self._load()

    @property
    def revision(self) -> int:
        """The revision in use, on trial or confirmed; 0 when there is none."""
        document = self._held.get("trial") or self._held.get("good")
        return int(document["revision"]) if document else 0

    @property
    def settings(self) -> Settings | None:
        """The settings in use."""
        document = self._held.get("trial") or self._held.get("good")
        return parse_settings(document["settings"]) if document else None

    @property
    def is_on_trial(self) -> bool:
        """Whether the settings in use are not confirmed yet."""
        return bool(self._held.get("trial"))

    def take_reports(self) -> list[Report]:
        """What is to be told to the server, oldest first; each is given out once."""
        reports, self._reports = self._reports, []
        return reports

    def put_back(self, reports: list[Report]) -> None:
        """Reports that did not reach the server, to be told again."""
        self._reports = [*reports, *self._reports]

    def wants(self, revision: int) -> bool:
        """Whether the server's present revision is to be fetched."""
        known = (
            self.revision,
            self._held.get("refused", 0),
            (self._held.get("staged") or {}).get("revision"),
        )
        return revision not in known and revision != 0

    def stage(self, document: Document) -> None:
        """Take a signed configuration from the server; a wrong one is reported, and not used."""
        revision = document.get("revision")
        if not isinstance(revision, int) or isinstance(revision, bool):
            log.warning("a configuration without a revision was left alone")
            return
        if not self._is_ours(document):
            self._refuse(revision, "bad_signature", "not signed by this kiosk's server")
        elif revision < (self._held.get("good") or {}).get("revision", 0):
            self._refuse(revision, "older", f"revision {self.revision} is in use")
        else:
            self._stage_checked(revision, document)

    def _stage_checked(self, revision: int, document: Document) -> None:
        try:
            parse_settings(document["settings"])
        except BadSettings as error:
            self._refuse(revision, error.reason, str(error))
        else:
            self._keep(staged=document)

    def start(self) -> None:
        """At the start of the program: use what was in use, and count the starts of a trial."""
        starts = self._held.get("starts", 0) + 1
        if self.is_on_trial and starts > MOST_STARTS:
            self._roll_back("restarts", f"the program started {starts} times during the trial")
        elif self.is_on_trial:
            self._keep(starts=starts)
            self._began_at = self._monotonic()
            self._worked_before = set(self._held.get("worked_before", ()))
        self._applier.apply(self.settings)

    def step(self) -> None:
        """Go one step on: apply what is staged once nobody is served, judge what is on trial."""
        if self.is_on_trial:
            self._judge()
        elif self._held.get("staged") and self._applier.is_free():
            self._apply()

    def _apply(self) -> None:
        document = self._held["staged"]
        self._worked_before = self._applier.list_usable()
        self._began_at = self._monotonic()
        self._keep(staged=None, trial=document, starts=0, worked_before=sorted(self._worked_before))
        self._applier.apply(parse_settings(document["settings"]))
        self._reports.append(Report(document["revision"], "applied"))

    def _judge(self) -> None:
        trial = self._held["trial"]
        wanted = self._worked_before - parse_settings(trial["settings"]).removed_devices
        lost = wanted - self._applier.list_usable()
        passed = self._monotonic() - self._began_at
        if not lost and passed >= self._least_seconds:
            self._keep(good=trial, trial=None, starts=0)
            self._reports.append(Report(trial["revision"], "confirmed"))
        elif lost and passed >= self._trial_seconds and self._applier.is_free():
            self._roll_back("device_lost", f"worked before and not with this: {', '.join(sorted(lost))}")
            self._applier.apply(self.settings)

    def _roll_back(self, reason: str, detail: str) -> None:
        revision = self._held["trial"]["revision"]
        self._keep(trial=None, refused=revision, starts=0)
        self._reports.append(Report(revision, "rolled_back", reason, detail))
        log.warning("configuration %d was rolled back: %s", revision, detail)

    def _refuse(self, revision: int, reason: str, detail: str) -> None:
        self._keep(refused=revision)
        self._reports.append(Report(revision, "refused", reason, detail))
        log.warning("configuration %d is refused: %s", revision, detail)

    def _is_ours(self, document: Document) -> bool:
        signed = {
            "terminal": self._identity.terminal,
            "revision": document.get("revision"),
            "settings": document.get("settings"),
        }
        signature = str(document.get("signature", ""))
        return isinstance(signed["settings"], dict) and is_signed(
            self._identity.server_key, signature, to_canonical(signed)
        )

    def _load(self) -> dict[str, Any]:
        try:
            held = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(held, dict):
            return {}
        # whoever changed the file on the disk changed nothing of the kiosk
        return {
            name: value
            for name, value in held.items()
            if name not in ("good", "trial", "staged") or value is None or self._is_usable(value)
        }

    def _is_usable(self, document: Any) -> bool:
        if not isinstance(document, dict) or not self._is_ours(document):
            return False
        try:
            parse_settings(document["settings"])
        except BadSettings:
            # a driver that is no longer installed
            return False
        return True

    def _keep(self, **changes: Any) -> None:
        self._held = {**self._held, **changes}
        write_durably(self._path, json.dumps(self._held, ensure_ascii=False).encode())
