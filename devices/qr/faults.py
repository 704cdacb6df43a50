"""Every way in which reading a QR code can fail, and what to tell the citizen."""

from devices.errors import Failed, Fault, FaultTable, Gone

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
            "没有找到扫码器，请手工输入编号。",
            "The code reader is not connected. Please type the number.",
            True,
        ),
    },
)
