"""The whole program put together: devices, journey, pages, agent and outbox of one kiosk."""

import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import Flask

from terminal_client import identity as identities
from terminal_client.agent import machine
from terminal_client.agent.acts import make_acts
from terminal_client.agent.agent import BEAT_SECONDS, Agent, Parts
from terminal_client.agent.commands import Commands
from terminal_client.agent.configuring import CONFIGURATION_FILE, TRIAL_SECONDS, Configuring
from terminal_client.agent.enrolment import enrol, with_identity
from terminal_client.agent.journal import JOURNAL_FILE, Journal
from terminal_client.agent.redaction import LogTail
from terminal_client.agent.renewal import Renewal
from terminal_client.agent.settings import Settings
from terminal_client.app import make_app, make_setup_app
from terminal_client.config import Config
from terminal_client.devices_in_use import DevicesInUse
from terminal_client.durable import remove_durably, write_durably
from terminal_client.identity import Identity
from terminal_client.journey import codes
from terminal_client.journey.state import Sentence
from terminal_client.keys import read_key
from terminal_client.kiosk import Kiosk
from terminal_client.offline.guides import GUIDES_FILE, Guides
from terminal_client.offline.intakes import Intakes
from terminal_client.offline.port import Offline
from terminal_client.opening import Opening
from terminal_client.outbox.sending import Sender
from terminal_client.outbox.store import OUTBOX_FILE, RESERVE_FILE, Outbox
from terminal_client.server_client import ServerAway, ServerClient, ServerRefused
from terminal_client.server_clock import ServerClock
from terminal_client.status import STATUS_FILE
from terminal_client.technician.offline_code import STATE_FILE, OfflineCodes
from terminal_client.technician.readiness import Readiness, write_report
from terminal_client.technician.room import Line, TechnicianRoom, at_text
from terminal_client.technician.trials import Trial
from terminal_client.updating.giving_way import GivingWay

STATUS_SECONDS = 15.0
CHANNEL_FILE = "update_channel"

log = logging.getLogger(__name__)


class Applier:
    """Makes the server's settings take effect on a running kiosk."""

    def __init__(self, config: Config, kiosk: Kiosk, devices: DevicesInUse) -> None:
        self._config = config
        self._kiosk = kiosk
        self._devices = devices
        self._on_hall: Callable[[Sentence], None] | None = None

    def show_hall(self, on_hall: Callable[[Sentence], None]) -> None:
        """Tell this where the kiosk stands whenever that is configured."""
        self._on_hall = on_hall

    def apply(self, settings: Settings | None) -> None:
        """Use these settings; None for the kiosk's own file alone."""
        config = settings.apply_to(self._config) if settings is not None else self._config
        self._devices.use(config)
        if self._on_hall is not None:
            self._on_hall(Sentence(config.hall_zh, config.hall_en))
        if settings is not None:
            self._kiosk.use_limits(settings.times)
            # read by the updater, which is another program
            write_durably(self._config.state_dir / CHANNEL_FILE, settings.update_channel.encode())
            logging.getLogger().setLevel(settings.log_level)

    def list_usable(self) -> set[str]:
        """The kinds of devices that work now."""
        return {kind for kind, health in self._devices.list_health().items() if health.is_usable}

    def is_free(self) -> bool:
        """Whether no citizen is being served."""
        return self._kiosk.is_free


@dataclass(frozen=True)
class Pace:
    """How often the agent beats, and how long a configuration is on trial, in seconds."""

    beat_seconds: float = BEAT_SECONDS
    trial_seconds: float = TRIAL_SECONDS


@dataclass
class Running:
    """One enrolled kiosk, before and while it runs. `restart` begins the program anew, for a wiped kiosk."""

    app: Flask
    kiosk: Kiosk
    devices: DevicesInUse
    agent: Agent
    sender: Sender | None
    client: ServerClient
    journal: Journal
    room: TechnicianRoom
    giving_way: GivingWay
    outbox: Outbox | None = None
    configuring: Configuring | None = None

    def start(self) -> None:
        """Begin everything; waits for no device and no server."""
        if self.configuring is not None:
            self.configuring.start()
        self.devices.watch_all()
        self.giving_way.start()
        self.kiosk.start()
        self.agent.start()
        if self.sender is not None:
            self.sender.start()

    def stop(self) -> None:
        """End the sitting and let everything go."""
        self.agent.stop()
        if self.sender is not None:
            self.sender.stop()
        self.kiosk.stop()
        self.giving_way.stop()


