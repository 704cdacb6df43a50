"""A birth from the idle screen to the departments' answers, read as the mother reads it."""

import io
import re
import subprocess
import time
from pathlib import Path

import pytest
from PIL import Image

from demo.outputs import Visit
from demo.world import World

from .sitting import ANSWERS, Sitting
from .window import Window

pytestmark = pytest.mark.browser
MOST_TOUCHES = 40
MOST_KEYS = 40
MOTHER, FATHER = "rare.mother", "rare.father"
MOTHER_NAME, FATHER_NAME, CHILD_NAME = "张𠮷䶮", "吴㛃", "李安然"


def test_a_birth_from_idle_to_the_departments_answers(world: World, window: Window, tmp_path: Path) -> None:
    sitting = Sitting(world, window, MOTHER, other=FATHER)
    sitting.go_to("form")
    check_every_known_value_names_its_source(window)
    assert sitting.go_to("receipt") == "receipt"
    number = sitting.read_case_number()
    window.page.locator(".receipt .notice.good").filter(has_text="请取走回执").wait_for()
    print(f"touches {window.touches}, keys {window.keys}, asked {sitting.asked}")
    assert window.touches <= MOST_TOUCHES
    assert window.keys <= MOST_KEYS
    assert sitting.asked == ["child.name", "application.mobile"]
    check_slip(sitting, world, number)
    sitting.finish()
    check_form_and_answers(world, number, tmp_path)
    check_progress_and_reprint(world, window, sitting, number)


def check_every_known_value_names_its_source(window: Window) -> None:
    rows = window.page.locator(".field.known").all()
    assert len(rows) >= 12
    for row in rows:
        assert row.locator(".value").inner_text().strip()
        assert row.locator(".chip").inner_text().strip(), row.inner_text()
    assert MOTHER_NAME in window.known("姓名").inner_text()
    assert "读卡器" in window.known("姓名").locator(".chip").inner_text()
    assert re.search(r"登记于 20\d\d-\d\d-\d\d", window.known("出生时间").locator(".chip").inner_text())


def check_slip(sitting: Sitting, world: World, number: str) -> None:
    slip = sitting.wait_for_slips(1)[0]
    text = "\n".join(slip["lines"])
    assert slip["cut"]
    assert number in text
    for part in ("出生医学证明首次签发", "出生登记（户口登记）", "社会保障卡申领", "公安局", "医疗保障局"):
        assert part in text
    assert "工作日" in text
    assert "补打" not in text
    card = world.get_card(MOTHER)
    assert card["id_number"] not in text
    assert re.search(rf"证件号 +{card['id_number'][0]}\*+{card['id_number'][-1]}\n", text)
    assert MOTHER_NAME not in text
    # a name of rare characters cannot be sent as text: it is drawn
    assert slip["pictures"] == 1
    assert "受理后5个工作日内统一出结果" in text.replace("\n", "")
    assert re.search(r"20\d\d年\d+月\d+日前受理或答复", text)
    picture = Image.open(io.BytesIO(world.printer.get_bytes("/slips/1.png")))
    assert picture.height > picture.width > 576
    assert picture.getextrema() == (0, 255)
    assert number in "".join(slip["qr"])


def check_form_and_answers(world: World, number: str, folder: Path) -> None:
    visit = Visit(world, MOTHER)
    case = visit.wait_for_departments(number)
    assert {part["state"] for part in case["parts"]} == {"completed"}
    pdf = folder / "form.pdf"
    pdf.write_bytes(visit.get_form(number))
    visit.end()
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    for value in (MOTHER_NAME, FATHER_NAME, CHILD_NAME, number, ANSWERS["application.mobile"]):
        assert value in text, value


def check_progress_and_reprint(world: World, window: Window, sitting: Sitting, number: str) -> None:
    window.act("progress")
    sitting.put_card()
    window.act("open_case", number)
    window.page.locator(".timeline").wait_for()
    timeline = window.page.locator(".timeline").inner_text()
    for entry in ("您提交了申请", "公安局已办成", "全部事项已有结果"):
        assert entry in timeline
    assert window.page.locator(".row .tag.good").filter(has_text="已办成").count() == 5
    began = time.monotonic()
    window.act("reprint")
    again = "\n".join(sitting.wait_for_slips(2)[1]["lines"])
    print(f"reprinted after {time.monotonic() - began:.1f} s")
    assert "补打" in again
    assert number in again
    window.says("请取走回执")
