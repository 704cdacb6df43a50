"""What websites and the province's platform take: held to the published contract, on both databases."""

from __future__ import annotations

import copy
import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from onething.domain.tallies import Measure, Tally
from onething.domain.working_days import SHANGHAI
from onething.ports import Ports
from onething.services import browsing
from tests.http.contract import hold_to_contract
from tests.http.public_county import DATA, open_county, public_app, publish

ATOM = {"atom": "http://www.w3.org/2005/Atom"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    """For tests that change nothing."""
    folder = tmp_path_factory.mktemp("public")
    ports = open_county(folder, f"sqlite:///{folder}/one.sqlite")
    yield ports
    ports.close()


@pytest.fixture
def reader(county: Ports) -> FlaskClient:
    return public_app(county).test_client()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ports(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ports]:
    url = f"sqlite:///{tmp_path}/one.sqlite"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_database")
    ports = open_county(tmp_path, url)
    yield ports
    ports.close()


@pytest.fixture
def client(ports: Ports) -> FlaskClient:
    return public_app(ports).test_client()


def ask(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    """One request below /public/v1, held to the contract."""
    answer = client.get(f"/public/v1{path}", headers=headers)
    hold_to_contract("public", "GET", f"/public/v1{path}", answer)
    return answer


def test_every_thing_has_its_guide_and_its_procedures(reader: FlaskClient, county: Ports) -> None:
    things = ask(reader, "/things").json["things"]
    assert len(things) == len(DATA["things"])
    for thing in things:
        guide = ask(reader, f"/things/{thing['code']}/guide").json
        told = browsing.get_guide(county, thing["code"])
        assert {**guide, "flow_chart": told["flow_chart"]} == told
        procedures = ask(reader, f"/things/{thing['code']}/procedures").json["procedures"]
        assert [each["code"] for each in procedures] == [each["code"] for each in guide["matters"]]
    assert reader.get(guide["flow_chart"]).mimetype == "image/svg+xml"


def test_what_is_not_there_is_not_found(reader: FlaskClient) -> None:
    for path in (
        "/things/NO/guide",
        "/things/NO/handbook",
        "/things/NO/procedures",
        "/things/P-NEWBORN/procedures/NO/document",
        "/lists/dog",
    ):
        assert ask(reader, path).status_code == 404, path
    assert ask(reader, "/lists/person?format=pdf").status_code == 422
    assert ask(reader, "/lists/person", Accept="image/png").status_code == 406


def test_a_list_comes_as_json_csv_and_spreadsheet(reader: FlaskClient) -> None:
    rows = ask(reader, "/lists/enterprise").json["rows"]
    restaurant = next(row for row in rows if row["code"] == "E-RESTAURANT")
    assert restaurant["batch"]["zh"] == "国务院2022年清单（13件）"
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    text = reader.get("/public/v1/lists/enterprise?format=csv").get_data().decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["编码"] for line in lines] == [row["code"] for row in rows]
    assert lines[0]["状态"] == "已上线"
    by_accept = reader.get("/public/v1/lists/enterprise", headers={"Accept": XLSX})
    assert by_accept.mimetype == XLSX
    with zipfile.ZipFile(io.BytesIO(by_accept.get_data())) as book:
        words = book.read("xl/sharedStrings.xml").decode()
    assert all(row["code"] in words for row in rows)
    english = reader.get("/public/v1/lists/enterprise?format=csv&lang=en").get_data().decode("utf-8-sig")
    assert english.startswith("No.,Code,One-thing")


def test_both_lists_together_hold_every_listed_thing(reader: FlaskClient) -> None:
    codes = [
        row["code"]
        for audience in ("person", "enterprise")
        for row in ask(reader, f"/lists/{audience}").json["rows"]
    ]
    assert sorted(codes) == sorted(code for code, thing in DATA["things"].items() if "listing" in thing)


def test_an_answer_is_kept_until_the_next_revision(client: FlaskClient, ports: Ports) -> None:
    first = ask(client, "/things/E-RESTAURANT/procedures")
    assert first.headers["ETag"].strip('"').startswith(ports.catalogs.imprint(1).digest)
    assert first.last_modified == ports.catalogs.imprint(1).published_at.replace(microsecond=0)
    again = {"If-None-Match": first.headers["ETag"]}
    assert ask(client, "/things/E-RESTAURANT/procedures", **again).status_code == 304
    publish_change(ports)
    second = ask(client, "/things/E-RESTAURANT/procedures", **again)
    assert second.status_code == 200
    assert second.json["revision"] == 2


def publish_change(ports: Ports) -> None:
    """One sentence of one guide changes, and a one-thing goes."""
    data = copy.deepcopy(dict(DATA))
    data["things"]["E-RESTAURANT"]["summary"]["en"] = "All it takes to open a restaurant"
    del data["things"]["P-AFTER-DEATH"]
    data["pack"]["order"] = [code for code in data["pack"]["order"] if code in data["things"]]
    data["differences"]["list"] = [
        each for each in data["differences"]["list"] if each["thing"] in data["things"]
    ]
    assert publish(ports, data) == 2
    # which revision is current is looked up every two seconds
    ports.catalogs._looked_at = float("-inf")  # type: ignore[attr-defined]


def test_the_feed_names_changed_guides_and_revisions(client: FlaskClient, ports: Ports) -> None:
    before = entries(client)
    publish_change(ports)
    after = entries(client)
    new = [entry for entry in after if entry["id"] not in {old["id"] for old in before}]
    assert [(entry["term"], entry["title"].partition(" / ")[2]) for entry in new] == [
        ("guide", "Guide changed: Business permission (opening a restaurant)"),
        ("guide", "One-thing withdrawn: After a citizen's death"),
        ("revision", "Catalog revision 2 published"),
    ]
    assert "All it takes to open a restaurant" in new[0]["content"]
    assert new[0]["page"].endswith("/guide/E-RESTAURANT")
    assert new[1]["page"].endswith("/guide/")
    assert after[-len(before) :] == before, "what was told once stays as it was told"
    assert len({entry["id"] for entry in after}) == len(after)


def entries(client: FlaskClient) -> list[dict[str, Any]]:
    """The feed's entries, as a reader of RFC 4287 sees them."""
    answer = ask(client, "/news")
    feed = ElementTree.fromstring(answer.get_data())
    for name in ("id", "title", "updated", "author/atom:name"):
        assert feed.findtext(f"atom:{name}", namespaces=ATOM), name
    found = []
    for entry in feed.findall("atom:entry", ATOM):
        said = {name: entry.findtext(f"atom:{name}", namespaces=ATOM) for name in ("id", "title", "content")}
        link = entry.find("atom:link[@rel='alternate']", ATOM)
        category = entry.find("atom:category", ATOM)
        assert link is not None
        assert category is not None
        assert entry.findtext("atom:updated", namespaces=ATOM)
        found.append({**said, "page": link.get("href"), "term": category.get("term")})
    return found


def test_the_guide_says_how_long_it_took_in_fact(client: FlaskClient, ports: Ports) -> None:
    assert ask(client, "/things/P-NEWBORN/guide").json["waiting"] is None
    note_ended(ports, 4, days=3)
    assert ask(client, "/things/P-NEWBORN/guide").json["waiting"] is None, "too few to be told"
    note_ended(ports, 6, days=3)
    told = ask(client, "/things/P-NEWBORN/guide")
    between = ports.working_days.between(today(ports) - timedelta(days=3), today(ports))
    assert told.json["waiting"] == {"median_days": between, "p90_days": between, "cases": 10}
    assert told.last_modified is None, "it also changes between revisions"
    page = client.get("/guide/P-NEWBORN")
    assert "近30天实际用时" in page.text
    assert page.last_modified is None
    assert "近30天实际用时" not in client.get("/guide/E-RESTAURANT").text
    assert ask(client, "/things/E-RESTAURANT/guide").json["waiting"] is None


def today(ports: Ports) -> date:
    return ports.clock.now().astimezone(SHANGHAI).date()


def note_ended(ports: Ports, cases: int, days: int) -> None:
    """So many births ended today that were handed in some days ago."""
    submitted_on = today(ports) - timedelta(days=days)
    tally = Tally(today(ports), "411523", "WJ", "P-NEWBORN", Measure.WAITED, submitted_on.isoformat())
    with ports.records.act() as uow:
        uow.tallies.add({tally: cases}, "0" * 32)


def test_another_website_may_read_it(reader: FlaskClient) -> None:
    answer = ask(reader, "/things", Origin="https://county.invalid")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, no-cache"


def test_a_handbook_is_made_once(reader: FlaskClient) -> None:
    first = ask(reader, "/things/E-RESTAURANT/handbook")
    assert first.get_data().startswith(b"%PDF-")
    assert 'filename="E-RESTAURANT.pdf"' in first.headers["Content-Disposition"]
    again = ask(reader, "/things/E-RESTAURANT/handbook")
    assert again.get_data() == first.get_data()
    page = ask(reader, "/things/E-RESTAURANT/procedures/FOOD/document")
    assert page.get_data().startswith(b"%PDF-")
    assert len(page.get_data()) < len(first.get_data())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(
        [
            "/things/{}/guide",
            "/things/{}/flow-chart",
            "/things/{}/procedures",
            "/things/P-NEWBORN/procedures/{}/document",
            "/things/{}/handbook",
            "/lists/{}",
        ]
    ),
    word=st.text(min_size=1, max_size=20) | st.sampled_from(["P-NEWBORN", "person", "..", "HUKOU"]),
    query=st.dictionaries(st.sampled_from(["format", "lang", "x"]), st.text(max_size=8), max_size=2),
    accept=st.sampled_from(["", "*/*", "text/csv", "text/csv;q=0.1, */*", "image/*", ";;"]),
)
def test_whatever_is_asked_for_there_is_a_documented_answer(
    reader: FlaskClient, path: str, word: str, query: dict[str, str], accept: str
) -> None:
    quoted = quote(word, safe="", errors="replace")
    answer = reader.get(
        f"/public/v1{path.format(quoted)}", query_string=query, headers={"Accept": accept} if accept else {}
    )
    assert answer.status_code in (200, 308, 404, 406, 422), answer.get_data(as_text=True)
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json"
        assert answer.json["title_zh"]
