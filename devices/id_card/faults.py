"""Every way in which reading a card can fail, and what to tell the citizen."""

from devices.errors import Failed, Fault, FaultTable, Gone, NotReady, Refused, TimedOut

FAULTS = FaultTable(
    "id_card",
    {
        "card_absent": Fault(
            NotReady, "citizen", "请把证件平放在读卡区。", "Please lay your card flat on the reader.", True
        ),
        "card_lifted": Fault(
            Failed,
            "citizen",
            "证件没有读完，请拿开后重新放好，读完前不要移动。",
            "The card was not read to its end. Please lift it, put it back, and leave it there.",
            True,
        ),
        "card_damaged": Fault(
            Refused,
            "attendant",
            "这张证件的内容无法识别，请到综合窗口办理。",
            "This card's content cannot be read. Please go to the service window.",
        ),
        "card_refused": Fault(
            Refused,
            "attendant",
            "读卡器没有通过这张证件的安全校验，请到综合窗口办理。",
            "The reader could not authenticate this card. Please go to the service window.",
        ),
        "card_wrong_kind": Fault(
            Refused,
            "citizen",
            "请放居民身份证、港澳台居民居住证或外国人永久居留身份证。",
            "Please use a resident identity card, a Hong Kong, Macao or Taiwan residence permit, "
            "or a foreign permanent resident card.",
        ),
        "reply_garbled": Fault(
            Failed,
            "technician",
            "读卡器信号不稳定，请再试一次。",
            "The reader's signal is unsteady. Please try again.",
            True,
        ),
        "reader_restarted": Fault(
            TimedOut,
            "citizen",
            "读卡器刚刚重启，请拿开证件后重新放好。",
            "The reader has just restarted. Please lift the card and put it back.",
            True,
        ),
        "reader_silent": Fault(
            TimedOut,
            "technician",
            "读卡器没有响应，请使用旁边的自助终端或到综合窗口。",
            "The card reader does not answer. Please use another kiosk or the service window.",
        ),
        "reader_busy": Fault(
            NotReady,
            "technician",
            "读卡器正被其他程序占用。",
            "The card reader is in use by another program.",
            True,
        ),
        "reader_forbidden": Fault(
            Refused,
            "technician",
            "终端程序没有使用读卡器的权限，请使用旁边的自助终端或到综合窗口。",
            "This program may not use the card reader. Please use another kiosk or the service window.",
        ),
        "speed_refused": Fault(
            Refused,
            "technician",
            "读卡器换到新的传输速度后没有响应，已恢复原来的速度。",
            "The card reader does not answer at the new speed. The old one is in use again.",
        ),
        "reader_faulty": Fault(
            Failed,
            "technician",
            "读卡器自检没有通过，请使用旁边的自助终端或到综合窗口。",
            "The card reader failed its self-test. Please use another kiosk or the service window.",
        ),
        "reader_refused": Fault(
            Refused,
            "technician",
            "读卡器不接受这项操作，请到综合窗口办理。",
            "The card reader refused the request. Please go to the service window.",
        ),
        "reader_gone": Fault(
            Gone,
            "technician",
            "没有找到读卡器，请使用旁边的自助终端或到综合窗口。",
            "The card reader is not connected. Please use another kiosk or the service window.",
            True,
        ),
    },
)