def build(
    config: Config,
    *,
    restart: Callable[[], None],
    log_tail: LogTail | None = None,
    pace: Pace | None = None,
) -> Running:
    """Put an enrolled kiosk together.

    KeyFileError, IdentityError, JournalFailed, OutboxFailed: the state folder is not what it must be.
    """
    config.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    identity = identities.read_identity(config.state_dir)
    builder = _Builder(with_identity(config, identity), identity, restart, log_tail or LogTail())
    return builder.build(pace or Pace())


@dataclass
class Setup:
    """A kiosk that is not enrolled yet: the technician's pages, and the devices they show."""

    app: Flask
    devices: DevicesInUse

    def stop(self) -> None:
        """Let the devices go."""
        self.devices.stop()


def build_setup(config: Config, *, restart: Callable[[], None]) -> Setup:
    """Put a kiosk together that is not enrolled yet; `restart` begins the program anew once it is."""
    config.state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    devices = DevicesInUse(config)
    devices.start(lambda _event: None)
    devices.watch_all()
    room = TechnicianRoom(devices=devices, opening=Opening(), list_lines=lambda: list_setup_lines(config))

    def enrol_here(code: Any) -> str:
        enrolled = enrol(config, code)
        room.enrol = None
        restart()
        return enrolled.check_words

    room.enrol = enrol_here
    return Setup(make_setup_app(room), devices)


def is_enrolled(config: Config) -> bool:
    """Whether this kiosk is known to a server: by its settings or by enrolling. IdentityError."""
    return bool(config.terminal_id) or identities.read_identity(config.state_dir) is not None


def list_setup_lines(config: Config) -> list[Line]:
    """What can be said of a kiosk before it is enrolled."""
    return [
        Line("服务器", "server", config.server_url or "—", bool(config.server_url)),
        Line("程序版本", "version", machine.agent_version()),
        Line("磁盘剩余", "disk free", f"{machine.free_mib(config.state_dir)} MiB"),
    ]


