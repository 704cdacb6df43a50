"""What the audit's actions and kinds of actors are called."""

from __future__ import annotations

from onething.domain.dictionary import Label

KINDS = {
    "citizen": Label("群众", "Citizen"),
    "staff": Label("工作人员", "Staff"),
    "department": Label("部门系统", "Department's system"),
    "worker": Label("后台任务", "Worker"),
    "technician": Label("命令行", "Command line"),
    "editor": Label("命令行", "Command line"),
}

ACTIONS = {
    "staff_sign_in": Label("登录", "Signed in"),
    "staff_password_given": Label("输入密码", "Gave the password"),
    "second_factor": Label("第二步验证", "Second factor"),
    "second_factor_enrolled": Label("绑定身份验证器", "Set up an authenticator"),
    "second_factor_reset": Label("重置第二步验证", "Reset a second factor"),
    "staff_password_chosen": Label("修改密码", "Chose a password"),
    "password_reset": Label("重置密码", "Reset a password"),
    "staff_signed_out": Label("退出登录", "Signed out"),
    "page_refused": Label("越权访问页面", "Refused a page of another role"),
    "staff_added": Label("新增账号", "Added an account"),
    "staff_changed": Label("修改账号", "Changed an account"),
    "staff_disabled": Label("停用账号", "Disabled an account"),
    "staff_enabled": Label("启用账号", "Enabled an account"),
    "audit_read": Label("查看审计日志", "Read the audit log"),
    "audit_verified": Label("核验审计链", "Verified the audit chain"),
    "calendar_uploaded": Label("上传工作日历", "Uploaded a calendar"),
    "pack_uploaded": Label("上传目录包", "Uploaded a pack"),
    "catalog_published": Label("发布目录", "Published the catalog"),
    "session_started": Label("刷卡开始办理", "Began a session by card"),
    "session_ended": Label("结束办理", "Ended a session"),
    "draft_opened": Label("打开草稿", "Opened a draft"),
    "draft_read": Label("查看草稿", "Read a draft"),
    "source_asked": Label("查询共享数据", "Asked a shared source"),
    "authorised_by_card": Label("另一人刷卡授权", "Authorised by another card"),
    "page_read": Label("查看材料页", "Read a page of a material"),
    "submitted": Label("提交申请", "Submitted"),
    "case_read": Label("查看办件", "Read a case"),
    "cases_listed": Label("列出办件", "Listed cases"),
    "cases_searched": Label("查找办件", "Looked for cases"),
    "form_read": Label("查看申请表", "Read the form"),
    "receipt_read": Label("查看回执", "Read the receipt"),
    "notice_read": Label("查看通知书", "Read a notice"),
    "paper_verified": Label("核验纸件", "Verified a paper"),
    "part_delivered": Label("送达部门", "Delivered a part"),
    "part_reported": Label("部门反馈", "A department reported"),
    "staff_called": Label("呼叫工作人员", "Called the staff"),
    "terminal_enrolled": Label("登记终端", "Enrolled a terminal"),
}
