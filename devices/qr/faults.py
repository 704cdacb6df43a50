"""Every way in which reading a QR code can fail, and what to tell the citizen."""

from devices.errors import Failed, Fault, FaultTable, Gone, NotReady, Refused, TimedOut

_TYPE_ZH = "请手工输入编号。"
_TYPE_EN = "Please type the number."

FAULTS = FaultTable(
    "qr",
    {
        "picture_unreadable": Fault(
            Failed,
            "citizen",
            "这张图片无法识别，请换一张清晰的图片。",
            "This picture cannot be read. Please use a clear one.",
            True,
        ),
        "reader_gone": Fault(
            Gone,
            "technician",
            "没有找到扫码器，" + _TYPE_ZH,
            "The code reader is not connected. " + _TYPE_EN,
            True,
        ),
        "reader_busy": Fault(
            NotReady,
            "technician",
            "扫码器正被其他程序使用，" + _TYPE_ZH,
            "The code reader is in use elsewhere. " + _TYPE_EN,
            True,
        ),
        "reader_silent": Fault(
            TimedOut,
            "technician",
            "扫码器没有响应，" + _TYPE_ZH,
            "The code reader does not answer. " + _TYPE_EN,
            True,
        ),
        "reader_refused": Fault(
            Refused,
            "technician",
            "扫码器拒绝了操作，" + _TYPE_ZH,
            "The code reader refused. " + _TYPE_EN,
        ),
    },
)
