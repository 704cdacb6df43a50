"""Every way in which printing can fail, and what to tell the citizen."""

from devices.errors import Failed, Fault, FaultTable, Gone, NotReady, Refused, TimedOut

_KEEP_ZH = "您的办件不受影响，请记下屏幕上的编号。"
_KEEP_EN = "Your case is not affected; please keep the number on the screen."

FAULTS = FaultTable(
    "receipt_printer",
    {
        "paper_out": Fault(
            NotReady,
            "attendant",
            "打印纸用完了。" + _KEEP_ZH,
            "The printer is out of paper. " + _KEEP_EN,
            True,
        ),
        "cover_open": Fault(
            NotReady,
            "attendant",
            "打印机盖子没有关好。" + _KEEP_ZH,
            "The printer's cover is open. " + _KEEP_EN,
            True,
        ),
        "cutter_jam": Fault(
            Failed,
            "technician",
            "打印机切刀卡住了。" + _KEEP_ZH,
            "The printer's cutter is jammed. " + _KEEP_EN,
        ),
        "printer_faulty": Fault(
            Failed,
            "technician",
            "打印机发生故障。" + _KEEP_ZH,
            "The printer has a fault. " + _KEEP_EN,
        ),
        "printer_offline": Fault(
            NotReady,
            "technician",
            "打印机处于脱机状态。" + _KEEP_ZH,
            "The printer is off line. " + _KEEP_EN,
            True,
        ),
        "printer_silent": Fault(
            TimedOut,
            "technician",
            "打印机没有响应。" + _KEEP_ZH,
            "The printer does not answer. " + _KEEP_EN,
        ),
        "printer_gone": Fault(
            Gone,
            "technician",
            "没有找到打印机。" + _KEEP_ZH,
            "The printer is not connected. " + _KEEP_EN,
            True,
        ),
        "not_confirmed": Fault(
            TimedOut,
            "citizen",
            "凭条已送到打印机，请看是否打印了出来。",
            "The slip was sent to the printer; please see whether it came out.",
        ),
        "duplicate_job": Fault(
            Refused,
            "citizen",
            "这张凭条已经打印过，如需再打一张，请选择补打。",
            "This slip has been printed before; choose Print again for another one.",
        ),
    },
)
