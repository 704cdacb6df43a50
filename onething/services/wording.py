"""The sentences that services say to people, Chinese and English side by side."""

from __future__ import annotations

from collections.abc import Sequence

from onething.domain.catalog import How, Label

COMPUTED = Label("由已有信息得出", "Follows from the above")
E_LICENCE_SERVICE = Label("电子证照库", "E-licence service")
OWN_LICENCES = Label("本人查看名下的电子证照", "To see one's own e-licences")
NOTHING_CHOSEN = Label("请至少选一种证照", "Choose at least one licence")
UNKNOWN_LICENCE = Label("没有这种证照", "There is no such licence")
KEEP_WHICH = Label(
    "您在另一台设备上填写了“{there}”，保留哪一个？",
    "On another device you entered “{there}”. Keep which?",
)
TYPED_ON = {
    "kiosk": Label("自助终端上填的", "Typed on the kiosk"),
    "phone": Label("手机上填的", "Typed on the phone"),
    "window": Label("窗口填的", "Typed at the window"),
}
REAL_NAME_PROOF = Label("省统一身份认证", "Provincial identity")

ASK_WHY = {
    "nothing_holds_it": Label("政府数据中没有这一项，需要您填写。", "No government record holds this."),
    "not_held": Label("{source}中没有查到，请您填写。", "{source} holds no record of this."),
    "unavailable": Label(
        "{source}暂时没有应答，可以再试一次或先自己填写。", "{source} did not answer; try again or type it."
    ),
    "refused": Label("您没有同意查询{source}，请您填写。", "You chose not to ask {source}."),
    "not_agreed": Label(
        "{source}尚未同意共享这一项，请您填写。", "{source} has not agreed to share this; please type it."
    ),
    "not_authorised": Label(
        "没有得到本人授权，不查询{source}，请您填写。", "Not authorised to ask {source}."
    ),
    "decides": Label("用来确定要办哪些事、交哪些材料。", "This decides which materials are needed."),
}

# The card on a reader, or the real name that a phone was signed in with, does not tell everything.
NOT_ON_CARD = Label("身份证上没有这一项，请您填写。", "The ID card does not have this; please type it.")
NOT_PROVEN = Label(
    "实名登录只核实姓名和身份证号码，这一项请您填写。",
    "Real-name sign-in only proves name and number; please type this.",
)

NOT_OFFERED = Label("您的情况不需要办这一项", "Not needed in your situation")

AUTHORISE_WHY = Label(
    "查{role}的信息要本人同意：把本人身份证放在自助终端或窗口的读卡区，或在本人手机上授权。"
    "也可以不授权，改为自己填写和提交材料。",
    "Only {role} may allow the use of their data: by their ID card on the reader of a kiosk or a window, or "
    "on their own phone. You may go on without, and type it and hand in papers instead.",
)
SAID_NO = Label(
    "{role}没有同意授权。可以重新邀请，也可以改为自己填写和提交材料。",
    "{role} did not agree. You can invite them again, or fill in and hand in papers instead.",
)
MUST_AGREE = Label(
    "{role}没有同意。此项必须由本人同意：可以重新邀请，或双方到综合窗口办理。",
    "{role} did not agree, and their own consent is needed: invite them again, or come to a window together.",
)

MATERIAL_HOW = {
    How.GENERATED: Label("系统自动生成", "Made by the system"),
    How.E_LICENCE: Label("关联电子证照", "From the e-licence service"),
    How.DATA: Label("数据核验", "Verified by shared data"),
    How.VAULT: Label("使用您以前交过的材料", "From your earlier papers"),
    How.COMMITMENT: Label("告知承诺", "By your commitment"),
    How.SUBMIT: Label("需要提交", "To be handed in"),
    How.INSIDE: Label("本次办理中产生", "Made within this case"),
}

MATERIAL_WHY = {
    "generated": Label("由系统根据表单生成，您只需签名", "The system makes it from the form; you only sign"),
    "e_licence": Label("政府已有电子证照，免提交", "Government holds the e-licence; not needed from you"),
    "data": Label("用{source}核验，免提交", "Verified with {source}; not needed from you"),
    "vault": Label("您以前交过，免提交", "You handed it in before"),
    "commitment": Label("签名即作出承诺，免提交", "Your signature makes the commitment"),
    "not_held_by_government": Label("政府没有这份材料，需要您提交", "Government does not hold it"),
    "not_met_by_data": Label("没有查到，需要您提交", "No record was found, so it is needed from you"),
    "produced_inside": Label("由“{matter}”办成后直接共享", "Comes from “{matter}” within this case"),
}

TRIED = {
    "not_held": Label("{source}没有记录", "{source} holds nothing"),
    "unavailable": Label("{source}没有应答", "{source} did not answer"),
    "refused": Label("您没有同意查询{source}", "you chose not to ask {source}"),
    "not_agreed": Label("{source}尚未同意共享", "{source} has not agreed to share it"),
    "not_possible": Label("还不能查询{source}", "{source} cannot be asked yet"),
    "not_authorised": Label("没有本人授权，未查询{source}", "{source} was not asked without authorisation"),
}

DECLARATION = Label(
    "本人承诺以上信息真实、完整，同意在本次办理范围内使用上述共享数据。如有不实，愿承担相应责任。",
    "I declare that the above is true and complete, "
    "and agree to the use of the data named above for this case.",
)


def both(label: Label) -> dict[str, str]:
    """A label as the two keys ``zh`` and ``en``."""
    return {"zh": label.zh, "en": label.en}


def numbered(label: Label, role: str) -> Label:
    """The label of an instance of a repeating role: ``employees[1]`` is employee 2."""
    number = role.partition("[")[2].rstrip("]")
    place = f" {int(number) + 1}" if number else ""
    return Label(label.zh + place, label.en + place)


def for_matters(labels: Sequence[Label]) -> Label:
    """What something is used for."""
    if not labels:
        return Label("", "")
    return Label(
        f"用于：{'、'.join(label.zh for label in labels)}",
        f"For: {', '.join(label.en for label in labels)}",
    )
