"""A draft meets a new revision of the catalog: it is planned again, and the person is told what changed."""

import copy
from datetime import UTC, datetime

from onething.domain.records import Revision
from onething.services import filling
from tests.services.county import County, field
from tests.services.ready_made import pack


def test_a_new_revision_changes_the_draft_and_says_so(county: County) -> None:
    session = county.sign_in()
    draft = county.open(session)
    assert draft["replanned"] == []
    data = copy.deepcopy(dict(pack().data))
    thing = data["things"]["P-NEWBORN"]
    thing["promise"]["days"] = 4
    thing["matters"]["VACCINE"]["facts"].append("mother.mobile")
    with county.ports.records.act() as uow:
        uow.revisions.add(Revision(2, "1" * 64, data, "test", datetime.now(UTC)))
    county.look_again()
    again = filling.view_draft(county.ports, session, draft["id"])
    assert again["revision"] == 2
    assert [change["zh"] for change in again["replanned"]] == [
        "现在还要填写：手机号码",
        "承诺时限现在是4个工作日",
    ]
    assert field(again, "mother.mobile")["state"] == "needed"
    county.fill(session, draft, child__name="李想")
    assert filling.view_draft(county.ports, session, draft["id"])["replanned"] == []
