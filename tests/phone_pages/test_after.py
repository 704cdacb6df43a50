"""After submission on a phone: progress, supplement, results, parcels, codes, ratings, who read my data."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, Page

from mobile_api.pages import cases as case_pages
from onething.domain.values import Origin, Value
from onething.ports import Ports
from onething.services import accepting, answering_disputes, following, handling
from onething.services.phone_sign_in import find_phone
from tests.console.looking import CLIPPED, violations
from tests.http.test_journey import page as scanned_page
from tests.phone_pages.papers import sheet_on_table
from tests.phone_pages.street import SMALL_PHONE, Street, Walker
from tests.phone_pages.test_form import SMALL_TARGETS, SMALL_TEXT
from tests.services.county import County
from tests.services.office import CLERK, licence, officer, planted, work

PICTURES = os.environ.get("PHONE_PICTURES")
NOBODY_S = "0" * 32
ADDRESS = {"name": "王某某", "mobile": "19900000009", "address": "河南省新县某路1号"}
MATTERS = ["BIRTH-CERT", "VACCINE"]


@dataclass
class Hall:
    """The other side of the counter: the same server, whose departments work at the console."""

    ports: Ports
    applicant: str

    @classmethod
    def behind(cls, street: Street, family: str = "sun") -> Hall:
        _, catalog = street.ports.catalogs.current()
        settings = replace(street.ports.settings, without_system=frozenset(catalog.departments))
        return cls(replace(street.ports, settings=settings), street.cards[family, "mother"]["id_number"])

    def case(self, *, accepted: bool = True, values: Mapping[str, Mapping[str, Value]] | None = None) -> str:
        given = values or {}
        return planted(
            cast(County, self), chosen=MATTERS, values=given, accepted=accepted, applicant=self.applicant
        )

    def complete(self, number: str, matter: str, *documents: Mapping[str, Any]) -> None:
        department = {"BIRTH-CERT": "WJ", "VACCINE": "WJ"}[matter]
        report = {"kind": "completed", "result": {"facts": {}, "documents": list(documents)}}
        handling.decide(self.ports, officer(department), number, matter, report)
        work(cast(County, self))

    def ask_for(self, number: str, *wants: Mapping[str, str]) -> None:
        accepting.want_supplement(self.ports, CLERK, number, matter=None, wants=list(wants))
        accepting.ask_supplement(self.ports, CLERK, number)


@pytest.fixture
def hall(street: Street) -> Hall:
    return Hall.behind(street)


@pytest.fixture
def owner(street: Street) -> Walker:
    return street.client("sun.mother")


def text_of(walker: Walker, path: str, status: int = 200) -> str:
    answer = walker.get(path)
    assert answer.status_code == status, (path, answer.get_data(as_text=True)[-1500:])
    return answer.get_data(as_text=True)


def led(answer: Any, walker: Walker) -> str:
    """The page that an act leads to."""
    assert answer.status_code == 303, answer.get_data(as_text=True)[-1500:]
    return text_of(walker, answer.location)


def test_a_case_is_followed_department_by_department(street: Street, hall: Hall, owner: Walker) -> None:
    number = hall.case()
    listed = text_of(owner, "/m/cases")
    assert f'href="/m/cases/{number}"' in listed
    page = text_of(owner, f"/m/cases/{number}")
    assert "出生医学证明" in page
    assert "卫生健康委员会" in page
    assert re.search(r"还有 \d+ 天", page), "days left are words, not a colour"
    street.clock.at += timedelta(days=60)
    late = text_of(street.client("sun.mother"), f"/m/cases/{number}")
    assert re.search(r"已超期 \d+ 天", late)
    street.clock.at -= timedelta(days=60)
    hall.complete(number, "BIRTH-CERT", licence("birth_certificate"))
    assert "已办成" in text_of(owner, f"/m/cases/{number}")


def test_what_is_missing_is_photographed_filled_in_and_handed_in_once(hall: Hall, owner: Walker) -> None:
    number = hall.case(accepted=False)
    material = {"material": "m_id", "zh": "请补交母亲身份证", "en": "The mother's ID card"}
    fact = {"fact": "application.mobile", "zh": "请填联系电话", "en": "A phone number"}
    hall.ask_for(number, material, fact)
    assert "去补正" in text_of(owner, f"/m/cases/{number}")
    wanted, paper = f"/m/cases/{number}/supplement", f"/m/cases/{number}/papers/m_id"
    assert "去拍" in text_of(owner, wanted)
    early = led(owner.post(wanted, wanted, **{"v:application.mobile": "19900001234"}), owner)
    assert 'data-reason="supplement_missing"' in early
    said = led(owner.post(f"{paper}/pages", paper, photograph=(io.BytesIO(scanned_page()), "1.jpg")), owner)
    assert "已收到 1 页" in said
    [picture] = re.findall(rf'src="({paper}/pages/[^"]+)"', said)
    assert owner.get(picture).get_data().startswith(b"\xff\xd8")
    assert "请先拍照" in led(owner.post(f"{paper}/pages", paper), owner)
    wrong = led(owner.post(wanted, wanted, **{"v:application.mobile": "12"}), owner)
    assert 'data-reason="bad_fields"' in wrong
    given = owner.post(wanted, wanted, **{"v:application.mobile": "19900001234"})
    assert "已补齐" in led(given, owner)
    assert "没有要补的" in text_of(owner, wanted)
    assert owner.get(paper).status_code == 404


def test_results_are_taken_sent_home_and_shown(street: Street, hall: Hall, owner: Walker) -> None:
    number = hall.case()
    results = f"/m/cases/{number}/results"
    assert "还没有结果" in text_of(owner, results)
    hall.complete(number, "BIRTH-CERT", licence("birth_certificate"))
    assert "先领已办好的" in text_of(owner, results)
    assert "可以先领" in led(owner.post(f"{results}/part", results), owner)
    assert "存为电子证照" in text_of(owner, results)
    listed = following.list_cases(street.ports, session_of(street))["cases"]
    assert number in [each["number"] for each in listed]
    form = f"/m/cases/{number}/delivery"
    refused = owner.post(form, form, **{**ADDRESS, "mobile": "1"})
    assert refused.status_code == 422
    assert ADDRESS["address"] in refused.get_data(as_text=True), "what was typed is still there"
    sent = led(owner.post(form, form, **ADDRESS), owner)
    assert "等待揽收" in sent
    assert "王某某" not in sent
    assert "没有可以寄的结果" in text_of(owner, form)


def test_older_cases_are_a_page_further(hall: Hall, owner: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_pages, "PAGE", 1)
    numbers = {hall.case(), hall.case()}
    path, seen = "/m/cases", set()
    for _ in range(2):
        page = text_of(owner, path)
        assert ("回到最新的" in page) == (path != "/m/cases")
        seen |= set(re.findall(r'href="/m/cases/([^"?/]+)"', page))
        [path] = re.findall(r'href="(/m/cases\?after=[^"]+)"', page)
    assert len(seen) == 2
    assert seen & numbers
    assert "还没有提交过" in text_of(owner, "/m/cases?after=XX-NONE")


def test_withdrawing_is_asked_before_it_is_done(hall: Hall, owner: Walker) -> None:
    number = hall.case(accepted=False)
    path = f"/m/cases/{number}/withdrawal"
    assert "全部撤回" in text_of(owner, path)
    assert "已撤回" in led(owner.post(path, path), owner)
    assert "不能撤回了" in text_of(owner, path)


def test_a_shared_value_is_called_wrong_after_submission(hall: Hall, owner: Walker) -> None:
    register = Value("河南省信阳市新县旧址1号", Origin.REGISTER, "household_register", "2026-01-02")
    number = hall.case(values={"mother": {"address": register}})
    page = text_of(owner, f"/m/cases/{number}/values")
    [path] = re.findall(rf'href="(/m/cases/{number}/values/[^"]+)"', page)
    empty = owner.post(path, path)
    assert empty.status_code == 422
    assert "必填" in empty.get_data(as_text=True)
    assert "来源部门会核实" in led(owner.post(path, path, value="河南省信阳市新县新址2号"), owner)
    assert "核实中" in text_of(owner, f"/m/cases/{number}/values")
    assert "核实" in text_of(owner, path), "it is being looked into already"
    assert "这一项正在核实中" in led(owner.send(path, {"value": "某处"}), owner)


def test_photographs_show_that_a_value_is_wrong(street: Street, hall: Hall, owner: Walker) -> None:
    """With the objection and, as long as nobody has answered, after it; a bad one is named at its field."""
    register = Value("河南省信阳市新县旧址1号", Origin.REGISTER, "household_register", "2026-01-02")
    number = hall.case(values={"mother": {"address": register}})
    path, picture = f"/m/cases/{number}/values/mother.address", sheet_on_table()
    refused = owner.post(path, path, value="新址2号", file=(io.BytesIO(b"no picture"), "x.jpg"))
    assert refused.status_code == 422
    assert 'id="file-error"' in refused.get_data(as_text=True)
    led(owner.post(path, path, value="新址2号", file=(io.BytesIO(picture), "a.jpg")), owner)
    more = f"{path}/pages"
    assert "请先选照片" in owner.post(more, path).get_data(as_text=True)
    assert "照片已交给" in led(owner.post(more, path, file=(io.BytesIO(picture), "b.jpg")), owner)
    [dispute] = answering_disputes.list_of_case(street.ports, following.actor_of(session_of(street)), number)
    assert len(dispute["evidence"]) == 2
    for _ in range(3):
        led(owner.post(more, path, file=(io.BytesIO(picture), "c.jpg")), owner)
    full = owner.post(more, path, file=(io.BytesIO(picture), "d.jpg"))
    assert (full.status_code, "最多5页" in full.get_data(as_text=True)) == (422, True)


def test_a_service_is_rated_once_in_five_levels(hall: Hall, owner: Walker) -> None:
    number = hall.case()
    hall.complete(number, "BIRTH-CERT")
    top = f"/m/cases/{number}/ratings"
    asked = f"{top}/new?occasion=result&matter=BIRTH-CERT"
    page = text_of(owner, asked)
    levels = re.findall(r'class="level-\d" value="(\w+)"', page)
    assert len(levels) == 5
    nothing = owner.post(top, asked)
    assert nothing.status_code == 422
    assert "请选一个等级" in nothing.get_data(as_text=True)
    said = led(owner.post(top, asked, level=levels[-1], comment="等得太久", named="yes"), owner)
    assert "会核实整改" in said
    assert "已评价" in said
    assert owner.get(asked).status_code == 404, "once"
    handed_in = f"{top}/new?occasion=submission"
    assert "谢谢" in led(owner.post(top, handed_in, level=levels[0]), owner)
    assert owner.get(f"{top}/new?occasion=other").status_code == 404


def session_of(street: Street, login: str = "sun.mother") -> Any:
    found = find_phone(street.ports, street.tokens(login)["access_token"])
    assert found is not None
    assert found.session is not None
    return found.session


def test_who_read_my_data_is_told_in_words(street: Street, hall: Hall, owner: Walker) -> None:
    number = hall.case()
    hall.complete(number, "BIRTH-CERT")
    for _ in range(3):
        text_of(owner, f"/m/cases/{number}")
    page = text_of(owner, "/m/access")
    assert number in page
    assert "把申请送给部门" in page
    assert re.search(r"您本人 · 查看或填写 \d+ 次", page), "one's own are one line"
    assert "新生儿" in page
    other = text_of(street.client("stranger.man"), "/m/access")
    assert number not in other


def test_all_of_it_is_the_owners_alone(street: Street, hall: Hall, owner: Walker) -> None:
    number = hall.case()
    hall.complete(number, "BIRTH-CERT", licence("birth_certificate"))
    stranger, before = street.client("stranger.man"), text_of(owner, f"/m/cases/{number}")
    licence_of = re.findall(r'href="/m/licences/(\w+)/code"', text_of(owner, "/m/licences"))[0]
    for method, rule, fields in OF_CASES:
        for each in (number, "XX-NONE"):
            path = rule.replace("<number>", each).replace("<material>", "m_id").replace("<file>", NOBODY_S)
            path = path.replace("<fact>", "mother.address").replace("<licence>", licence_of)
            given = dict(fields)
            if path.endswith("pages"):
                given["photograph"] = (io.BytesIO(b"x"), "1.jpg")
            headers = {"Sec-Fetch-Site": "same-origin"}
            answer = stranger.client.open(
                path, method=method, data=given, headers=headers, base_url="http://127.0.0.1"
            )
            assert answer.status_code == 404, (method, path)
    assert text_of(owner, f"/m/cases/{number}").count("<li>") == before.count("<li>")


# Each address of these rooms with a form that would be good.
OF_CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/m/cases/<number>", {}),
    ("GET", "/m/cases/<number>/withdrawal", {}),
    ("POST", "/m/cases/<number>/withdrawal", {}),
    ("GET", "/m/cases/<number>/values", {}),
    ("GET", "/m/cases/<number>/values/<fact>", {}),
    ("POST", "/m/cases/<number>/values/<fact>", {"value": "某处"}),
    ("POST", "/m/cases/<number>/values/<fact>/pages", {}),
    ("GET", "/m/cases/<number>/supplement", {}),
    ("POST", "/m/cases/<number>/supplement", {}),
    ("GET", "/m/cases/<number>/papers/<material>", {}),
    ("POST", "/m/cases/<number>/papers/<material>/pages", {}),
    ("GET", "/m/cases/<number>/papers/<material>/pages/<file>", {}),
    ("POST", "/m/cases/<number>/papers/<material>/pages/<file>/removal", {}),
    ("POST", "/m/cases/<number>/papers/<material>/handing-in", {}),
    ("GET", "/m/cases/<number>/results", {}),
    ("POST", "/m/cases/<number>/results/taking", {"way": "print", "result": NOBODY_S}),
    ("POST", "/m/cases/<number>/results/part", {}),
    ("GET", "/m/cases/<number>/results/<result>/file", {}),
    ("POST", "/m/cases/<number>/prints/<print_id>", {"came_out": "yes"}),
    ("GET", "/m/cases/<number>/delivery", {}),
    ("POST", "/m/cases/<number>/delivery", {"result": NOBODY_S, **ADDRESS}),
    ("GET", "/m/cases/<number>/ratings", {}),
    ("GET", "/m/cases/<number>/ratings/new", {}),
    ("POST", "/m/cases/<number>/ratings", {"occasion": "submission", "level": "satisfied"}),
    ("GET", "/m/licences/<licence>/code", {}),
    ("GET", "/m/licences/<licence>/file", {}),
]


def keep_picture(page: Page, name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / f"after-{name}.png", full_page=True)


def page_paths(number: str, asked: str) -> dict[str, str]:
    """Every page of these rooms: of a case with a result, and of one that waits for its citizen."""
    return {
        "cases": "/m/cases",
        "case": f"/m/cases/{number}",
        "asked": f"/m/cases/{asked}",
        "supplement": f"/m/cases/{asked}/supplement",
        "paper": f"/m/cases/{asked}/papers/m_id",
        "withdrawal": f"/m/cases/{asked}/withdrawal",
        "values": f"/m/cases/{number}/values",
        "value": f"/m/cases/{number}/values/mother.address",
        "results": f"/m/cases/{number}/results",
        "delivery": f"/m/cases/{number}/delivery",
        "ratings": f"/m/cases/{number}/ratings",
        "rating": f"/m/cases/{number}/ratings/new?occasion=submission",
        "licences": "/m/licences",
        "code": "/m/licences/me",
        "access": "/m/access",
    }


@pytest.mark.browser
def test_the_pages_are_fit_to_be_read(street: Street, hall: Hall, browser: Browser) -> None:
    register = Value("河南省信阳市新县旧址1号", Origin.REGISTER, "household_register", "2026-01-02")
    number, asked = hall.case(values={"mother": {"address": register}}), hall.case(accepted=False)
    hall.complete(number, "BIRTH-CERT", licence("birth_certificate"))
    fact = {"fact": "application.mobile", "zh": "请填联系电话", "en": "A phone number"}
    hall.ask_for(asked, {"material": "m_id", "zh": "请补交母亲身份证", "en": "The mother's ID card"}, fact)
    owner = street.client("sun.mother")
    owner.post(f"/m/cases/{number}/results/part", f"/m/cases/{number}/results")
    paths = page_paths(number, asked)
    wrong: list[str] = []
    for mode, least, text, ways in (
        ("plain", 44, 17, {}),
        ("care", 60, 22, {"viewport": SMALL_PHONE, "language": "en", "color_scheme": "dark"}),
    ):
        page = street.enter(browser, "sun.mother", mode=mode, **ways)
        for name, path in paths.items():
            answer = page.goto(f"{street.url}{path}")
            assert answer is not None
            assert answer.status == 200, path
            keep_picture(page, f"{name}-{mode}")
            found = [*violations(page), *page.evaluate(CLIPPED), *page.evaluate(SMALL_TARGETS, least)]
            assert page.evaluate(SMALL_TEXT) >= text, path
            wrong += [f"{mode} {name}: {each}" for each in found]
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        page.context.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
def test_reasons_are_those_of_the_level_that_was_chosen(street: Street, hall: Hall, browser: Browser) -> None:
    number = hall.case()
    page = street.enter(browser, "sun.mother")
    page.goto(f"{street.url}/m/cases/{number}/ratings/new?occasion=submission")
    assert page.locator(".why:visible").count() == 0
    page.check(".level-5")
    assert page.locator(".why:visible").count() == 1
    keep_picture(page, "rating-chosen")
    page.check(".why:visible input >> nth=0")
    page.click("footer button")
    page.wait_for_url(f"**/m/cases/{number}/ratings")
    assert "已评价" in page.inner_text("main")
    page.context.close()
