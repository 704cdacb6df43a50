"""What a technician should do about a device, and which spare part to bring."""

from dataclasses import dataclass

NAMES = {
    "id_card": ("身份证读卡器", "card reader"),
    "receipt_printer": ("凭条打印机", "receipt printer"),
    "scanner": ("扫描仪", "scanner"),
    "qr": ("扫码器", "QR reader"),
    "a4_printer": ("A4 打印机", "A4 printer"),
}
# the same words as at the console
STATES = {
    "absent": ("未连接", "Not there"),
    "connecting": ("正在连接", "Connecting"),
    "ready": ("就绪", "Ready"),
    "busy": ("使用中", "In use"),
    "degraded": ("可用但需处理", "Usable, needs care"),
    "stale": ("久未应答", "Not heard of lately"),
    "error": ("故障", "Broken"),
}
PARTS = {
    "id_card": ("身份证读卡器和USB线", "a card reader with its USB cable"),
    "receipt_printer": ("凭条打印机、电源和网线", "a receipt printer, its power supply and a network cable"),
    "scanner": ("扫描仪和USB线", "a scanner with its USB cable"),
    "qr": ("扫码器", "a QR reader"),
    "a4_printer": ("A4打印机、硒鼓", "an A4 printer and a toner cartridge"),
}


@dataclass(frozen=True)
class Advice:
    """What to do, in both languages, and what to bring; no part where hands are enough."""

    zh: str
    en: str
    part_zh: str = ""
    part_en: str = ""


PAPER = Advice("装上新纸卷", "Put in a new roll.", "凭条纸", "a roll of receipt paper")
BY_REASON = {
    "paper_out": PAPER,
    "paper_near_end": PAPER,
    "reader_busy": Advice("另一个程序在用它，请先结束那个程序", "Another program uses it. End that first."),
    "cover_open": Advice("合上打印机的盖子", "Close the printer's cover."),
    "cutter_jam": Advice("关机，取出卡住的纸，再开机", "Switch it off and take the jammed paper out."),
    "paper_jam": Advice("打开盖子，取出卡住的纸", "Open the cover and take the jammed paper out."),
    "jammed": Advice("打开盖子，取出卡住的纸", "Open the cover and take the jammed paper out."),
    "not_configured": Advice(
        "在控制台给这台终端填写设备地址", "Give this terminal the device's address at the console."
    ),
    "unknown_driver": Advice("安装这个设备的驱动包", "Install the driver's package."),
    "bad_device_url": Advice("改正控制台上的设备地址", "Put the device's address right at the console."),
    "no_answer": Advice("关掉设备电源，十秒后再打开", "Switch the device off, and on after ten seconds."),
}
SILENT = Advice("关掉设备电源，十秒后再打开；还不行就换一台", "Switch it off and on; else replace it.")
GONE = Advice("检查电源和连线；插好后会自己恢复", "Check power and cable; it comes back by itself.")
BROKEN = Advice("重新开机；还不行就换一台", "Switch it off and on; if that does not help, replace it.")


def advise(kind: str, state: str, reason: str) -> Advice:
    """What to do about a device in a state, by its reason; nothing to do for one that works."""
    if reason in BY_REASON:
        return BY_REASON[reason]
    if state in ("ready", "busy", "connecting"):
        return Advice("", "")
    part_zh, part_en = PARTS.get(kind, ("", ""))
    base = GONE if state == "absent" else SILENT if "silent" in reason or state == "stale" else BROKEN
    return Advice(base.zh, base.en, part_zh, part_en)
