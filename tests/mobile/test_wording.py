"""What a phone says is true of a phone: there is no card reader, and nobody to be called."""

import json

from tests.mobile.phone import Phone, Town
from tests.mobile.test_journey import agree_to_all
from web.problem_words import OF_STATUS


def test_no_sentence_speaks_of_a_reader_where_there_is_none(town: Town) -> None:
    phone = Phone(town)
    phone.sign_in_by_province("tao.woman")
    draft = agree_to_all(phone, phone.post("/drafts", {"thing": "P-FLEXJOB"}))
    assert "读卡器" not in json.dumps(draft, ensure_ascii=False)
    sections = draft["form"]["sections"]
    [address] = [f for section in sections for f in section["fields"] if f["fact"] == "applicant.address"]
    assert (address["state"], address["source"]["zh"]) == ("not_held", "省统一身份认证")
    assert address["why_zh"].startswith("实名登录只核实姓名和身份证号码，这一项请您填写。")


def test_the_guide_is_true_on_every_channel(town: Town) -> None:
    guide = Phone(town).get("/things/P-NEWBORN/guide")
    said = json.dumps(guide, ensure_ascii=False)
    assert "在手机上实名登录" in said
    assert "需要其本人刷身份证、在自己手机上授权" in said


def test_what_went_wrong_calls_nobody_who_is_not_there() -> None:
    assert not any("呼叫" in text.zh or "call the staff" in text.en for _, text in OF_STATUS.values())
