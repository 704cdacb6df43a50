"""The other side of the counter: a clerk, officers and a supervisor, acting through the county's services."""

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import pypdfium2

from demo.world import World
from onething.bootstrap import build_ports
from onething.domain.actors import Actor
from onething.domain.catalog import Label
from onething.domain.ratings import Finding, Remedy
from onething.services import accepting, casefiles, issuing, notices, rectifying

CLERK = Actor("demo-clerk", "staff", roles=frozenset({"clerk"}))
PATIENCE_SECONDS = 60.0


class OfficeStuck(RuntimeError):
    """A step of the office could not be taken in time; the text says which."""

    reason = "office_stuck"


def officer(department: str) -> Actor:
    """Somebody of a department."""
    return Actor(f"demo-{department}", "staff", department, frozenset({"department"}))


class Office:
    """Opens the same records as the server and acts there as staff do; every act is in the audit."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ports = build_ports(world.environment)

    def __enter__(self) -> "Office":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ports.close()

    def accept(self, number: str) -> dict[str, Any]:
        """The window accepts; returns the notice's number and the day by which all results are there."""
        return accepting.accept_case(self._ports, CLERK, number)

    def save_notice(self, number: str, file: Path) -> None:
        """A notice as PDF, and beside it as a picture."""
        file.write_bytes(notices.get_notice(self._ports, CLERK, number))
        picture_of(file)

    def ask_what_is_wanted(self, number: str) -> dict[str, Any]:
        """Wait until a department has said what it misses, and ask the citizen in one notice."""
        self._wait(lambda: bool(self.view(number)["wanted"]), "a department's want")
        return accepting.ask_supplement(self._ports, CLERK, number)

    def wait_until_closed(self, number: str) -> dict[str, Any]:
        """The case, once every part has its end."""
        self._wait(lambda: self.view(number)["state"] == "closed", "the end of the case")
        return self.view(number)

    def view(self, number: str) -> dict[str, Any]:
        """The case as a clerk sees it."""
        return casefiles.view_case_for_staff(self._ports, CLERK, number)

    def hand_out(self, number: str, card: str) -> list[str]:
        """Hand every result that is still here over against the card; returns what they are called."""
        listed = issuing.list_results(self._ports, CLERK, number)["results"]
        ready = [each for each in listed if each["withheld"] is None]
        issuing.hand_out(
            self._ports,
            CLERK,
            number,
            results=[each["id"] for each in ready],
            card_checked=True,
            receiver=card,
        )
        return [str(each["zh"]) for each in ready]

    def put_right(self, department: str) -> dict[str, Any]:
        """Call back whoever rated low, say what was found and what was done about it."""
        actor = officer(department)
        (opened,) = rectifying.list_open(self._ports, actor).rows
        rectifying.call_back(self._ports, actor, opened["id"], reached=True, note="已致电群众，听取意见")
        return rectifying.settle(
            self._ports,
            actor,
            opened["id"],
            finding=Finding.JUSTIFIED,
            remedy=Remedy.DONE,
            words=Label(
                "首页扫描要求写得不清楚，已在材料说明中补上",
                "The scanning rule was unclear; it is written out now",
            ),
        )

    def _wait(self, is_so: Callable[[], bool], what: str) -> None:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            self._world.check_running()
            if time.monotonic() > give_up_at:
                raise OfficeStuck(f"waited {PATIENCE_SECONDS:.0f} s for {what}")
            time.sleep(0.3)


def picture_of(pdf: Path) -> None:
    """The first page of a PDF as a PNG beside it."""
    document = pypdfium2.PdfDocument(pdf)
    document[0].render(scale=1.5).to_pil().save(pdf.with_suffix(".png"))
    document.close()
