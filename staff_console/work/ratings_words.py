"""What the office calls ratings, the putting right of low ones, and appeals."""

from __future__ import annotations

from onething.domain.dictionary import Label
from onething.domain.ratings import Channel, Ground, Level, Occasion

LEVELS = {
    level.value: (level.label, "late" if level.is_low else "good" if number < 2 else "plain")
    for number, level in enumerate(Level)
}
CHANNELS = {
    Channel.KIOSK.value: Label("自助终端", "Kiosk"),
    Channel.WINDOW.value: Label("窗口", "Window"),
    Channel.COMPUTER.value: Label("电脑端", "Computer"),
    Channel.PHONE.value: Label("手机端", "Phone"),
    Channel.QR.value: Label("二维码", "QR code"),
    Channel.CALL.value: Label("电话", "Call"),
    Channel.MESSAGE.value: Label("短信", "Text message"),
}
OCCASIONS = {
    Occasion.RESULT.value: Label("办理结果", "The service"),
    Occasion.SUBMISSION.value: Label("提交申请", "The handing in"),
}
# Each with the kind of its badge.
RECTIFICATIONS = {
    "open": (Label("待整改", "To be put right"), "warn"),
    "call_first": (Label("待回访", "To be called back"), "warn"),
    "called_back": (Label("已回访，待整改", "Called back, to be put right"), "info"),
    "settled": (Label("已整改", "Put right"), "good"),
    "dropped": (Label("评价已剔除", "Rating excluded"), "idle"),
}
STATES = {
    "counted": Label("计入统计", "Counted"),
    "excluded": Label("已剔除", "Excluded"),
    **{code: label for code, (label, _kind) in RECTIFICATIONS.items() if code != "call_first"},
}
GROUNDS = {
    Ground.MALICIOUS.value: Label("恶意评价", "Malicious"),
    Ground.MISTAKEN.value: Label("误评", "Given by mistake"),
}