class _Builder:
    def __init__(
        self, config: Config, identity: Identity | None, restart: Callable[[], None], log_tail: LogTail
    ) -> None:
        self.config = config
        self.identity = identity
        self.restart = restart
        self.log_tail = log_tail
        self.said, self.said_at = "", 0.0
        self.key = read_key(config.key_file)
        self.clock = ServerClock(identity.server_key if identity is not None else None)
        self.client = ServerClient(
            config.server_url, config.terminal_id, self.key, clock=self.clock, ca_file=config.ca_file
        )
        self.opening = Opening()
        self.devices = DevicesInUse(config)
        self.outbox = self._make_outbox()
        self.intakes = Intakes(self.outbox, config.hall_zh, self.clock.now) if self.outbox else None
        offline = Offline(Guides(config.state_dir), self.intakes)
        self.kiosk = Kiosk(self.client, self.devices, opening=self.opening, offline=offline)
        self.devices.read_codes_while(lambda: codes.is_wanted(self.kiosk.journey))
        self.giving_way = GivingWay(self.kiosk, self.opening)
        self.applier = Applier(config, self.kiosk, self.devices)
        self.journal = Journal(config.state_dir)
        self.renewal = Renewal(config.key_file, self.client)
        self.words = identities.check_words(identities.raw_public(self.key))

    def build(self, pace: Pace) -> Running:
        configuring = self._make_configuring(pace)
        self.agent = self._make_agent(configuring, pace)
        self.room = self._make_room()
        app = make_app(self.kiosk, self.config, self.room)
        self.applier.show_hall(partial(self._show_hall, app))
        sender = Sender(self.outbox, self.client) if self.outbox is not None else None
        return Running(
            app,
            self.kiosk,
            self.devices,
            self.agent,
            sender,
            self.client,
            self.journal,
            self.room,
            self.giving_way,
            self.outbox,
            configuring,
        )

    def _show_hall(self, app: Flask, hall: Sentence) -> None:
        app.extensions["hall"] = hall
        if self.intakes is not None:
            self.intakes.hall_zh = hall.zh

    def _make_configuring(self, pace: Pace) -> Configuring | None:
        if self.identity is None:
            return None
        return Configuring(
            self.config.state_dir, self.identity, self.applier, trial_seconds=pace.trial_seconds
        )

    def _make_outbox(self) -> Outbox | None:
        if self.identity is None:
            return None
        return Outbox(
            self.config.state_dir, self.identity.outbox_key, self.identity.terminal, clock=self.clock.now
        )

    def _make_agent(self, configuring: Configuring | None, pace: Pace) -> Agent:
        parts = Parts(
            folder=self.config.state_dir,
            client=self.client,
            kiosk=self.kiosk,
            devices=self.devices,
            opening=self.opening,
            journal=self.journal,
            renewal=self.renewal,
            configuring=configuring,
            outbox=self.outbox,
        )
        commands = self._make_commands()
        return Agent(
            replace(parts, commands=commands),
            self.words,
            beat_seconds=pace.beat_seconds,
            is_updating=lambda: self.giving_way.is_updating,
            list_given_up=self.giving_way.list_given_up,
            also=self._also,
        )

    def _make_commands(self) -> Commands | None:
        if self.identity is None:
            return None
        acts = make_acts(
            kiosk=self.kiosk,
            commands=self.config.commands,
            log_tail=self.log_tail,
            list_health=self.devices.list_health,
            rotate_key=self.renewal.renew,
            suspend=lambda: self.agent.suspend(),
            wipe=self._wipe,
            before_reboot=self._report_first,
        )
        return Commands(self.identity, self.journal, acts, lambda: self.kiosk.is_free)

    def _make_room(self) -> TechnicianRoom:
        codes = OfflineCodes(
            self.config.state_dir, identities.get_offline_secret(self.config.state_dir), self.clock.now
        )
        return TechnicianRoom(
            devices=self.devices,
            opening=self.opening,
            list_lines=self._list_lines,
            codes=codes,
            write_report=self._write_report,
        )

    def _also(self) -> None:
        self.room.step()
        lines = {line.en: line.value for line in self._list_lines()}
        states = {kind: health.to_json() for kind, health in self.devices.list_health().items()}
        said = json.dumps({"lines": lines, "devices": states}, ensure_ascii=False)
        if said != self.said or time.monotonic() - self.said_at > STATUS_SECONDS:
            # never synced: it is for whoever looks on this machine, and worth no wear of the disk
            with suppress(OSError):
                (self.config.state_dir / STATUS_FILE).write_text(said, encoding="utf-8")
            self.said, self.said_at = said, time.monotonic()

    def _list_lines(self) -> list[Line]:
        depth = self.outbox.measure() if self.outbox is not None else None
        offset = abs(self.agent.clock_offset_ms) / 1000
        return [
            Line("编号", "number", self.identity.number if self.identity else self.config.terminal_id),
            Line("状态", "state", self.agent.state, self.agent.state == "active"),
            Line("核对字", "check words", self.words),
            Line("服务器", "server", self.config.server_url, not self.agent.last_trouble),
            Line("最近心跳", "last heartbeat", at_text(self.agent.last_beat_at)),
            Line("问题", "trouble", self.agent.last_trouble or "—", not self.agent.last_trouble),
            Line("时钟偏差", "clock offset", f"{offset:.1f} s", offset <= 60),
            Line("待发送", "outbox", f"{depth.waiting} + {depth.parked}" if depth is not None else "—"),
            Line("程序版本", "version", machine.agent_version()),
            Line("磁盘剩余", "disk free", f"{machine.free_mib(self.config.state_dir)} MiB"),
        ]

    def _write_report(self, trials: list[Trial]) -> str:
        readiness = Readiness(
            number=self.identity.number if self.identity else self.config.terminal_id,
            hall=self.config.hall_zh,
            at=self.clock.now(),
            lines=self._list_lines(),
            tiles=self.room.list_tiles(),
            trials=trials,
        )
        return write_report(readiness, read_key(self.config.key_file))

    def _report_first(self) -> None:
        # whatever the server has not heard by now it hears after the restart, if there is one
        with suppress(ServerAway, ServerRefused):
            self.agent.report()

    def _wipe(self) -> None:
        self._report_first()
        wipe(self.config)
        self.restart()


def wipe(config: Config) -> None:
    """Forget everything, so that what is left is a kiosk that was never enrolled. OSError."""
    names = (
        OUTBOX_FILE,
        RESERVE_FILE,
        JOURNAL_FILE,
        STATE_FILE,
        CONFIGURATION_FILE,
        STATUS_FILE,
        GUIDES_FILE,
    )
    own = (identities.OFFLINE_SECRET_FILE, identities.IDENTITY_FILE)
    key = config.key_file
    keys = (key, key.with_name(key.name + ".next"), key.with_name(key.name + ".pub"))
    # the keys first: without them nobody can be this terminal, wherever the power fails
    for path in (*keys, *(config.state_dir / name for name in (*own, *names))):
        if path.exists():
            remove_durably(path)
    log.warning("this kiosk was wiped")
