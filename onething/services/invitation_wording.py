"""The words of invitations and mandates: what became of them, for both people."""

from __future__ import annotations

from onething.domain.dictionary import Label
from onething.domain.mandates import MandateKind

INVITATION_STATE = {
    "sent": Label("已发出，对方还没有打开", "Sent, not opened yet"),
    "opened": Label("对方已打开，还没有答复", "Opened, not answered yet"),
    "given": Label("对方已同意，请您核对是不是本人", "Agreed; please check that it is the right person"),
    "authorised": Label("对方已授权", "Authorised"),
    "refused": Label("对方没有同意", "Not agreed"),
    "called_back": Label("已撤回", "Called back"),
    "taken_back": Label("对方收回了同意", "The person took their agreement back"),
    "locked": Label(
        "多次被他人打开，已锁定。请重新邀请，只发给本人",
        "Opened by others several times and locked. Please invite again, and send it to the person only",
    ),
    "expired": Label("已过期，请重新邀请", "Expired; please invite again"),
}

# The same for who was invited.
INVITED_STATE = {
    "sent": Label("等您答复", "Waiting for your answer"),
    "opened": Label("等您答复", "Waiting for your answer"),
    "given": Label("您已同意，等邀请人核对", "You have agreed; the sender will check that it is you"),
    "authorised": Label("您已授权", "You have authorised"),
    "refused": Label("您没有同意", "You did not agree"),
    "called_back": Label("邀请人已撤回", "Called back by the sender"),
    "taken_back": Label("您已收回同意", "You have taken your agreement back"),
    "locked": Label("已锁定，请对方重新邀请", "Locked; please ask for a new invitation"),
    "expired": Label("已过期，请对方重新邀请", "Expired; please ask for a new invitation"),
}

MANDATE_STATE = {
    "waiting": Label("等工作人员输入帮办码", "Waiting for the clerk to type the code"),
    "live": Label("有效", "Live"),
    "revoked": Label("已撤销", "Revoked"),
    "expired": Label("已到期", "Over"),
}

MANDATE_KIND = {
    MandateKind.AGENT: Label("委托代办", "To act for me"),
    MandateKind.HELPER: Label("请工作人员帮填", "To help me fill in"),
}
