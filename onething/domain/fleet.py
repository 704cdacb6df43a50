"""What is kept about terminals, as plain data: configurations, commands, reports, alerts, events, intakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from onething.domain.dictionary import Label
from onething.domain.errors import Refusal


class Outcome(StrEnum):
    """How far a terminal has come with a configuration."""

    APPLIED = "applied"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ROLLED_BACK = "rolled_back"


class CommandKind(StrEnum):
    """What a terminal can be told to do."""

    SELF_TEST = "self_test"
    REPRINT_LAST = "reprint_last"
    RESTART_BROWSER = "restart_browser"
    REBOOT = "reboot"
    UPLOAD_LOGS = "upload_logs"
    SCREENSHOT = "screenshot"
    ROTATE_KEY = "rotate_key"
    WIPE = "wipe"
    SUSPEND = "suspend"


class CommandState(StrEnum):
    """Where a command stands; the last four are ends, and ``EXPIRED`` yields to a result that comes late."""

    WAITING = "waiting"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    EXPIRED = "expired"

    @property
    def is_open(self) -> bool:
        return self in (CommandState.WAITING, CommandState.SENT)


class AlertKind(StrEnum):
    """What somebody has to see to."""

    SILENT = "silent"
    DEVICE_DOWN = "device_down"
    PAPER_OUT = "paper_out"
    PAPER_NEAR_END = "paper_near_end"
    CLOCK_WRONG = "clock_wrong"
    CLONE = "clone"
    STOLEN = "stolen"
    HEARD_AGAIN = "heard_again"
    OUTBOX_OLD = "outbox_old"
    DISK_LOW = "disk_low"
    CONFIGURATION_ROLLED_BACK = "configuration_rolled_back"
    KEY_EXPIRING = "key_expiring"
    AHEAD_OF_SERVER = "ahead_of_server"


ALERT_WORDS = {
    AlertKind.SILENT: Label("失去联系", "No sign of life"),
    AlertKind.DEVICE_DOWN: Label("设备不可用", "Device not usable"),
    AlertKind.PAPER_OUT: Label("缺纸", "Out of paper"),
    AlertKind.PAPER_NEAR_END: Label("纸将用完", "Paper near its end"),
    AlertKind.CLOCK_WRONG: Label("时钟不准", "Clock is wrong"),
    AlertKind.CLONE: Label("疑似克隆", "Perhaps cloned"),
    AlertKind.STOLEN: Label("已报失窃", "Reported stolen"),
    AlertKind.HEARD_AGAIN: Label("失窃终端又上线", "Stolen, and heard again"),
    AlertKind.OUTBOX_OLD: Label("待发件积压", "Outbox is not emptying"),
    AlertKind.DISK_LOW: Label("磁盘空间不足", "Disk nearly full"),
    AlertKind.CONFIGURATION_ROLLED_BACK: Label("配置未生效", "Configuration did not hold"),
    AlertKind.KEY_EXPIRING: Label("密钥即将到期", "Key expires soon"),
    AlertKind.AHEAD_OF_SERVER: Label("终端配置比服务器新", "Its settings are newer than the server's"),
}
COMMAND_WORDS = {
    CommandKind.SELF_TEST: Label("自检", "Self-test"),
    CommandKind.REPRINT_LAST: Label("补打上一张凭条", "Print the last receipt again"),
    CommandKind.RESTART_BROWSER: Label("重启界面", "Restart the screen"),
    CommandKind.REBOOT: Label("重启终端", "Restart the terminal"),
    CommandKind.UPLOAD_LOGS: Label("上传日志", "Send logs"),
    CommandKind.SCREENSHOT: Label("截取待机画面", "Picture of the idle screen"),
    CommandKind.ROTATE_KEY: Label("更换密钥", "Change the key"),
    CommandKind.WIPE: Label("清除终端数据", "Wipe the terminal"),
    CommandKind.SUSPEND: Label("停止服务", "Take out of service"),
}


class CommandRefused(Refusal):
    """This command cannot be given so."""

    reason = "command_refused"
    text = Label("不能下达这个命令", "This command cannot be given")


@dataclass(frozen=True)
class Configuration:
    """One revision of a terminal's settings, signed; ``outcome`` is the last that the terminal reported."""

    id: str
    terminal: str
    revision: int
    settings: Mapping[str, Any]
    signature: str
    made_by: str
    made_at: datetime
    outcome: Outcome | None = None
    outcome_at: datetime | None = None
    reason: str | None = None
    detail: str | None = None


@dataclass(frozen=True)
class TerminalCommand:
    """One thing a terminal is told to do, at most once; ``attachment`` is the id of a kept file."""

    id: str
    terminal: str
    kind: CommandKind
    arguments: Mapping[str, Any]
    reason: str
    issued_by: str
    issued_at: datetime
    expires_at: datetime
    signature: str
    division: str
    state: CommandState = CommandState.WAITING
    sent_at: datetime | None = None
    ended_at: datetime | None = None
    detail: str | None = None
    attachment: str | None = None


@dataclass(frozen=True)
class Condition:
    """Something that is wrong now, as a heartbeat tells it; ``subject`` is a kind of device or empty."""

    kind: AlertKind
    subject: str
    reason: str


@dataclass(frozen=True)
class TerminalReport:
    """The last heartbeat of a terminal: one row each, however many came.

    ``body`` is the heartbeat as sent and, as ``version_since_at``, since when its program has been that one;
    ``left_boot_id`` the one before the present one; ``signed_at`` by the
    terminal's clock; ``is_silent`` that the sweep has found it silent since.
    """

    terminal: str
    boot_id: str
    left_boot_id: str | None
    counter: int
    signed_at: datetime
    heard_at: datetime
    body: Mapping[str, Any]
    health: str
    health_reason: str
    health_since_at: datetime
    conditions: tuple[Condition, ...] = ()
    is_silent: bool = False


@dataclass(frozen=True)
class Alert:
    """A condition with its beginning, its end, and who has seen it."""

    id: str
    terminal: str
    kind: AlertKind
    subject: str
    reason: str
    opened_at: datetime
    division: str
    closed_at: datetime | None = None
    seen_by: str | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True)
class TerminalEvent:
    """One line of a terminal's history, kept after it is retired."""

    id: str
    terminal: str
    at: datetime
    kind: str
    actor: str
    division: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Intake:
    """What a kiosk took in while the server was away: received, not registered.

    ``sealed_item`` is what came, sealed to this server, gone when opened; ``content`` is sealed where it is
    kept. States: received, opened, unreadable, registered, dismissed.
    """

    id: str
    terminal: str
    item: str
    kind: str
    received_at: datetime
    state: str
    division: str
    sealed_item: bytes | None = field(default=None, repr=False)
    content: Mapping[str, Any] | None = field(default=None, repr=False)
    settled_by: str | None = None
    settled_at: datetime | None = None
    note: str | None = None
