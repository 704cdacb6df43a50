"""Random valid packs: chains, alternatives, bases, bound matters, repeating roles, conditions, sources.

``packs()`` gives a pack's plain data, ``catalogs()`` the catalog read from it. Results flow from
earlier matters to later ones only, so that no pack has a circle.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from onething.domain.catalog import Catalog
from onething.packs.reading import read_catalog

_FACTS = ("name", "id_number", "birth_on", "sex", "address", "married")
_ROLES = ("me", "other", "staff")
_QUESTIONS = ("moved", "married", "insured")
_LIMITS = ("0.5 wd", "1 wd", "5 wd", "20 cd", "30 wd")


def _label(text: str) -> dict[str, str]:
    return {"zh": f"{text}的中文", "en": text}


def _shared() -> dict[str, Any]:
    person = {name: {**_label(name), "type": "text"} for name in _FACTS}
    person["id_number"]["type"] = "citizen_id"
    person["birth_on"]["type"] = "date"
    person["married"]["type"] = "boolean"
    person["sex"] |= {"type": "code", "codes": "sex"}
    application = {name: {**_label(name), "type": "boolean"} for name in _QUESTIONS}
    application["mobile"] = {**_label("mobile"), "type": "mobile"}
    results = {f"result_{at}": {**_label(f"result {at}"), "type": "text"} for at in range(9)}
    documents = {
        f"paper_{at}": {**_label(f"paper {at}"), "channel": "20", "e_licence": True} for at in range(9)
    }
    return {
        "pack": {"pack": "random", "format": 1, "label": _label("random"), "division": "411599"},
        "departments": {code: _label(code) for code in ("GA", "YB", "RS")},
        "facts": {"person": {**person, **results}, "application": application},
        "codes": {"sex": {"members": {"1": _label("male"), "2": _label("female")}}},
        "documents": {"form": {**_label("form"), "channel": "99"}, **documents},
        "sources": {
            "id_card": {**_source(), "asks": [], "yields": ["self.name", "self.id_number", "self.sex"]},
            "e_licences": _source(),
            "population": {**_source(), "yields": ["self.name", "self.birth_on", "self.sex", "self.address"]},
            "relations": {
                **_source(),
                "slots": {"self": "person", "relative": "person"},
                "yields": ["relative.name", "relative.id_number"],
                "proves": ["relative"],
            },
        },
    }


def _source() -> dict[str, Any]:
    return {**_label("source"), "department": "GA", "slots": {"self": "person"}, "asks": ["self.id_number"]}


@st.composite
def packs(draw: DrawFn) -> dict[str, Any]:
    """A pack with one one-thing, P-RANDOM, as plain data that passes the check."""
    roles = list(_ROLES[: draw(st.integers(1, 3))])
    codes = [f"M{at}" for at in range(draw(st.integers(1, 8)))]
    groups = draw(_groups(codes))
    bound = draw(_bound_pairs(codes, groups))
    matters = {
        code: draw(_matter(at, codes, [role for role in roles if role != "staff"] or ["me"], groups, bound))
        for at, code in enumerate(codes)
    }
    _make_agree(matters, groups, bound)
    if "staff" in roles:
        matters[codes[-1]]["facts"] += [
            "staff.name",
            "staff.id_number",
            {"fact": "staff.birth_on", "when": 'staff.sex == "2" && application.moved'},
        ]
    thing = {
        "code": "P-RANDOM",
        **_label("random"),
        "summary": _label("random"),
        "audience": "person",
        "lead": "GA",
        "subject": "me",
        "promise": {"days": draw(st.integers(1, 60)), "override_by": "nobody", "override_reason": "random"},
        "roles": {role: _role(role, roles) for role in roles},
        "applicants": ["me"],
        "sources": _uses(roles),
        "questions": [{"fact": f"application.{name}", "default": draw(st.booleans())} for name in _QUESTIONS],
        "groups": {name: {**_label(name), "kind": kind} for name, (kind, _) in groups.items()},
        "matters": matters,
        "materials": _materials(matters, draw(st.sets(st.integers(0, 8)))),
    }
    return {**_shared(), "things": {"P-RANDOM": thing}}


def catalogs() -> SearchStrategy[Catalog]:
    """The catalog of a random valid pack."""
    return packs().map(read_catalog)


@st.composite
def _groups(draw: DrawFn, codes: list[str]) -> dict[str, tuple[str, list[str]]]:
    """At most one group of two or three neighbours, so that no result flows between its members."""
    if len(codes) < 2 or draw(st.booleans()):
        return {}
    first = draw(st.integers(0, len(codes) - 2))
    members = codes[first : first + draw(st.integers(2, 3))]
    return {"choice": (draw(st.sampled_from(["base", "alternative"])), members)}


@st.composite
def _bound_pairs(draw: DrawFn, codes: list[str], groups: dict[str, tuple[str, list[str]]]) -> dict[str, str]:
    """At most one pair of neighbours outside the groups."""
    grouped = {code for _, members in groups.values() for code in members}
    pairs = [(a, b) for a, b in zip(codes, codes[1:], strict=False) if not {a, b} & grouped]
    if not pairs or draw(st.booleans()):
        return {}
    one, other = draw(st.sampled_from(pairs))
    return {one: other, other: one}


def _conditions() -> SearchStrategy[str]:
    question = st.sampled_from([f"application.{name}" for name in _QUESTIONS])
    literal = st.one_of(question, question.map("!{}".format), st.just('me.sex == "2"'))
    return st.one_of(literal, st.tuples(literal, literal).map(" || ".join))


@st.composite
def _matter(
    draw: DrawFn,
    at: int,
    codes: list[str],
    roles: list[str],
    groups: dict[str, tuple[str, list[str]]],
    bound: dict[str, str],
) -> dict[str, Any]:
    code = codes[at]
    group = next((name for name, (_, members) in groups.items() if code in members), None)
    earlier = [n for n in range(at) if group is None or codes[n] not in groups[group][1]]
    wanted = draw(
        st.sets(st.sampled_from([f"{role}.{name}" for role in roles for name in _FACTS]), max_size=6)
    )
    facts: list[Any] = [_maybe(draw, "fact", key) for key in sorted(wanted)]
    used = draw(st.sets(st.sampled_from(earlier), max_size=2)) if earlier else set()
    facts += [f"me.result_{n}" for n in sorted(used)]
    facts.append("application.mobile")
    papers = draw(st.sets(st.sampled_from(earlier), max_size=2)) if earlier else set()
    matter: dict[str, Any] = {
        **_label(code),
        "department": draw(st.sampled_from(["GA", "YB", "RS"])),
        "act": "20",
        "optional": draw(st.booleans()),
        "default": draw(st.booleans()),
        "facts": facts,
        "materials": [_maybe(draw, "material", f"paper_{n}") for n in sorted(papers)],
        "produces": {"facts": [f"me.result_{at}"], "documents": [f"paper_{at} of me"]},
        "limits": {"promised": draw(st.sampled_from(_LIMITS))},
    }
    if group is not None:
        matter["group"] = group
    if code in bound:
        matter["bound_with"] = [bound[code]]
    elif draw(st.integers(0, 3)) == 0:
        matter["when"] = draw(_conditions())
    if earlier and draw(st.booleans()):
        matter["after"] = [{"matter": codes[draw(st.sampled_from(earlier))], "reason": _label("turn")}]
    return matter


def _make_agree(
    matters: dict[str, Any], groups: dict[str, tuple[str, list[str]]], bound: dict[str, str]
) -> None:
    """One of a group is ticked at first and all or none may be left out; bound matters are alike."""
    for _, members in groups.values():
        for code in members:
            matters[code]["optional"] = matters[members[0]]["optional"]
            matters[code]["default"] = code == members[0]
    for one, other in bound.items():
        matters[other] |= {key: matters[one][key] for key in ("optional", "default")}


def _maybe(draw: DrawFn, key: str, word: str) -> Any:
    """The word alone, or under a condition."""
    return {key: word, "when": draw(_conditions())} if draw(st.integers(0, 3)) == 0 else word


def _role(role: str, roles: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {**_label(role), "kind": "person"}
    if role == "other":
        found["right"] = ["relations", "card"]
    if role == "staff":
        found |= {"right": ["card"], "repeats": {"least": 1, "most": 5}}
    return found


def _uses(roles: list[str]) -> list[dict[str, str]]:
    uses = [{"use": "population", "self": "me"}]
    if "other" in roles:
        uses += [
            {"use": "relations", "self": "me", "relative": "other"},
            {"use": "population", "self": "other"},
        ]
    return uses


def _materials(matters: dict[str, Any], by_data: set[int]) -> dict[str, Any]:
    """The materials that matters want; every matter's result is an e-licence with paper as last way."""
    wanted = {
        each["material"] if isinstance(each, dict) else each
        for matter in matters.values()
        for each in matter["materials"]
    }
    return {
        name: {
            **_label(name),
            "document": name,
            "of": "me",
            "met_by": [{"data": "population"}, "submit"]
            if int(name.rpartition("_")[2]) in by_data
            else ["e_licence", "submit"],
        }
        for name in sorted(wanted)
    }
