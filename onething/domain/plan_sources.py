"""Which sources can be asked now, which become possible when those have answered, and for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from onething.domain.catalog import How, Source, SourceUse
from onething.domain.plan_materials import WantedMaterial
from onething.domain.plan_needs import Needs
from onething.domain.situation import Ground, Right, base_of

E_LICENCES = "e_licences"
CARD = "id_card"
# A mandate is a paper that a clerk reads at the window: no data is opened by it at a kiosk.
_AT_THE_WINDOW = "mandate"
_OWN_CARD = "card"
_HOLDER_CODE = {"person": "id_number", "enterprise": "uscc"}


@dataclass(frozen=True)
class Call:
    """One question to one source about one role.

    ``asks`` maps the source's own words (``self.id_number``) to facts of the form;
    ``yields`` those that this plan wants, ``all_yields`` whatever the source could give.
    ``authorised_by`` names the role whose own card must come first.
    """

    id: str
    source: str
    about: str
    asks: Mapping[str, str]
    yields: Mapping[str, str]
    all_yields: frozenset[str]
    proves: tuple[str, ...] = ()
    document: str | None = None
    authorised_by: str | None = None
    may_be_proven: bool = True

    def to_json(self) -> dict[str, Any]:
        """The call as JSON-ready data."""
        return {
            "call": self.id,
            "source": self.source,
            "about": self.about,
            "document": self.document,
            "asks": list(self.asks.values()),
            "yields": list(self.yields.values()),
            "authorised_by": self.authorised_by,
        }


@dataclass(frozen=True)
class Fetching:
    """Waves of calls, the facts they are expected to give, and whose authorisation they need."""

    waves: tuple[tuple[Call, ...], ...]
    expected: Mapping[str, str]
    authorisations: tuple[str, ...]


def calls_of(ground: Ground, wanted: Mapping[str, WantedMaterial]) -> tuple[Call, ...]:
    """Every call that could be made for this one-thing: its sources and the e-licences it wants."""
    calls = [_source_call(ground, use) for use in ground.uses()]
    calls.insert(0, _card_call(ground))
    calls += _e_licence_calls(ground, wanted)
    return tuple(calls)


def _card_call(ground: Ground) -> Call:
    source = ground.catalog.sources.get(CARD)
    use = SourceUse(CARD, {"self": ground.holder})
    return _bound(ground, use, source) if source else Call(use.call, CARD, ground.holder, {}, {}, frozenset())


def _source_call(ground: Ground, use: SourceUse) -> Call:
    return _bound(ground, use, ground.catalog.sources[use.source])


def _bound(ground: Ground, use: SourceUse, source: Source) -> Call:
    asks = {word: key for word in source.asks if (key := _key(use, word))}
    yields = yields_of(use, source)
    about = use.binds["self"]
    return Call(
        id=use.call,
        source=source.id,
        about=about,
        asks=asks,
        yields=yields,
        all_yields=frozenset(yields.values()),
        proves=tuple(use.binds[slot] for slot in source.proves if slot in use.binds),
        may_be_proven=_may_be_proven(ground, about),
    )


def yields_of(use: SourceUse, source: Source) -> dict[str, str]:
    """What a source gives where it is used so: its own words (``self.name``) to facts of the form."""
    return {word: key for word in source.yields if (key := _key(use, word))}


def _key(use: SourceUse, word: str) -> str | None:
    slot, _, name = word.partition(".")
    return f"{use.binds[slot]}.{name}" if slot in use.binds else None


def _e_licence_calls(ground: Ground, wanted: Mapping[str, WantedMaterial]) -> Iterable[Call]:
    for need in wanted.values():
        if need.inside or not any(way.how is How.E_LICENCE for way in need.material.met_by):
            continue
        code = _HOLDER_CODE.get(ground.thing.roles[need.material.of].kind)
        if code is None:
            continue
        for role in ground.instances(need.material.of):
            yield Call(
                id=e_licence_call(need.material.document, role),
                source=E_LICENCES,
                about=role,
                asks={"holder_code": f"{role}.{code}"},
                yields={},
                all_yields=frozenset(),
                document=need.material.document,
                may_be_proven=_may_be_proven(ground, role),
            )


def e_licence_call(document: str, role: str) -> str:
    """The id of the call for one e-licence of one role."""
    return f"{E_LICENCES}:{document}:{role}"


def _may_be_proven(ground: Ground, role: str) -> bool:
    if ground.right(role) is Right.PROVEN:
        return True
    ways = ground.thing.roles[base_of(role)].right
    return ground.right(role) is Right.OPEN and any(way != _AT_THE_WINDOW for way in ways)


def plan_fetching(
    ground: Ground, calls: tuple[Call, ...], needs: Needs, wanted: Mapping[str, WantedMaterial]
) -> Fetching:
    """The waves of calls that this plan wants, each call with only the facts that are wanted."""
    return _Waves(ground, calls, needs, wanted).plan()


class _Waves:
    """Grows the set of known facts wave by wave; typed facts join when nothing else goes on."""

    def __init__(
        self, ground: Ground, calls: tuple[Call, ...], needs: Needs, wanted: Mapping[str, WantedMaterial]
    ) -> None:
        self.ground = ground
        self.missing = _missing(ground, needs)
        self.open = [left for c in calls if c.may_be_proven and (left := _left_of(ground, c)) is not None]
        answered = ground.situation.outcomes.keys()
        self.verifying = {call for need in wanted.values() for call in need.next_calls(ground)} - answered
        self.useful, self.goals = _useful(ground, self.open, self.missing, self.verifying)
        self.reached = set(ground.known) | set(needs.computed)
        self.proven: set[str] = set()
        self.expected: dict[str, str] = {}
        self.authorisations: list[str] = []
        self.waves: list[tuple[Call, ...]] = []

    def plan(self) -> Fetching:
        remaining = [call for call in self.open if call.id in self.useful]
        while remaining:
            wave = [call for call in remaining if self._possible(call)]
            if wave:
                self._take(wave)
                taken = {call.id for call in wave}
                remaining = [call for call in remaining if call.id not in taken]
            elif not self._type_ahead(remaining) and not self._card_ahead(remaining):
                break
        return Fetching(tuple(self.waves), self.expected, tuple(self.authorisations))

    def _possible(self, call: Call) -> bool:
        return set(call.asks.values()) <= self.reached and self._right(call) is not None

    def _right(self, call: Call) -> str | None:
        """Empty when the right is proven, the role that must authorise, or None when it is not yet."""
        if self.ground.right(call.about) is Right.PROVEN or call.about in self.proven:
            return ""
        ways = self.ground.thing.roles[base_of(call.about)].right
        if _OWN_CARD in ways and not self._register_may_prove(call.about, ways):
            return call.about
        return None

    def _register_may_prove(self, role: str, ways: tuple[str, ...]) -> bool:
        return any(role in c.proves and c.source in ways for c in self.open if c.id in self.useful)

    def _take(self, wave: list[Call]) -> None:
        taken = []
        gained: dict[str, str] = {}
        for call in wave:
            reached = self.reached | gained.keys()
            wanted = {key for key in call.yields.values() if key in self.goals and key not in reached}
            yields = {word: key for word, key in call.yields.items() if key in wanted}
            if not yields and not self._serves_otherwise(call):
                continue
            role = self._right(call)
            if role and role not in self.authorisations:
                self.authorisations.append(role)
            gained.update(dict.fromkeys(yields.values(), call.id))
            taken.append(replace(call, yields=yields, authorised_by=role or None))
        self.expected.update(gained)
        self.reached |= gained.keys()
        self.proven.update(role for call in taken for role in call.proves)
        if taken:
            self.waves.append(tuple(taken))

    def _serves_otherwise(self, call: Call) -> bool:
        return call.id in self.verifying or bool(_proving(self.ground, call))

    def _type_ahead(self, remaining: list[Call]) -> bool:
        """Let the person type what stuck calls ask for, if the form needs it anyway.

        What no stuck call yields is typed for all of them at once; failing that, for the first.
        """
        later = {key for call in remaining for key in call.yields.values()}
        typed: list[set[str]] = []
        for call in remaining:
            lacking = set(call.asks.values()) - self.reached
            if lacking and lacking <= self.missing and self._right(call) is not None:
                typed.append(lacking)
        unyielded = [lacking for lacking in typed if not lacking & later]
        for lacking in unyielded or typed[:1]:
            self.reached |= lacking
        return bool(typed)

    def _card_ahead(self, remaining: list[Call]) -> bool:
        """Let a person's own card, laid down to authorise, tell what a call about them asks for."""
        card = self.ground.catalog.sources.get(CARD)
        told = [word.partition(".")[2] for word in card.yields] if card else []
        for call in remaining:
            lacking = set(call.asks.values()) - self.reached
            if lacking <= {f"{call.about}.{name}" for name in told} and self._right(call) == call.about:
                self.reached |= lacking
                return True
        return False


