"""What states and events are called where people read them."""

from __future__ import annotations

from onething.domain.catalog import Label

CASE_STATE = {
    "received": Label("已收件", "Received"),
    "supplement": Label("待补正", "More is needed from you"),
    "accepted": Label("办理中", "In handling"),
    "closed": Label("已办结", "Closed"),
    "refused": Label("不予受理", "Not accepted"),
    "withdrawn": Label("已撤回", "Withdrawn"),
}

PART_STATE = {
    "waiting": Label("等待前一事项", "Waiting for an earlier matter"),
    "dispatched": Label("已送部门", "Sent to the department"),
    "in_handling": Label("部门已受理", "Accepted by the department"),
    "suspended": Label("暂停计时", "Paused"),
    "completed": Label("已办成", "Completed"),
    "denied": Label("未通过", "Denied"),
    "stopped": Label("未能继续", "Stopped"),
    "withdrawn": Label("已撤回", "Withdrawn"),
}

# In the words of each event, {matter} and {department} are those of its part.
EVENT = {
    "submitted": Label("您提交了申请", "You submitted the application"),
    "accepted": Label("综合窗口已受理", "Accepted by the service window"),
    "refused": Label("不予受理", "Not accepted"),
    "supplement_wanted": Label("工作人员在核对材料", "Staff are checking your documents"),
    "supplement_asked": Label("请您补正材料", "You were asked for what is missing"),
    "supplement_given": Label("您已补齐材料", "You handed in what was missing"),
    "supplement_lapsed": Label("补正期限已过", "The time to hand in what was missing is over"),
    "follow_given": Label("后补的材料已收到", "The paper that was to follow has come"),
    "withdrawn": Label("您撤回了申请", "You withdrew the application"),
    "case_closed": Label("全部事项已有结果", "All matters have a result"),
    "part_dispatched": Label("{matter}：已送{department}", "{matter}: sent to {department}"),
    "part_accepted": Label("{matter}：{department}已受理", "{matter}: accepted by {department}"),
    "part_suspended": Label("{matter}：暂停计时", "{matter}: the clock stands"),
    "part_resumed": Label("{matter}：恢复计时", "{matter}: the clock runs again"),
    "part_extended": Label("{matter}：办理期限延长", "{matter}: the limit was extended"),
    "part_booked": Label("{matter}：已预约到场时间", "{matter}: a time to come was booked"),
    "part_completed": Label("{matter}：{department}已办成", "{matter}: completed by {department}"),
    "part_denied": Label("{matter}：{department}未通过", "{matter}: denied by {department}"),
    "part_stopped": Label(
        "{matter}：前一事项未办成，未能继续", "{matter}: stopped, an earlier matter was not granted"
    ),
    "part_withdrawn": Label("{matter}：您已撤回", "{matter}: withdrawn by you"),
    "visit_arranged": Label("已安排联合勘验", "A joint visit was arranged"),
    "visit_signed": Label(
        "{matter}：{department}已签署勘验记录", "{matter}: {department} signed the visit's record"
    ),
    "fee_paid": Label("{matter}：已缴费", "{matter}: the fee is paid"),
    "result_issued": Label("结果已送出", "The result was handed out"),
    "shipment_moved": Label("快递有新动态", "The parcel has moved"),
    "rated": Label("您作出了评价", "You rated the service"),
    "rectified": Label("对您的评价已整改", "What you rated low was put right"),
    "warned": Label("临近或超过时限，已提醒", "Near or past the limit: a warning was given"),
    "order_issued": Label("已督办", "A supervision order was issued"),
    "order_answered": Label("督办已答复", "The supervision order was answered"),
    "oversight_sent": Label("{matter}：已推送监管部门", "{matter}: sent to the supervising department"),
    "oversight_acknowledged": Label(
        "{matter}：监管部门已接收", "{matter}: taken over by the supervising department"
    ),
    "oversight_found": Label(
        "{matter}：监管部门已反馈", "{matter}: the supervising department reported back"
    ),
    "dispute_opened": Label("您对数据提出了异议", "You said that a shared value is wrong"),
    "dispute_settled": Label("数据异议已处理", "The dispute over a value is settled"),
}

# As staff read the same of an applicant.
CASE_STATE_FOR_STAFF = {**CASE_STATE, "supplement": Label("待补正", "With the applicant")}
EVENT_FOR_STAFF = {
    **EVENT,
    "submitted": Label("申请人提交了申请", "The application was submitted"),
    "supplement_wanted": Label("提出补正要求", "Something was found missing"),
    "supplement_asked": Label("已通知申请人补正", "The applicant was asked for what is missing"),
    "supplement_given": Label("申请人已补齐", "The applicant handed in what was missing"),
    "withdrawn": Label("申请人撤回了申请", "The application was withdrawn"),
    "part_withdrawn": Label("{matter}：申请人已撤回", "{matter}: withdrawn by the applicant"),
    "rated": Label("申请人作出了评价", "The applicant rated the service"),
    "rectified": Label("差评已整改", "What was rated low was put right"),
    "dispute_opened": Label("申请人对数据提出异议", "The applicant said that a shared value is wrong"),
}
