"""An enrolled terminal whose parts are under the test's hand; only its line to the server is real."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from devices.states import DeviceState, Health
from terminal_client.agent.acts import make_acts
from terminal_client.agent.agent import Agent, Parts
from terminal_client.agent.codes import parse_typed
from terminal_client.agent.commands import Act, Commands
from terminal_client.agent.configuring import Configuring
from terminal_client.agent.enrolment import enrol
from terminal_client.agent.journal import Journal
from terminal_client.agent.redaction import LogTail
from terminal_client.agent.renewal import Renewal
from terminal_client.agent.settings import Settings
from terminal_client.config import Config, LocalCommands
from terminal_client.identity import Identity, check_words, raw_public
from terminal_client.keys import read_key
from terminal_client.opening import Opening
from terminal_client.outbox.sending import Sender
from terminal_client.outbox.store import Outbox
from terminal_client.server_client import ServerClient
from terminal_client.server_clock import ServerClock

from .stand_in_fleet import CODE, RunningFleet, with_check


@dataclass
class KioskByHand:
    """The kiosk as the agent sees it."""

    last_ended_at: datetime | None = None
    catalog_revision: int = 7
    is_free: bool = True
    has_receipt: bool = False

    def print_again(self) -> bool:
        return self.has_receipt


@dataclass
class DevicesBySay:
    """Devices that are as the test says they are."""

    usable: dict[str, Health] = field(default_factory=dict)
    last_printed_at: datetime | None = None
    applied: list[Settings | None] = field(default_factory=list)
    kiosk: KioskByHand = field(default_factory=KioskByHand)

    def say(self, kind: str, state: str, reason: str = "") -> None:
        self.usable[kind] = Health(DeviceState(state), datetime.now(UTC), reason, "不行", "No")

    def list_health(self) -> dict[str, Health]:
        return dict(self.usable)

    def apply(self, settings: Settings | None) -> None:
        self.applied.append(settings)

    def list_usable(self) -> set[str]:
        return {kind for kind, health in self.usable.items() if health.is_usable}

    def is_free(self) -> bool:
        return self.kiosk.is_free


@dataclass
class MadeTerminal:
    """All the parts of one enrolled terminal."""

    config: Config
    kiosk: KioskByHand
    devices: DevicesBySay
    configuring: Configuring
    outbox: Outbox
    parts: Parts
    agent: Agent
    sender: Sender
    seconds: list[float]
    done: list[str] = field(default_factory=list)

    @property
    def journal(self) -> Journal:
        """What the agent must not forget."""
        return self.parts.journal

    @property
    def opening(self) -> Opening:
        """Whether the kiosk is open."""
        return self.parts.opening

    def restart(self, fleet: RunningFleet) -> "MadeTerminal":
        """The same terminal after its program ended and began again."""
        self.close()
        return make_terminal(self.config.state_dir.parent, fleet)

    def close(self) -> None:
        """Let files and line go."""
        self.parts.client.close()
        self.journal.close()
        self.outbox.close()


def make_terminal(folder: Path, fleet: RunningFleet, **commands: tuple[str, ...]) -> MadeTerminal:
    """Enrol, unless it was, and put the parts together. `seconds[0]` is the monotonic clock."""
    config = Config(
        server_url=fleet.url,
        key_file=folder / "kiosk.key",
        state_dir=folder / "state",
        commands=LocalCommands(**commands),
    )
    identity = enrol(config, parse_typed(with_check(CODE))).identity
    made = _put_together(config, identity)
    acts = _make_acts(made)
    taken = Commands(identity, made.journal, acts, lambda: made.kiosk.is_free)
    made.parts = replace(made.parts, commands=taken)
    words = check_words(raw_public(read_key(config.key_file)))
    made.agent = Agent(made.parts, words, monotonic=lambda: made.seconds[0])
    made.journal.close_interrupted()
    made.parts.renewal.start()
    return made


def _put_together(config: Config, identity: Identity) -> MadeTerminal:
    seconds = [0.0]
    clock = ServerClock(identity.server_key)
    client = ServerClient(config.server_url, identity.terminal, read_key(config.key_file), clock=clock)
    kiosk = KioskByHand()
    devices = DevicesBySay(kiosk=kiosk)
    outbox = Outbox(config.state_dir, identity.outbox_key, identity.terminal, clock=clock.now)
    configuring = Configuring(config.state_dir, identity, devices, monotonic=lambda: seconds[0])
    parts = Parts(
        folder=config.state_dir,
        client=client,
        kiosk=kiosk,
        devices=devices,
        opening=Opening(),
        journal=Journal(config.state_dir),
        renewal=Renewal(config.key_file, client),
        configuring=configuring,
        outbox=outbox,
    )
    sender, agent = Sender(outbox, client), Agent(parts, "")
    return MadeTerminal(config, kiosk, devices, configuring, outbox, parts, agent, sender, seconds)


def _make_acts(made: MadeTerminal) -> dict[str, Act]:
    return make_acts(
        kiosk=made.kiosk,
        commands=made.config.commands,
        log_tail=LogTail(),
        list_health=made.devices.list_health,
        rotate_key=made.parts.renewal.renew,
        suspend=lambda: made.done.append("suspend"),
        wipe=lambda: made.done.append("wipe"),
        before_reboot=lambda: made.done.append("before reboot"),
    )


@contextmanager
def made_terminal(folder: Path, fleet: RunningFleet, **commands: tuple[str, ...]) -> Iterator[MadeTerminal]:
    """A terminal that is let go at the end."""
    made = make_terminal(folder, fleet, **commands)
    yield made
    made.close()