def _left_of(ground: Ground, call: Call) -> Call | None:
    """What of a call may still be asked: after an answer, only the facts it was not asked for."""
    if call.id not in ground.situation.outcomes:
        return call
    left = {word: key for word, key in call.yields.items() if ground.find_outcome(call.id, key) is None}
    # What its record shows of rights it showed when it first answered.
    return replace(call, yields=left, all_yields=frozenset(left.values()), proves=()) if left else None


def _missing(ground: Ground, needs: Needs) -> set[str]:
    """Facts of the form that have no value yet and cannot be computed from what is known."""
    return {key for key in needs.keys if key not in ground.known and key not in needs.computed}


def _useful(
    ground: Ground, calls: list[Call], missing: set[str], verifying: set[str]
) -> tuple[set[str], set[str]]:
    """Ids of the calls that serve this plan and the facts wanted from them, worked out backwards."""
    goals = set(missing) | (ground.hoped - ground.known.keys())
    for key in missing & ground.thing.computed.keys():
        goals |= ground.conditions.compile(ground.thing.computed[key]).reads - ground.known.keys()
    useful: set[str] = set()
    while True:
        rights = {call.about for call in calls if call.id in useful}
        found = [
            call
            for call in calls
            if call.id not in useful
            and (goals & call.all_yields or call.id in verifying or _proving(ground, call) & rights)
        ]
        if not found:
            return useful, goals
        for call in found:
            useful.add(call.id)
            goals |= set(call.asks.values()) - ground.known.keys()


def _proving(ground: Ground, call: Call) -> set[str]:
    return {
        role
        for role in call.proves
        if ground.right(role) is Right.OPEN and call.source in ground.thing.roles[base_of(role)].right
    }
