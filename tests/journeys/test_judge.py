"""The judge sees what it is there to see: each fault on a made page is named, a good page has none."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from .judge import list_faults

pytestmark = pytest.mark.browser

GOOD = """<!doctype html><html lang="zh-CN"><head><title>好</title><style>
body { font: 30px "Noto Sans CJK SC", HanaMinB, sans-serif; color: #111; background: #fff; }
button { min-width: 90px; min-height: 90px; font: inherit; }
</style></head><body><main id="screen"><h1>张𠮷䶮的孩子</h1><button>下一步</button>%s</main></body></html>"""
BAD = {
    "small target": '<button style="min-height:40px;height:40px">小</button>',
    "small text": '<p style="font-size:20px">看不清的字</p>',
    "cut off": '<div style="width:200px;overflow:hidden;white-space:nowrap">河南省信阳市新县</div>',
    "no glyph": "<p>没有字形 \u0379</p>",
    "no glyph: \ufffd": "<p>坏字符 \ufffd</p>",
    "broken word": '<p style="width:60px;word-break:break-all">Household</p>',
    "too wide for its box": '<p style="width:90px;white-space:nowrap">居民户口簿首页</p>',
    "covered": '<button>被挡住</button><div style="position:fixed;inset:0;opacity:.01"></div>',
    "axe color-contrast": '<p style="color:#bbb">看不清的颜色</p>',
    "axe button-name": "<button></button>",
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1080, "height": 1920})
    yield page
    page.context.close()


def test_a_good_page_has_no_fault(page: Page) -> None:
    page.set_content(GOOD % "")
    assert list_faults(page) == []


@pytest.mark.parametrize("fault", BAD)
def test_each_fault_is_seen(page: Page, fault: str) -> None:
    page.set_content(GOOD % BAD[fault])
    assert any(found.startswith(fault) for found in list_faults(page)), list_faults(page)
