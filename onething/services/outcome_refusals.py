"""What the acts after a case's parts refuse, each with a stable reason."""

from __future__ import annotations

from onething.domain.catalog import Label
from onething.domain.errors import Refusal


class ResultWithheld(Refusal):
    """A result that cannot be handed over now; its ``fields`` name each with its reason."""

    reason = "result_withheld"
    status_hint = "conflict"
    text = Label("有的结果现在还不能交付", "Some results cannot be handed over yet")


class CardNotChecked(Refusal):
    """Nothing is handed over unless the receiver's card was checked."""

    reason = "card_not_checked"
    text = Label("请先核对领取人的身份证", "Please check the receiver's ID card first")


class WrongReceiver(Refusal):
    """The receiver is neither the applicant nor somebody with the applicant's mandate."""

    reason = "wrong_receiver"
    text = Label(
        "领取人不是申请人，请出示申请人的委托书",
        "The receiver is not the applicant; the applicant's mandate is needed",
    )


class BadAddress(Refusal):
    """A name, mobile number or address that a courier cannot use."""

    reason = "bad_address"
    text = Label("请填写收件人、手机号码和地址", "Name, mobile number and address are needed")


class NoELicence(Refusal):
    """A result without an e-licence, or with an identifier whose check character is wrong."""

    reason = "no_e_licence"
    status_hint = "conflict"
    text = Label("这份结果没有有效的电子证照标识", "This result has no valid e-licence identifier")


class NotPrinting(Refusal):
    """This print is not waiting any more."""

    reason = "not_printing"
    status_hint = "conflict"
    text = Label("这份结果已不在打印队列中", "This print is not waiting any more")


class AtAKiosk(Refusal):
    """A kiosk is printing it: nobody else says what came of it before it has had its time."""

    reason = "at_a_kiosk"
    status_hint = "conflict"
    text = Label(
        "这份结果正在自助终端上打印，请稍后再看",
        "This result is being printed at a kiosk; please look again in some minutes",
    )


class NoResultFile(Refusal):
    """A result that is paper only: no service keeps a file of it."""

    reason = "no_result_file"
    status_hint = "conflict"
    text = Label(
        "这份结果没有电子文件，请到窗口领取或选择邮寄",
        "There is no file of this result: collect it at the window or have it sent",
    )


class FileAway(Refusal):
    """The e-licence service gave no usable file now."""

    reason = "result_file_away"
    status_hint = "unavailable"
    text = Label(
        "电子证照库暂时没有给出这份文件，请稍后再试",
        "The e-licence service could not give this file now; please try again later",
    )


class BadRating(Refusal):
    """A level, reason or channel that is not on the list."""

    reason = "bad_rating"
    text = Label("评价内容不正确", "The rating is not right")


class NotDoneYet(Refusal):
    """A service is rated once it has ended."""

    reason = "not_done_yet"
    status_hint = "conflict"
    text = Label("这项服务还没有办完，办完后再评价", "This service has not ended yet; please rate it then")


class AlreadyRated(Refusal):
    """A service is rated once, and once more after a low rating was put right."""

    reason = "already_rated"
    status_hint = "conflict"
    text = Label("这项服务已经评价过", "This service was rated before")


class AlreadyAppealed(Refusal):
    """A rating is appealed against once."""

    reason = "already_appealed"
    status_hint = "conflict"
    text = Label("这条评价已经申诉过", "This rating was appealed against before")


class AlreadySettled(Refusal):
    """Somebody else was first."""

    reason = "already_settled"
    status_hint = "conflict"
    text = Label("已经有人处理过，请看最新情况", "Someone else has just dealt with this; please look again")


class CallBackFirst(Refusal):
    """A low rating with a name is called back before it is settled (国办发〔2019〕51号)."""

    reason = "call_back_first"
    status_hint = "conflict"
    text = Label("实名差评须先回访", "Whoever gave their name is called back first")


class WordsNeeded(Refusal):
    """A finding, answer or reason says what it is."""

    reason = "words_needed"
    text = Label("请写明情况和理由", "Please say what and why")


class NotFromARegister(Refusal):
    """Only a value that a register gave can be called wrong; others are simply changed."""

    reason = "not_from_a_register"
    text = Label(
        "这一项不是共享数据回填的，可以直接修改", "This was not filled in from a register; just change it"
    )


class AlreadyDisputed(Refusal):
    """One dispute at a time over one value."""

    reason = "already_disputed"
    status_hint = "conflict"
    text = Label("这一项正在核实中", "This is being looked into already")


class NeedMove(Refusal):
    """A state that a data-sharing need cannot go to from where it is."""

    reason = "need_move"
    status_hint = "conflict"
    text = Label("数据需求当前状态不允许此操作", "The need's state does not allow this")
