"""The sentences about results, ratings, disputes and needs, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Mapping

from onething.domain.approvals import ApprovalState, CheckResult
from onething.domain.catalog import Label
from onething.domain.disputes import DisputeState
from onething.domain.needs import NeedState
from onething.domain.ratings import Finding, RectificationState, Remedy
from onething.domain.results import IssueWay, ResultState, ShipmentState, Withheld

RESULT_STATE: Mapping[ResultState, Label] = {
    ResultState.READY: Label("可以领取", "Ready"),
    ResultState.ON_THE_WAY: Label("寄送中", "On its way"),
    ResultState.TO_PRINT: Label("等待打印", "Waiting to be printed"),
    ResultState.ISSUED: Label("已交付", "Handed over"),
}

ISSUE_WAY: Mapping[IssueWay, Label] = {
    IssueWay.WINDOW: Label("窗口领取", "At the window"),
    IssueWay.COURIER: Label("邮寄", "By courier"),
    IssueWay.E_LICENCE: Label("电子证照", "As an electronic licence"),
    IssueWay.PRINT: Label("自助打印", "Printed"),
}

WITHHELD: Mapping[Withheld, Label] = {
    Withheld.FEE_UNPAID: Label("这一项的费用还没有缴纳", "The fee for this matter has not been paid"),
    Withheld.PARTS_OPEN: Label(
        "全部事项办完后统一出件；也可以申请先领已办好的",
        "Results are handed over together; you may ask for those that are ready",
    ),
    Withheld.ON_THE_WAY: Label("正在寄送", "It is on its way"),
    Withheld.TO_PRINT: Label("正在等待打印", "It is waiting to be printed"),
    Withheld.ISSUED: Label("已经交付", "It was handed over before"),
}

SHIPMENT_STATE: Mapping[ShipmentState, Label] = {
    ShipmentState.WAITING: Label("等待揽收", "Waiting for the courier"),
    ShipmentState.ACCEPTED: Label("已揽收", "Picked up"),
    ShipmentState.IN_TRANSIT: Label("运输中", "On its way"),
    ShipmentState.DELIVERED: Label("已签收", "Delivered"),
    ShipmentState.RETURNED: Label(
        "未能投递，已退回大厅，可以重新寄送或到窗口领取",
        "It came back: it can be sent again or collected at the window",
    ),
    ShipmentState.LOST: Label("邮件丢失，大厅正在处理", "It was lost; the hall is dealing with it"),
    ShipmentState.REFUSED: Label(
        "快递公司不能寄到这个地址，请更正地址或到窗口领取",
        "The courier cannot deliver there: correct the address or collect it at the window",
    ),
}

DECISION = Label("办理结果", "Result")

RECTIFICATION_STATE: Mapping[RectificationState, Label] = {
    RectificationState.OPEN: Label("已转有关部门核实整改", "With the department, to be looked into"),
    RectificationState.CALLED_BACK: Label("已回访，正在整改", "You were called back; it is being put right"),
    RectificationState.SETTLED: Label("已整改", "Put right"),
    RectificationState.DROPPED: Label("该评价经核实不计入", "This rating was excluded after an appeal"),
}

FINDING: Mapping[Finding, Label] = {
    Finding.JUSTIFIED: Label("情况属实", "Justified"),
    Finding.PARTLY_JUSTIFIED: Label("部分属实", "Justified in part"),
    Finding.NOT_JUSTIFIED: Label("与事实不符", "Not justified"),
}

REMEDY: Mapping[Remedy, Label] = {
    Remedy.DONE: Label("已立即整改", "Put right at once"),
    Remedy.PROMISED: Label("限期整改", "To be put right by a date"),
    Remedy.EXPLAINED: Label("已作解释说明", "Explained"),
}

DISPUTE_STATE: Mapping[DisputeState, Label] = {
    DisputeState.OPEN: Label("已转数据来源部门核实", "With the department that holds the record"),
    DisputeState.CORRECTED: Label("已更正", "Corrected"),
    DisputeState.EXPLAINED: Label("已说明", "Explained"),
    DisputeState.REJECTED: Label("未采纳", "Not accepted"),
    DisputeState.WITHDRAWN: Label("已撤回", "Withdrawn"),
}

NEED_STATE: Mapping[NeedState, Label] = {
    NeedState.DRAFT: Label("待提出", "Not yet asked for"),
    NeedState.SUBMITTED: Label("已提出", "Asked for"),
    NeedState.AGREED: Label("已同意", "Agreed"),
    NeedState.REFUSED: Label("不同意", "Refused"),
    NeedState.REVOKED: Label("已收回", "Revoked"),
}

APPROVAL_STATE: Mapping[ApprovalState, Label] = {
    ApprovalState.WAITING: Label("待推送", "To be sent"),
    ApprovalState.SENT: Label("已推送监管部门", "Sent to the supervising department"),
    ApprovalState.ACKNOWLEDGED: Label("监管部门已接收", "Taken on by the supervising department"),
    ApprovalState.FOUND: Label("监管部门已反馈核查结果", "Checked by the supervising department"),
}

CHECK_RESULT: Mapping[CheckResult, Label] = {
    CheckResult.OK: Label("符合要求", "As approved"),
    CheckResult.RECTIFY: Label("责令整改", "To be put right"),
    CheckResult.REVOKE: Label("建议撤销", "To be revoked"),
}
