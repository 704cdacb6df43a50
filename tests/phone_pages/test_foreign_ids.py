"""Every id in every page's address, tried by another person: 404, and not even that it exists.

A new page stands in TRIED by its method and rule, with whose id it takes, or this fails.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.phone_pages.street import Street, Walker
from tests.phone_pages.test_form import walk_to_form
from web.gates import Gate, find_gate

NOBODY_S = "0" * 32
# What anyone may open: nothing there is about a person.
OPEN = {
    ("GET", "/m/"),
    ("GET", "/m/<path:missing>"),
    ("GET", "/m/enter"),
    ("GET", "/m/enter/<any(wechat, alipay):provider>"),
    ("POST", "/m/enter/<any(wechat, alipay):provider>"),
    ("GET", "/m/enter/in-wechat"),
    ("GET", "/m/enter/in-wechat/return"),
    ("GET", "/m/enter/province"),
    ("GET", "/m/enter/province/return"),
    ("GET", "/m/static/<path:name>"),
    ("GET", "/m/things/<code>"),
    ("GET", "/m/things/<code>/flow.svg"),
    ("GET", "/m/ways/<any(zh, en, plain, care):wanted>"),
}
# What the code in a kiosk's QR opens, for whoever has it: tried in test_handed.py.
BY_CODE = {
    ("GET", "/m/handed"),
    ("POST", "/m/handed/papers"),
    ("GET", "/m/handed/papers/current"),
    ("POST", "/m/handed/papers/current/pages"),
    ("POST", "/m/handed/papers/current/ending"),
    ("GET", "/m/handed/papers/end"),
}
# Under a draft, with a form that would be good.
OF_DRAFTS: dict[tuple[str, str], dict[str, Any]] = {
    ("GET", "/m/drafts/<draft>"): {},
    ("GET", "/m/drafts/<draft>/matters"): {},
    ("POST", "/m/drafts/<draft>/matters"): {"chosen": ["HUKOU"]},
    ("GET", "/m/drafts/<draft>/consent"): {},
    ("POST", "/m/drafts/<draft>/consent"): {"source": ["birth_register"]},
    ("POST", "/m/drafts/<draft>/fetching"): {},
    ("GET", "/m/drafts/<draft>/people"): {},
    ("POST", "/m/drafts/<draft>/people/declined"): {"role": "father"},
    ("GET", "/m/drafts/<draft>/form"): {},
    ("POST", "/m/drafts/<draft>/form"): {"v:child.name": "某某"},
    ("POST", "/m/drafts/<draft>/settled"): {"settled": "child.name=1"},
    ("POST", "/m/drafts/<draft>/counts"): {"role": "child", "number": "1"},
    ("GET", "/m/drafts/<draft>/step-up"): {},
    ("POST", "/m/drafts/<draft>/step-up/codes"): {},
    ("POST", "/m/drafts/<draft>/step-up/answers"): {"code": "000000"},
    ("GET", "/m/drafts/<draft>/wrong/<fact>"): {},
    ("POST", "/m/drafts/<draft>/wrong/<fact>"): {"value": "某处"},
}
# Of other rooms, each tried in a test of its own beside that room's tests.
ELSEWHERE: dict[tuple[str, str], str] = {
    ("GET", "/m/cases/<number>"): "test_after.py",
    ("GET", "/m/cases/<number>/withdrawal"): "test_after.py",
    ("POST", "/m/cases/<number>/withdrawal"): "test_after.py",
    ("GET", "/m/cases/<number>/values"): "test_after.py",
    ("GET", "/m/cases/<number>/values/<fact>"): "test_after.py",
    ("POST", "/m/cases/<number>/values/<fact>"): "test_after.py",
    ("POST", "/m/cases/<number>/values/<fact>/pages"): "test_after.py",
    ("GET", "/m/cases/<number>/supplement"): "test_after.py",
    ("POST", "/m/cases/<number>/supplement"): "test_after.py",
    ("GET", "/m/cases/<number>/papers/<material>"): "test_after.py",
    ("POST", "/m/cases/<number>/papers/<material>/pages"): "test_after.py",
    ("GET", "/m/cases/<number>/papers/<material>/pages/<file>"): "test_after.py",
    ("POST", "/m/cases/<number>/papers/<material>/pages/<file>/removal"): "test_after.py",
    ("POST", "/m/cases/<number>/papers/<material>/handing-in"): "test_after.py",
    ("GET", "/m/cases/<number>/results"): "test_after.py",
    ("POST", "/m/cases/<number>/results/taking"): "test_after.py",
    ("POST", "/m/cases/<number>/results/part"): "test_after.py",
    ("GET", "/m/cases/<number>/results/<result>/file"): "test_after.py",
    ("POST", "/m/cases/<number>/prints/<print_id>"): "test_after.py",
    ("GET", "/m/cases/<number>/delivery"): "test_after.py",
    ("POST", "/m/cases/<number>/delivery"): "test_after.py",
    ("GET", "/m/cases/<number>/ratings"): "test_after.py",
    ("GET", "/m/cases/<number>/ratings/new"): "test_after.py",
    ("POST", "/m/cases/<number>/ratings"): "test_after.py",
    ("GET", "/m/licences/<licence>/code"): "test_after.py",
    ("GET", "/m/licences/<licence>/file"): "test_after.py",
    ("GET", "/m/invited/<token>"): "test_together.py",
    ("GET", "/m/invitations/<invitation>"): "test_together.py",
    ("POST", "/m/invitations/<invitation>/authorisation"): "test_together.py",
    ("POST", "/m/invitations/<invitation>/refusal"): "test_together.py",
    ("POST", "/m/invitations/<invitation>/taking-back"): "test_together.py",
    ("GET", "/m/invitations/of/<draft>"): "test_together.py",
    ("POST", "/m/invitations/of/<draft>"): "test_together.py",
    ("POST", "/m/invitations/of/<draft>/<invitation>/calling-back"): "test_together.py",
    ("POST", "/m/invitations/of/<draft>/<invitation>/confirmation"): "test_together.py",
    ("POST", "/m/mandates/<mandate>/revocation"): "test_together.py",
    ("POST", "/m/mandates/<mandate>/acting"): "test_together.py",
    ("POST", "/m/account/sign-ins/<sign_in>/ending"): "below",
    ("POST", "/m/account/bindings/<binding>/ending"): "below",
    ("GET", "/m/drafts/<draft>/materials"): "test_materials.py",
    ("GET", "/m/drafts/<draft>/materials/<material>"): "test_materials.py",
    ("POST", "/m/drafts/<draft>/materials/<material>/pages"): "test_materials.py",
    ("POST", "/m/drafts/<draft>/materials/<material>/pages/<file>/removal"): "test_materials.py",
    ("GET", "/m/files/<file>/preview"): "test_materials.py",
    ("GET", "/m/drafts/<draft>/signature"): "test_materials.py",
    ("POST", "/m/drafts/<draft>/signature"): "test_materials.py",
    ("GET", "/m/drafts/<draft>/review"): "test_materials.py",
    ("POST", "/m/drafts/<draft>/submission"): "test_materials.py",
    ("GET", "/m/receipts/<number>"): "test_materials.py",
    ("GET", "/m/receipts/<number>/form"): "test_materials.py",
    ("POST", "/m/uploads/<any(material, evidence, supplement):purpose>/<owner>/<name>"): "test_materials.py",
    ("GET", "/m/uploads/<upload>"): "test_materials.py",
    ("PATCH", "/m/uploads/<upload>"): "test_materials.py",
    ("DELETE", "/m/uploads/<upload>"): "test_materials.py",
    ("POST", "/m/uploads/<upload>/pages"): "test_materials.py",
    ("GET", "/m/handed/forms/<handover>"): "test_handed.py",
    ("POST", "/m/messages/<message>/opening"): "test_messages.py",
    ("POST", "/m/handed/forms/<handover>/ending"): "test_handed.py",
}


def routes(street: Street) -> Iterator[tuple[str, str, Gate | None, bool]]:
    for rule in street.app.url_map.iter_rules():
        if rule.rule.startswith("/m/"):
            gate = find_gate(street.app.view_functions[rule.endpoint])
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, rule.rule, gate, bool(rule.arguments)


def open_page(walker: Walker, method: str, path: str, fields: dict[str, Any]) -> Any:
    headers = {"Sec-Fetch-Site": "same-origin"}
    return walker.client.open(path, method=method, data=fields, headers=headers, base_url="http://127.0.0.1")


def some_address(rule: str) -> str:
    """An address of the rule, of things that are nobody's."""
    first = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule)
    return re.sub(r"<[^>]+>", NOBODY_S, first)


