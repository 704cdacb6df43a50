"""What technicians read: kinds of badges, lines of a history, and what to take along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from onething.domain.dictionary import Label
from onething.domain.fleet import ALERT_WORDS, COMMAND_WORDS, CommandState
from onething.domain.fleet_health import DEVICE_WORDS, HEALTH_WORDS, HealthWord
from onething.domain.terminals import STATE_WORDS, TerminalState
from onething.services.fleet_watching import DeviceTile

ALERTS, COMMANDS, DEVICES, STATES = ALERT_WORDS, COMMAND_WORDS, DEVICE_WORDS, STATE_WORDS
HEALTH = {str(word): label for word, label in HEALTH_WORDS.items()}
UNHEARD = Label("尚未上线", "Not heard yet")
HEALTH_KINDS = {
    HealthWord.OK: "good",
    HealthWord.DEGRADED: "warn",
    HealthWord.DOWN: "late",
    HealthWord.SILENT: "late",
    HealthWord.CLOCK_WRONG: "warn",
    HealthWord.UPDATING: "info",
}
STATE_KINDS = {
    TerminalState.PLANNED: "plain",
    TerminalState.CODE_ISSUED: "info",
    TerminalState.LOBBY: "warn",
    TerminalState.ACTIVE: "good",
    TerminalState.SUSPENDED: "idle",
    TerminalState.RETIRED: "idle",
}
COMMAND_STATES = {
    CommandState.WAITING: Label("待取", "Waiting"),
    CommandState.SENT: Label("已取走", "Taken"),
    CommandState.DONE: Label("已完成", "Done"),
    CommandState.FAILED: Label("失败", "Failed"),
    CommandState.REFUSED: Label("终端拒绝", "Refused"),
    CommandState.EXPIRED: Label("已过期", "Expired"),
}
PAPER = {
    "ok": Label("纸张充足", "Paper ok"),
    "near_end": Label("纸将用完", "Paper near its end"),
    "out": Label("缺纸", "Out of paper"),
}
EVENTS = {
    "planned": Label("规划", "Planned"),
    "issue_code": Label("发放登记码", "A code was issued"),
    "code_lapsed": Label("登记码过期", "The code lapsed"),
    "code_guessed": Label("有人猜登记码，已作废", "The code was guessed at, and is void"),
    "claim": Label("终端凭码登记", "A terminal came with the code"),
    "activate": Label("核对后启用", "Compared and put in service"),
    "reject": Label("核对不符，已拒绝", "Words differed: rejected"),
    "key_lapsed": Label("密钥到期，待重新核对", "The key ran out"),
    "key_offered": Label("终端提交新密钥", "A new key was offered"),
    "key_renewed": Label("密钥已更换", "The key was changed"),
    "suspend": Label("停用", "Taken out of service"),
    "resume": Label("恢复使用", "Back in service"),
    "retire": Label("退役", "Retired"),
    "configured": Label("下发配置", "Configured"),
    "configuration_applied": Label("配置已试用", "Configuration applied"),
    "configuration_confirmed": Label("配置已生效", "Configuration confirmed"),
    "configuration_refused": Label("终端拒绝配置", "Configuration refused"),
    "configuration_rolled_back": Label("配置已自动退回", "Configuration rolled back"),
    "command": Label("下达命令", "A command was given"),
    "command_ended": Label("命令结束", "A command ended"),
    "restarted": Label("终端重启", "Restarted"),
    "version_changed": Label("换了版本", "Another version"),
    "heard_again": Label("失窃后又上线", "Heard again after a theft"),
    "offline_code_given": Label("发放离线维护码", "An offline code was given"),
    "enrolled": Label("凭公钥登记", "Enrolled by its public key"),
}
REASONS = {
    "stolen": Label("已令其清除数据", "told to wipe itself"),
    "not_reported": Label("没有上报", "not reported"),
    "no_heartbeat": Label("没有心跳", "no heartbeat"),
    "clock_offset": Label("时钟偏差", "clock is off"),
    "ahead_of_server": Label("服务器由备份恢复过", "server restored from a backup"),
    "outbox_old": Label("待发件积压", "outbox is not emptying"),
    "disk_low": Label("磁盘空间不足", "disk nearly full"),
    "updating": Label("正在更新", "updating"),
    "absent": Label("未连接", "not there"),
    "stale": Label("久未应答", "not heard of lately"),
    "error": Label("故障", "broken"),
    "reader_gone": Label("读卡器掉线", "unplugged"),
    "reader_silent": Label("读卡器无应答", "does not answer"),
    "printer_gone": Label("打印机掉线", "unplugged"),
    "printer_silent": Label("打印机无应答", "does not answer"),
    "cover_open": Label("盖子打开", "cover open"),
    "not_configured": Label("没有配置", "not configured"),
}
_SPARES = {
    "id_card": Label("身份证读卡器和USB线", "a card reader and its cable"),
    "receipt_printer": Label("凭条打印机", "a receipt printer"),
    "scanner": Label("扫描仪和电源", "a scanner and its power supply"),
    "qr": Label("扫码器", "a code reader"),
    "a4_printer": Label("A4打印机或硒鼓", "an A4 printer, or its toner"),
    "document_camera": Label("高拍仪", "a document camera"),
}
_PAPER_SPARES = {
    "receipt_printer": Label("热敏纸卷", "rolls of receipt paper"),
    "a4_printer": Label("A4纸", "A4 paper"),
}


def list_spares(devices: Iterable[DeviceTile]) -> Sequence[Label]:
    """What to take along for what is wrong now."""
    wanted: list[Label] = []
    for each in devices:
        if each.paper in ("out", "near_end") and each.kind in _PAPER_SPARES:
            wanted.append(_PAPER_SPARES[each.kind])
        elif each.state and not each.is_usable and each.kind in _SPARES:
            wanted.append(_SPARES[each.kind])
    return wanted


def explain(reason: str) -> Label:
    """``receipt_printer:paper_out`` in words; a code that only a maker knows stays as it is."""
    subject, _, code = reason.rpartition(":")
    device = DEVICES.get(subject, Label("", ""))
    paper = PAPER.get(code.removeprefix("paper_"))
    said = paper or REASONS.get(code) or Label(code, code)
    return Label(f"{device.zh}{said.zh}", f"{device.en} {said.en}".strip())


def kind_of_tile(tile: DeviceTile) -> str:
    """A device's badge."""
    if not tile.state:
        return "plain"
    if not tile.is_usable:
        return "late"
    return "warn" if tile.state == "degraded" or tile.paper == "near_end" else "good"
