"""Every way in which printing a document can fail, and what to tell the citizen."""

from devices.errors import DeviceError, Failed, Fault, FaultTable, Gone, Mender, NotReady, Refused, TimedOut

_KEEP_ZH = "您的办件不受影响。"
_KEEP_EN = "Your case is not affected."


def _fault(error: type[DeviceError], mender: Mender, zh: str, en: str, *, retryable: bool = False) -> Fault:
    return Fault(error, mender, zh + _KEEP_ZH, f"{en} {_KEEP_EN}", retryable)


FAULTS = FaultTable(
    "a4_printer",
    {
        "paper_out": _fault(
            NotReady, "attendant", "打印机没有A4纸了。", "The printer is out of A4 paper.", retryable=True
        ),
        "paper_jam": _fault(NotReady, "attendant", "打印机卡纸了。", "Paper is jammed in the printer."),
        "cover_open": _fault(
            NotReady,
            "attendant",
            "打印机盖子没有关好。",
            "A cover of the printer is open.",
            retryable=True,
        ),
        "tray_missing": _fault(
            NotReady,
            "attendant",
            "打印机纸盒没有装好。",
            "A tray of the printer is missing.",
            retryable=True,
        ),
        "output_full": _fault(
            NotReady,
            "attendant",
            "打印机出纸口满了，请取走已打印的纸。",
            "The printer's output tray is full.",
            retryable=True,
        ),
        "toner_out": _fault(
            NotReady, "technician", "打印机没有墨粉了。", "The printer is out of toner or ink."
        ),
        "waste_full": _fault(
            NotReady, "technician", "打印机废粉盒满了。", "The printer's waste container is full."
        ),
        "printer_busy": _fault(
            NotReady,
            "citizen",
            "打印机正在打印别的文件，请稍候再试。",
            "The printer is busy with something else; please try again in a moment.",
            retryable=True,
        ),
        "printer_paused": _fault(
            NotReady, "technician", "打印机已暂停。", "The printer is paused.", retryable=True
        ),
        "printer_offline": _fault(
            NotReady, "technician", "打印机处于脱机状态。", "The printer is off line.", retryable=True
        ),
        "printer_faulty": _fault(Failed, "technician", "打印机发生故障。", "The printer has a fault."),
        "printer_silent": _fault(TimedOut, "technician", "打印机没有响应。", "The printer does not answer."),
        "printer_gone": _fault(
            Gone, "technician", "没有找到打印机。", "The printer is not connected.", retryable=True
        ),
        "job_refused": _fault(
            Refused, "technician", "打印机不能打印这份文件。", "The printer cannot print this document."
        ),
        "job_stopped": _fault(
            Failed, "attendant", "打印中途停止了。", "Printing was stopped before its end.", retryable=True
        ),
        "job_lost": _fault(
            Failed,
            "attendant",
            "打印机重新启动过，不知道打印到哪里。",
            "The printer was restarted and has forgotten the document.",
        ),
        "duplicate_job": _fault(
            Refused,
            "citizen",
            "这份文件已经打印过，如需再打一份，请选择补打。",
            "This document has been printed before; choose Print again for another copy.",
        ),
    },
)

# what a printer may say while it still prints: (reason, Chinese, English)
MILD = {
    "media-low": ("paper_low", "A4纸快用完了。", "The A4 paper is nearly used up."),
    "toner-low": ("toner_low", "墨粉快用完了。", "The toner is nearly used up."),
    "marker-supply-low": ("toner_low", "墨粉快用完了。", "The toner is nearly used up."),
    "developer-low": ("toner_low", "墨粉快用完了。", "The toner is nearly used up."),
    "marker-waste-almost-full": (
        "waste_nearly_full",
        "废粉盒快满了。",
        "The waste container is nearly full.",
    ),
    "output-area-almost-full": ("output_nearly_full", "出纸口快满了。", "The output tray is nearly full."),
    "opc-near-eol": ("drum_near_end", "硒鼓快到寿命了。", "The drum is near its end."),
}
