"""Every way in which a scan can fail, and what to tell the citizen."""

from devices.errors import Failed, Fault, FaultTable, Gone, NotReady, Refused, TimedOut

_ELSEWHERE_ZH = "请使用旁边的自助终端或到综合窗口。"
_ELSEWHERE_EN = "Please use another kiosk or the service window."

FAULTS = FaultTable(
    "scanner",
    {
        "no_documents": Fault(
            NotReady,
            "citizen",
            "没有检测到纸张，请把材料放好后再试。",
            "There is no paper in the scanner. Please put it in and try again.",
            True,
        ),
        "paper_jam": Fault(
            Failed,
            "attendant",
            "纸张卡住了，请取出后重新放好，或请工作人员帮忙。",
            "The paper is jammed. Please take it out and put it in again, or ask the staff.",
            True,
        ),
        "double_feed": Fault(
            Failed,
            "citizen",
            "一次进了两张纸，请把纸张分开后从这一页重新放入。",
            "Two sheets went in at once. Please separate them and put them in again from this page.",
            True,
        ),
        "cover_open": Fault(
            NotReady,
            "citizen",
            "扫描仪盖子没有关好，请关好后再试。",
            "The scanner's cover is open. Please close it and try again.",
            True,
        ),
        "scanner_busy": Fault(
            NotReady,
            "technician",
            "扫描仪正忙，请稍候再试。",
            "The scanner is busy. Please try again soon.",
            True,
        ),
        "page_incomplete": Fault(
            Failed,
            "citizen",
            "这一页没有扫完整，请再扫一次。",
            "The page was not scanned to its end. Please scan it again.",
            True,
        ),
        "scan_cancelled": Fault(
            Failed, "citizen", "扫描已取消，请再扫一次。", "The scan was cancelled. Please scan again.", True
        ),
        "setting_refused": Fault(
            Refused,
            "technician",
            "扫描仪不支持这种扫描方式，" + _ELSEWHERE_ZH,
            "The scanner cannot scan this way. " + _ELSEWHERE_EN,
        ),
        "scanner_faulty": Fault(
            Failed,
            "technician",
            "扫描仪发生故障，" + _ELSEWHERE_ZH,
            "The scanner has a fault. " + _ELSEWHERE_EN,
            True,
        ),
        "scanner_denied": Fault(
            Refused,
            "technician",
            "扫描仪不允许使用，" + _ELSEWHERE_ZH,
            "The scanner denies access. " + _ELSEWHERE_EN,
        ),
        "scanner_silent": Fault(
            TimedOut,
            "technician",
            "扫描仪没有响应，" + _ELSEWHERE_ZH,
            "The scanner does not answer. " + _ELSEWHERE_EN,
        ),
        "scanner_gone": Fault(
            Gone,
            "technician",
            "没有找到扫描仪，" + _ELSEWHERE_ZH,
            "The scanner is not connected. " + _ELSEWHERE_EN,
            True,
        ),
    },
)
