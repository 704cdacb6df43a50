"""An invented family's form. Their division code 411599 exists nowhere, so the numbers can be nobody's."""

import io
from datetime import UTC, datetime

from PIL import Image, ImageDraw

from onething.domain.form_content import (
    FormContent,
    FormField,
    FormMaterial,
    FormMatter,
    FormSection,
)

RARE_NAME = "张𠮷䶮㛃𫖯"
POPULATION = ("公安局 人口库", "2026-11-20")
MARRIAGE = ("民政局 婚姻登记库", "2026-11-20")
BIRTH = ("卫健委 出生医学证明库", "2026-11-21")
CARD = ("居民身份证", "")


def signature_png() -> bytes:
    """A scribble on nothing."""
    image = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    strokes = [(40, 120), (90, 50), (130, 150), (190, 60), (240, 140), (330, 70), (390, 150), (560, 40)]
    draw.line(strokes, fill=(15, 20, 30, 255), width=9, joint="curve")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def person_fields(name: str, number: str, sex: str) -> tuple[FormField, ...]:
    """What the registers know of a parent."""
    return (
        FormField("姓名", "Name", name, *CARD),
        FormField("公民身份号码", "ID number", number, *CARD),
        FormField("性别", "Sex", sex, *POPULATION),
        FormField("民族", "Ethnicity", "汉族", *POPULATION),
        FormField("出生日期", "Date of birth", "1997-03-12", *POPULATION),
        FormField("婚姻状况", "Marital status", "已婚", *MARRIAGE),
        FormField(
            "户籍地址",
            "Registered address",
            "河南省信阳市新县新集镇北正街社区航空路 18 号 3 号楼 2 单元 501 室",
            *POPULATION,
        ),
    )


MATERIALS = (
    FormMaterial("居民身份证", "免提交", "读卡核验，不收复印件", 0, "ID card"),
    FormMaterial("结婚证", "免提交", "婚姻登记库已核验（2026-11-20）", 0, "Marriage certificate"),
    FormMaterial("出生医学证明", "免提交", "本次办理中签发，部门间直接传送", 0, "Birth certificate"),
    FormMaterial("户口簿", "需要提交", "婴儿落户页，政府库中没有", 2, "Household register"),
)
MATTERS = (
    FormMatter("出生医学证明签发", "县卫生健康委员会", "1 个工作日", "Birth certificate"),
    FormMatter("预防接种证办理", "县卫生健康委员会", "当场办结", "Vaccination record"),
    FormMatter("新生儿户口登记", "县公安局", "2 个工作日", "Household registration"),
    FormMatter("城乡居民基本医疗保险参保登记", "县医疗保障局", "1 个工作日", "Medical insurance"),
    FormMatter("社会保障卡申领", "县人力资源和社会保障局", "5 个工作日", "Social security card"),
    FormMatter("生育医疗费用报销", "县医疗保障局", "10 个工作日", "Maternity expenses"),
)


def made_content(case_number: str = "XX-2K7M-49PD-R", name: str = RARE_NAME) -> FormContent:
    """The form of a birth: two parents, a child, six matters."""
    child = (
        FormField("姓名", "Name", "陈𠮷安"),
        FormField("性别", "Sex", "女", *BIRTH),
        FormField("出生时间", "Time of birth", "2026-11-18 06:42", *BIRTH),
        FormField("出生医院", "Hospital", "新县人民医院", *BIRTH),
        FormField("出生医学证明编号", "Birth certificate", "Z410009999", *BIRTH),
        FormField("落户方式", "Registered with", "随母落户"),
    )
    contact = (
        FormField("联系电话", "Mobile", "19900001234"),
        FormField("领取方式", "Delivery", "邮寄送达"),
        FormField(
            "邮寄地址",
            "Address for delivery",
            "河南省信阳市新县新集镇北正街社区航空路 18 号 3 号楼 2 单元 501 室",
        ),
    )
    return FormContent(
        title_zh="新生儿出生“一件事”申请表",
        title_en="Birth of a child: single application form",
        case_number=case_number,
        submitted_at=datetime(2026, 11, 23, 2, 15, tzinfo=UTC),
        revision=3,
        sections=(
            FormSection("母亲", "Mother", person_fields(name, "411599199703120027", "女")),
            FormSection("父亲", "Father", person_fields("陈明", "411599199703120019", "男")),
            FormSection("新生儿", "Child", child),
            FormSection("办理信息", "Contact and delivery", contact),
        ),
        materials=MATERIALS,
        matters=MATTERS,
        declaration_zh="本人承诺以上内容真实、准确、完整，同意有关部门为办理本件事核验所列数据；如有虚假，愿承担相应法律责任。",
        declaration_en="I declare that the above is true and agree that the departments verify it.",
        applicant_name=name,
        verify_qr=f"https://xinxian.invalid/verify/{case_number}/7F3K9Q2M",
        signature_png=signature_png(),
    )
