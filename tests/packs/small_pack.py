"""A small pack that passes the check, as files; tests break one line of it at a time."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "pack.yaml": """\
pack: trial
format: 1
label: {zh: 试用目录, en: Trial catalog}
division: "411523"
order: [P-TRIAL]
""",
    "departments.yaml": """\
GA: {zh: 公安局, en: Public Security Bureau, national_code: "09"}
YB: {zh: 医疗保障局, en: Healthcare Security Bureau}
""",
    "facts.yaml": """\
person:
  name: {zh: 姓名, en: Name, type: name}
  id_number: {zh: 身份证号码, en: ID number, type: citizen_id, sensitivity: sensitive}
  sex: {zh: 性别, en: Sex, type: code, codes: sex}
  married: {zh: 是否已婚, en: Married, type: boolean}
enterprise:
  name: {zh: 名称, en: Name, type: text}
application:
  mobile: {zh: 手机, en: Mobile, type: mobile}
  moved: {zh: 是否迁入, en: Moved in, type: boolean}
""",
    "codes.yaml": """\
sex:
  standard: GB/T 2261.1
  members:
    "1": {zh: 男, en: Male}
    "2": {zh: 女, en: Female}
""",
    "documents.yaml": """\
form: {zh: 申请表, en: Form, channel: "99"}
id_card: {zh: 身份证, en: ID card, channel: "20", issuer: GA, e_licence: true}
page: {zh: 户口页, en: Household page, channel: "20", issuer: GA}
""",
    "sources.yaml": """\
id_card:
  zh: 身份证
  en: ID card
  department: GA
  slots: {self: person}
  yields: [self.name, self.id_number, self.sex]
register:
  zh: 人口信息
  en: Population register
  department: GA
  slots: {self: person, spouse: person, case: application}
  asks: [self.id_number, case.mobile]
  yields: [self.name, spouse.name]
  proves: [spouse]
e_licences:
  zh: 电子证照
  en: E-licences
  department: GA
  slots: {self: person}
""",
    "calendar.yaml": """\
"2026":
  off: ["2026-01-01"]
  work: ["2026-01-04"]
""",
    "differences.yaml": """\
from: another county
list:
  - thing: P-TRIAL
    about: FIRST
    difference: shorter
    reason: it was asked for
""",
    "things/P-TRIAL.yaml": """\
code: P-TRIAL
zh: 试用
en: Trial
summary: {zh: 试一试, en: A trial}
audience: person
lead: GA
subject: me
promise: {days: 5}
roles:
  me: {zh: 本人, en: Myself, kind: person}
  other: {zh: 配偶, en: Spouse, kind: person, right: [register]}
  boss: {zh: 负责人, en: Head, kind: person}
  staff: {zh: 员工, en: Employee, kind: person, repeats: {least: 1, most: 3}}
applicants: [me]
sources:
  - {use: register, self: me, spouse: other, case: application}
questions:
  - {fact: application.moved, default: false}
groups:
  way: {zh: 方式, en: Way, kind: alternative}
computed:
  other.sex: 'me.sex == "1" ? "2" : "1"'
matters:
  FIRST:
    zh: 第一项
    en: First
    department: GA
    act: "07"
    facts: [me.name, me.sex, other.name, application.mobile]
    materials: [form, card]
    produces: {documents: [page of me]}
    limits: {promised: 2 wd}
    bound_with: [BOUND]
  BOUND:
    zh: 绑定项
    en: Bound
    department: GA
    act: "20"
    facts: [other.sex]
    bound_with: [FIRST]
    limits: {promised: 1 wd}
  SECOND:
    zh: 第二项
    en: Second
    department: YB
    act: "20"
    group: way
    when: application.moved
    facts: [me.id_number]
    materials: [page]
    limits: {promised: 2 wd}
  THIRD:
    zh: 第三项
    en: Third
    department: YB
    act: "20"
    group: way
    when: '!application.moved'
    after:
      - matter: FIRST
        reason: {zh: 先办第一项, en: The first comes first}
    facts: [me.id_number]
    limits: {promised: 1 cd}
materials:
  form: {zh: 申请表, en: Form, document: form, of: application, met_by: [generated]}
  card: {zh: 身份证, en: ID card, document: id_card, of: me, met_by: [e_licence, data: register, submit]}
  page:
    zh: 户口页
    en: Household page
    document: page
    of: me
    when: 'me.sex == "1"'
    met_by: [data: register, submit]
""",
}


def write_pack(folder: Path, changes: dict[str, str | None] | None = None) -> Path:
    """Write the pack; ``changes`` replaces whole files, None leaves one out."""
    for name, text in {**FILES, **(changes or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            path.write_text(text, encoding="utf-8")
    return folder
