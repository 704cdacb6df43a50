"""Every way in which a page cannot be taken by camera, and what to tell the citizen."""

from devices.errors import Fault, FaultTable, Gone, NotReady, Refused, TimedOut

_ELSEWHERE_ZH = "请使用旁边的自助终端或到综合窗口。"
_ELSEWHERE_EN = "Please use another kiosk or the service window."

FAULTS = FaultTable(
    "document_camera",
    {
        "no_documents": Fault(
            NotReady,
            "citizen",
            "没有看到纸张，请把材料平放在拍摄区内。",
            "No sheet is seen. Please lay it flat under the camera.",
            True,
        ),
        "sheet_cut_off": Fault(
            NotReady,
            "citizen",
            "纸张没有完全放进拍摄区，请移到中间。",
            "The sheet is not wholly in view. Please move it to the middle.",
            True,
        ),
        "page_moving": Fault(
            NotReady,
            "citizen",
            "画面在移动，请把手拿开，等纸张放稳后再拍。",
            "The picture is moving. Please take your hands away and let the sheet lie still.",
            True,
        ),
        "picture_dark": Fault(
            NotReady,
            "attendant",
            "光线太暗，请打开补光灯或请工作人员帮忙。",
            "It is too dark. Please switch on the lamp or ask the staff.",
            True,
        ),
        "page_too_small": Fault(
            Refused,
            "technician",
            "摄像头看不清纸上的字，" + _ELSEWHERE_ZH,
            "The camera cannot make out the writing. " + _ELSEWHERE_EN,
        ),
        "setting_refused": Fault(
            Refused,
            "technician",
            "高拍仪不能自动进纸，" + _ELSEWHERE_ZH,
            "A document camera has no feeder. " + _ELSEWHERE_EN,
        ),
        "camera_silent": Fault(
            TimedOut,
            "technician",
            "高拍仪没有响应，" + _ELSEWHERE_ZH,
            "The document camera does not answer. " + _ELSEWHERE_EN,
            True,
        ),
        "camera_gone": Fault(
            Gone,
            "technician",
            "没有找到高拍仪，" + _ELSEWHERE_ZH,
            "The document camera is not connected. " + _ELSEWHERE_EN,
            True,
        ),
    },
)
