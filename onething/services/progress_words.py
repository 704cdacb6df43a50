"""What results, disputes and put-right ratings are called on a citizen's own case."""

from __future__ import annotations

from collections.abc import Mapping

from onething.domain.catalog import Label
from onething.domain.disputes import DisputeState
from onething.domain.ratings import RectificationState
from onething.domain.results import IssueWay, ResultState, ShipmentState, Withheld

RESULT_STATE: Mapping[ResultState, Label] = {
    ResultState.READY: Label("已办好", "Ready"),
    ResultState.ON_THE_WAY: Label("邮寄中", "On its way"),
    ResultState.TO_PRINT: Label("等待打印", "To be printed"),
    ResultState.ISSUED: Label("已领取", "Handed out"),
}

WITHHELD: Mapping[Withheld, Label] = {
    Withheld.FEE_UNPAID: Label("缴费后可以领取", "Yours once its fee is paid"),
    Withheld.PARTS_OPEN: Label(
        "等其他事项办完一起领，也可以先领", "With the others, or first if you ask for it"
    ),
    Withheld.ON_THE_WAY: Label("快递已在路上", "The courier has it"),
    Withheld.TO_PRINT: Label("已排队打印，打好后在窗口领", "Queued for printing; then at the window"),
    Withheld.ISSUED: Label("已交给您", "It is with you"),
}

READY_AT: Mapping[IssueWay | None, Label] = {
    None: Label("凭身份证和办件编号到综合窗口领取", "At the service window, with ID card and case number"),
    IssueWay.WINDOW: Label("在综合窗口领取", "At the service window"),
    IssueWay.COURIER: Label("快递送达", "By courier"),
    IssueWay.E_LICENCE: Label("已是电子证照，不用来领", "An e-licence: nothing to collect"),
    IssueWay.PRINT: Label("现场打印", "Printed on the spot"),
}

SHIPMENT_STATE: Mapping[ShipmentState, Label] = {
    ShipmentState.WAITING: Label("等待快递取件", "Waiting for the courier"),
    ShipmentState.ACCEPTED: Label("快递已取件", "Taken by the courier"),
    ShipmentState.IN_TRANSIT: Label("快递运送中", "On its way"),
    ShipmentState.DELIVERED: Label("快递已送达", "Delivered"),
    ShipmentState.RETURNED: Label(
        "快递退回，可到窗口领取或重寄", "Returned: collect it, or have it resent"
    ),
    ShipmentState.LOST: Label("快递丢失，部门会补办", "Lost: the department makes it again"),
    ShipmentState.REFUSED: Label(
        "快递无法收寄，请到窗口领取", "Not taken by the courier: please collect it"
    ),
}

DISPUTE_STATE: Mapping[DisputeState, Label] = {
    DisputeState.OPEN: Label("核对中", "Being checked"),
    DisputeState.CORRECTED: Label("已更正", "Corrected"),
    DisputeState.EXPLAINED: Label("已说明", "Explained"),
    DisputeState.REJECTED: Label("核对无误", "Found to be right"),
    DisputeState.WITHDRAWN: Label("您已撤回", "Taken back by you"),
}

RECTIFICATION: Mapping[RectificationState, Label] = {
    RectificationState.OPEN: Label("正在整改，{day} 前答复您", "Being put right; answer by {day}"),
    RectificationState.CALLED_BACK: Label("已回访，{day} 前整改好", "You were called; put right by {day}"),
    RectificationState.SETTLED: Label("整改结果：{zh}", "What was done: {en}"),
    RectificationState.DROPPED: Label("这次评价不计入统计", "This rating is not counted"),
}
