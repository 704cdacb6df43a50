"""Papers: handed in, refused, taken back, and read by the department whose part they are for."""

import io

import pytest
from PIL import Image, ImageDraw

from onething.domain.errors import NotFound
from onething.ports import KeyReused, Once, PaperRefused
from onething.services import attaching, authorising, delivering
from onething.worker import Worker
from tests.services.county import County, material


def page() -> bytes:
    image = Image.new("RGB", (1240, 1754), "white")
    draw = ImageDraw.Draw(image)
    for line in range(12):
        draw.rectangle((120, 160 + 110 * line, 1100 - 40 * (line % 3), 184 + 110 * line), fill=(20, 20, 20))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90)
    return out.getvalue()


def test_a_department_reads_the_pages_of_its_own_part_only(county: County) -> None:
    session = county.sign_in()
    draft = county.fetch(session, county.agree(session, county.open(session)))
    draft = authorising.decline(county.ports, session, draft["id"], "father")
    given = attaching.add_paper(county.ports, session, draft["id"], "f_id", page())
    assert material(given["draft"], "f_id")["state"] == "submitted"
    draft = county.fill(
        session, draft, child__name="李想", application__mobile="19900000001", father__ethnicity="01"
    )
    draft = county.sign(session, draft)
    assert draft["ready"], draft["missing"]
    county.submit(session, draft)
    Worker(county.ports, "test").work_once()
    bodies = {part["body"]["matter"]: part["body"] for part in county.sandbox.list_parts()}
    certificate, vaccine = bodies["BIRTH-CERT"], bodies["VACCINE"]
    file = next(each["file"] for each in certificate["materials"] if each["material"] == "f_id")
    data, media_type = delivering.get_page(county.ports, "WJ", certificate["part"], file)
    assert media_type == "image/jpeg"
    assert data.startswith(b"\xff\xd8\xff")
    for department, part in (("GA", certificate["part"]), ("WJ", vaccine["part"]), ("WJ", "nowhere")):
        with pytest.raises(NotFound):
            delivering.get_page(county.ports, department, part, file)


def test_a_refused_paper_leaves_nothing(county: County) -> None:
    session = county.sign_in()
    draft = county.fetch(session, county.agree(session, county.open(session)))
    draft = authorising.decline(county.ports, session, draft["id"], "father")
    with pytest.raises(PaperRefused) as refused:
        attaching.add_paper(county.ports, session, draft["id"], "f_id", b"%!PS-Adobe-3.0 EPSF-3.0\n")
    assert refused.value.zh
    assert refused.value.en
    again = county.open(session)
    assert material(again, "f_id")["pages"] == []


def test_a_page_can_be_taken_back(county: County) -> None:
    session = county.sign_in()
    draft = county.fetch(session, county.agree(session, county.open(session)))
    draft = authorising.decline(county.ports, session, draft["id"], "father")
    given = attaching.add_paper(county.ports, session, draft["id"], "f_id", page())
    assert attaching.get_preview(county.ports, session, given["file"]).startswith(b"\xff\xd8\xff")
    draft = attaching.remove_paper(county.ports, session, draft["id"], "f_id", given["file"])
    assert material(draft, "f_id")["state"] == "to_submit"
    with pytest.raises(NotFound):
        attaching.get_preview(county.ports, session, given["file"])


def test_no_paper_is_taken_for_what_government_holds(county: County) -> None:
    session = county.sign_in()
    draft = county.fetch(session, county.agree(session, county.open(session)))
    with pytest.raises(NotFound):
        attaching.add_paper(county.ports, session, draft["id"], "m_id", page())


def test_a_retry_adds_a_page_once(county: County) -> None:
    session = county.sign_in()
    draft = county.fetch(session, county.agree(session, county.open(session)))
    draft = authorising.decline(county.ports, session, draft["id"], "father")
    once = Once("a key of the kiosk's", "0" * 64)
    first = attaching.add_paper(county.ports, session, draft["id"], "f_id", page(), once)
    again = attaching.add_paper(county.ports, session, draft["id"], "f_id", page(), once)
    assert again["file"] == first["file"]
    assert len(material(again["draft"], "f_id")["pages"]) == 1
    with pytest.raises(KeyReused):
        attaching.add_paper(county.ports, session, draft["id"], "f_id", page(), Once(once.key, "1" * 64))
