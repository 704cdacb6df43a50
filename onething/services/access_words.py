"""What is told to people of how their data was used: what was done, and by whom."""

from __future__ import annotations

from onething.domain.dictionary import Label
from onething.domain.staff import Role

YOU = Label("您本人", "You")
BY_MANDATE = Label("您委托的人", "Whoever acts for you by your mandate")
E_LICENCES = Label("电子证照库", "E-licence service")
AT_THE_PAPER = Label("持有您纸质单据的人", "Whoever holds your paper")
BY_WORKER = Label("本系统自动处理", "This system, by itself")
TERMINAL = Label("自助终端", "A self-service kiosk")
OFFICE = Label("工作人员", "A member of staff")
DEPARTMENT_SYSTEM = Label("{name}的业务系统", "The system of {name}")
DEPARTMENT_STAFF = Label("{name}工作人员", "Staff of {name}")
ROLE_STAFF = {
    Role.CLERK: Label("综合窗口工作人员", "Staff of the service window"),
    Role.SUPERVISOR: Label("督查人员", "A supervisor"),
    Role.AUDITOR: Label("审计人员", "An auditor"),
    Role.TECHNICIAN: Label("设备维护人员", "A technician"),
}

# What others do with somebody's data. What is not here is done within the handling of the case.
DONE = {
    "case_read": Label("查看办件", "Looked at the case"),
    "case_read_by_staff": Label("查看办件", "Looked at the case"),
    "cases_searched": Label("查找办件", "Looked for cases"),
    "page_read": Label("查看材料", "Looked at a paper"),
    "form_read": Label("查看申请表", "Looked at the form"),
    "receipt_read": Label("查看回执", "Looked at the receipt"),
    "notice_read": Label("查看通知书", "Looked at a notice"),
    "results_read": Label("查看办理结果", "Looked at the results"),
    "result_file_asked": Label("调取办理结果文件", "Asked for a result's file"),
    "result_file_read": Label("查看办理结果文件", "Looked at a result's file"),
    "results_handed_out": Label("发放办理结果", "Handed out results"),
    "source_asked": Label("查询政府数据", "Asked a government register"),
    "part_delivered": Label("把申请送给部门", "Sent the application to a department"),
    "part_reported": Label("反馈办理情况", "Reported how it goes"),
    "case_accepted": Label("受理申请", "Accepted the application"),
    "case_refused": Label("不予受理", "Did not accept the application"),
    "supplement_asked": Label("通知补正", "Asked for what was missing"),
    "part_accepted": Label("部门受理", "Accepted a matter"),
    "part_completed": Label("部门办结", "Completed a matter"),
    "part_denied": Label("部门未通过", "Denied a matter"),
    "address_given_to_courier": Label("把收件地址给快递公司", "Gave the address to the courier"),
    "shipment_opened": Label("安排寄送", "Arranged a parcel"),
    "shipment_moved": Label("查询快递", "Asked where the parcel is"),
    "approval_sent": Label("把审批结果送监管部门", "Sent an approval to its supervisors"),
    "dispute_read": Label("查看数据异议", "Looked at a disputed value"),
    "evidence_read": Label("查看异议证明", "Looked at what shows a value to be wrong"),
    "rating_read": Label("查看评价", "Read a rating"),
    "rating_reported": Label("上报评价", "Reported a rating"),
    "rater_called_back": Label("评价回访", "Called back about a rating"),
    "paper_verified": Label("扫码核验纸质单据", "Scanned a paper's code"),
    "showing_code_read": Label("扫了您的亮码", "Read your showing code"),
    "message_sent": Label("给您发消息", "Sent you a message"),
    "stepped_up": Label("当面核对本人和证件", "Compared your face with your card"),
    "verifier_asked": Label("调用身份核验服务", "Asked a verifier who you are"),
    "draft_read": Label("查看草稿", "Looked at the draft"),
    "draft_opened": Label("打开草稿", "Opened a draft"),
    "intake_read": Label("查看离线收件", "Looked at an offline intake"),
}
OTHERWISE = Label("办理您的申请", "Handled your application")
OWN = Label("查看或填写", "Looked or filled in")
REFUSED = Label("（未允许）", " (not allowed)")
