"""The mini-program's own tests, each file of them one of ours."""

import io
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser

from tests.console.looking import told
from tests.miniprogram.conftest import HERE, Outside
from tests.miniprogram.looking import PHONE, judge, open_first

SPECS = sorted(file.name for file in HERE.glob("*.spec.js"))


@pytest.mark.parametrize("spec", SPECS)
def test_holds(jest: dict[str, Any], spec: str) -> None:
    result = jest[spec]
    failed = [
        f"{each['fullName']}\n" + "\n".join(each["failureMessages"])
        for each in result["assertionResults"]
        if each["status"] != "passed"
    ]
    assert result["status"] == "passed", "\n\n".join([result.get("message", ""), *failed])[-8000:]
    assert result["assertionResults"]


@pytest.mark.browser
def test_pages_can_be_read_and_touched(jest: dict[str, Any], outside: Outside, browser: Browser) -> None:
    """The pages as the journey has drawn them; ``jest`` is asked for so that it has."""
    drawn = sorted((outside.recorded / "screens").glob("*.html"))
    assert len(drawn) >= len(list((HERE.parents[1] / "mobile_api" / "miniprogram" / "pages").iterdir())) - 2
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    open_first(page, drawn[0])
    wrong = [each for file in drawn for each in judge(page, file)]
    page.goto((outside.recorded / "screens" / "licences.html").as_uri())
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    context.close()
    assert code.text.startswith("ONETHING-SHOW:1:")
    assert not wrong, told(wrong)