@pytest.fixture
def draft(street: Street) -> str:
    return walk_to_form(street.client("chen.mother")).rpartition("/")[2]


def test_every_page_names_its_gate_and_is_tried(street: Street) -> None:
    found = list(routes(street))
    assert {gate for _, _, gate, _ in found} <= {Gate.PUBLIC, Gate.PHONE_PAGE, Gate.PHONE_PAGE_USER}
    with_ids = {(method, path) for method, path, gate, ids in found if ids and gate is not Gate.PUBLIC}
    assert with_ids == OF_DRAFTS.keys() | ELSEWHERE.keys()
    everyone_s = {(method, path) for method, path, gate, _ in found if gate is Gate.PUBLIC}
    assert everyone_s == OPEN | BY_CODE


def test_without_a_sign_in_every_page_leads_to_it(street: Street) -> None:
    for method, path, gate, _ in routes(street):
        if gate is Gate.PUBLIC:
            continue
        answer = open_page(street.client(), method, some_address(path), {})
        assert answer.status_code in (303, 401), path
        assert answer.status_code == 401 or answer.location.startswith("/m/enter"), path


def test_another_persons_draft_is_not_there(street: Street, draft: str) -> None:
    owner, stranger = street.client("chen.mother"), street.client("stranger.man")
    before = owner.get(f"/m/drafts/{draft}/form").get_data(as_text=True)
    for (method, rule), fields in OF_DRAFTS.items():
        rule = rule.replace("<fact>", "mother.address")
        said = [
            open_page(stranger, method, rule.replace("<draft>", each), fields) for each in (draft, NOBODY_S)
        ]
        for answer in said:
            assert answer.status_code == 404, (method, rule)
            assert 'data-reason="not_found"' in answer.get_data(as_text=True)
    assert _shown(owner.get(f"/m/drafts/{draft}/form").get_data(as_text=True)) == _shown(before)


def test_another_persons_sign_in_and_account_are_not_there(street: Street) -> None:
    owner, stranger = street.client("chen.mother"), street.client("stranger.man")
    street.client("chen.mother")
    page = owner.get("/m/account").get_data(as_text=True)
    paths = re.findall(r'action="(/m/account/[^"]+)"', page)
    assert {path.split("/")[3] for path in paths} == {"sign-ins", "bindings"}
    for path in (*paths, *(re.sub(r"[^/]+/ending$", f"{NOBODY_S}/ending", each) for each in paths)):
        assert stranger.send(path, {}).status_code == 404, path
    assert owner.get("/m/account").status_code == 200


def _shown(page: str) -> list[str]:
    return [line for line in page.splitlines() if 'name="v:' in line or 'class="weui-cell known"' in line]
