"""The guide's pages in a real browser: without script, on a phone, for everyone."""

from __future__ import annotations

import html
import logging
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.http.public_county import DATA, open_county, public_app
from tests.http.world import World
from web.gates import Gate, find_gate

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# Pages of every kind: many, one with a group and a joint visit, one for persons, and none.
PAGES = ("/guide/", "/guide/E-RESTAURANT", "/guide/P-NEWBORN", "/guide/NO")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the pages are served."""
    folder = tmp_path_factory.mktemp("public")
    ports = open_county(folder, f"sqlite:///{folder}/one.sqlite")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, public_app(ports), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()
    ports.close()


class Links(HTMLParser):
    """Every address a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if name in ("href", "src") and value}


def open_page(browser: Browser, address: str, **more: Any) -> Page:
    page = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **more}).new_page()
    page.goto(address)
    return page


@pytest.mark.browser
def test_a_person_finds_the_guide_without_any_script(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/guide/", java_script_enabled=False)
    assert page.locator(".cards li").count() == len(DATA["things"])
    page.get_by_role("link", name="新生儿出生").click()
    assert page.locator("h1").inner_text() == "新生儿出生"
    assert page.get_by_role("heading", name="不用您带的材料").is_visible()
    page.get_by_role("link", name="English").click()
    assert page.locator("h1").inner_text() == "Birth of a child"
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="All one-things").click()
    assert page.locator("h1").inner_text() == "Guides"
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_wrong(browser: Browser, site: str, path: str, language: str) -> None:
    page = open_page(browser, f"{site}{path}?lang={language}", bypass_csp=True)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    page.context.close()
    assert [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found["violations"]] == []


@pytest.mark.browser
@pytest.mark.parametrize("path", PAGES)
def test_it_fits_a_phone(browser: Browser, site: str, path: str) -> None:
    page = open_page(browser, f"{site}{path}", viewport={"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.context.close()


@pytest.mark.browser
def test_nothing_comes_from_elsewhere(browser: Browser, site: str) -> None:
    page = browser.new_context().new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    # The chart is fetched when it comes into view, and that may be after everything else was quiet.
    with page.expect_response("**/flow.svg"):
        page.goto(f"{site}/guide/E-RESTAURANT")
        page.locator("figure.chart").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    page.context.close()
    assert any(address.endswith("/flow.svg") for address in asked)
    assert [address for address in asked if not address.startswith(site)] == []
    assert wrong == []


def test_every_link_leads_somewhere(tmp_path: Path) -> None:
    ports = open_county(tmp_path, f"sqlite:///{tmp_path}/links.sqlite")
    client = public_app(ports).test_client()
    links = Links()
    for path in ("/guide/", "/guide/E-RESTAURANT", "/guide/E-RESTAURANT?lang=en"):
        links.feed(client.get(path).get_data(as_text=True))
    here = {link for link in links.found if link.startswith("/")}
    assert len(here) > len(DATA["things"])
    assert links.found - here <= {"#main"}
    broken = [link for link in sorted(here) if client.get(link).status_code != 200]
    ports.close()
    assert broken == []


def test_every_guide_is_a_page_in_both_languages(tmp_path: Path) -> None:
    ports = open_county(tmp_path, f"sqlite:///{tmp_path}/all.sqlite")
    client = public_app(ports).test_client()
    for code, thing in DATA["things"].items():
        for language in ("zh", "en"):
            answer = client.get(f"/guide/{code}?lang={language}")
            assert answer.status_code == 200, code
            page = html.unescape(answer.get_data(as_text=True))
            assert f"<h1>{thing[language]}</h1>" in page
            assert all(matter[language] in page for matter in thing["matters"].values()), code
            assert all(material[language] in page for material in thing["materials"].values()), code
    ports.close()


def test_the_policy_allows_no_script_and_no_foreign_frame(tmp_path: Path) -> None:
    ports = open_county(tmp_path, f"sqlite:///{tmp_path}/one.sqlite")
    client = public_app(ports).test_client()
    for path in PAGES:
        answer = client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "<script" not in answer.get_data(as_text=True)
        assert "style=" not in answer.get_data(as_text=True)
        assert answer.status_code == (404 if path.endswith("NO") else 200)
    ports.close()


def test_every_page_names_its_gate(tmp_path: Path) -> None:
    ports = open_county(tmp_path, f"sqlite:///{tmp_path}/one.sqlite")
    app = public_app(ports)
    gates = {rule.rule: find_gate(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()}
    ports.close()
    assert {rule for rule, gate in gates.items() if gate is not Gate.PUBLIC} == set()


def test_a_text_of_the_catalog_is_never_markup(tmp_path: Path) -> None:
    data = {**DATA, "things": {**DATA["things"]}}
    evil = "<script>alert(1)</script>"
    data["things"]["E-RESTAURANT"] = {**data["things"]["E-RESTAURANT"], "zh": evil, "en": evil}
    ports = open_county(tmp_path, f"sqlite:///{tmp_path}/one.sqlite", data)
    client = public_app(ports).test_client()
    for path in ("/guide/", "/guide/E-RESTAURANT", "/guide/E-RESTAURANT?lang=en"):
        text = client.get(path).get_data(as_text=True)
        assert "<script" not in text
        assert "&lt;script&gt;" in text
    ports.close()


def test_the_whole_server_has_the_pages_and_the_door(world: World) -> None:
    client = world.app.test_client()
    assert "新生儿出生" in client.get("/guide/").get_data(as_text=True)
    guide = client.get("/public/v1/things/P-NEWBORN/guide").json
    assert guide["code"] == "P-NEWBORN"
    assert client.get(guide["flow_chart"]).status_code == 200
    assert client.get("/guide").headers["Location"].endswith("/guide/")
