"""An act of staff on a page, in one transaction: load, decide, save, say.

The law of this file: what was pressed is decided at once and answered with the case as it stands then. A case
that was changed since the page was drawn is not touched: the page is drawn anew, with what was typed; but who
takes it in hand is not refused for a change that leaves it as free as it was. Every act on a case that was
private before it or is after it is on record.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Final, TypeVar

from bot.dispatch import Surroundings
from bot.holding import save_and_say
from bot.web.desk.guard import AtDesk, DeskRefusal
from bot.web.desk.words import Refused
from bot.web.desk.words_joint import JOINT
from bot.web.desk.words_limits import LIMITS, no_date
from bot.web.desk.words_pauses import PAUSES, no_day
from bot.web.desk.words_supervision import SUPERVISION, no_report_day
from intake.acting import act, possible_acts
from intake.acts import (
    INSIDE,
    Act,
    EmptyWords,
    Given,
    NoSuchChoice,
    NoSuchPlace,
    NotAllowed,
    PartsOpen,
    WordsMissing,
)
from intake.cases import DESK, Case, CaseId, Line, LineRole
from intake.days import NoSuchDate
from intake.desk import Desk
from intake.facts import Wants
from intake.grids import ChatRef
from intake.lifecycle import STATE_NAMES, NotNow
from intake.notices import Notice
from intake.parts import TooMany, names
from intake.people import PersonId
from intake.rules import Rules
from intake.taxonomy import Visibility
from nlp.privacy import covered
from storage.records import Look, StaleCase
from storage.room_records import Photo
from storage.store import Store
from storage.tx import Tx

T = TypeVar("T")


_TAKES: Final = frozenset({Act.TAKE, Act.ANSWER})
"""Acts that say no more than who has it: while nobody has, what else changed since does not matter."""
_TRIES: Final = 3


class Outdated(DeskRefusal):
    """Somebody else changed the case since the page was drawn."""

    def __init__(self) -> None:
        super().__init__(Refused.OUTDATED, 409)


class Acts:
    """`woken` tells the sender that there is something to say."""

    def __init__(
        self,
        store: Store,
        rules: Rules,
        around: Callable[[], Surroundings],
        clock: Callable[[], datetime],
        woken: Callable[[], None],
    ) -> None:
        self.store = store
        self.rules = rules
        self.clock = clock
        self.around = around
        self._woken = woken

    async def do(
        self,
        here: AtDesk,
        case: CaseId,
        version: int | None,
        what: Act,
        given: Given,
        photos: Sequence[Photo] = (),
    ) -> Case:
        """Do it; `photos` show what was done. `version` is that of the page, None where the newest will do.
        Raises DeskRefusal (404: no such case for them), Outdated."""
        result = (await self.do_many(here, {case: version}, what, given, photos))[case]
        if isinstance(result, DeskRefusal):
            raise result
        return result

    async def do_many(
        self,
        here: AtDesk,
        some: Mapping[CaseId, int] | Mapping[CaseId, int | None],
        what: Act,
        given: Given,
        photos: Sequence[Photo] = (),
        tries: int = _TRIES,
    ) -> dict[CaseId, Case | DeskRefusal]:
        """Do it to several cases in one transaction; each is decided by itself, and what one of them refuses
        hinders no other. `some` has the version of the page for each."""
        cause, now = f"desk:{secrets.token_hex(8)}", self.clock()
        given = _for_neighbours(what, given)

        def work(tx: Tx) -> dict[CaseId, Case | DeskRefusal]:
            desk = _desk(tx, self.rules, here, some, now, above=True)
            hidden = privates(desk.facts.cases.values())
            results: dict[CaseId, Case | DeskRefusal] = {}
            for number, (id, version) in enumerate(some.items()):
                desk.begin(f"{cause}:{number}", now)
                try:
                    results[id] = _done(desk, here, id, version, what, given)
                    _attach(tx, desk, here, id, photos)
                except DeskRefusal as refusal:
                    desk.undo()
                    results[id] = refusal
            save_and_say(tx, desk, self.around(), now)
            done = [one for one in results.values() if isinstance(one, Case)]
            note(tx, here, done, hidden, what.value, now)
            return results | tx.cases.many(case.id for case in done)

        try:
            results = await self.store.write(work)
        except StaleCase:
            return await self._one_by_one(here, some, what, given, tries)
        self._woken()
        return results

    async def _one_by_one(
        self,
        here: AtDesk,
        some: Mapping[CaseId, int] | Mapping[CaseId, int | None],
        what: Act,
        given: Given,
        tries: int,
    ) -> dict[CaseId, Case | DeskRefusal]:
        """Somebody else changed one of them at this moment: only that one is left out."""
        if len(some) == 1 and what in _TAKES and tries:
            return await self.do_many(here, some, what, given, tries=tries - 1)
        if len(some) == 1:
            return dict.fromkeys(some, Outdated())
        results: dict[CaseId, Case | DeskRefusal] = {}
        for id, version in some.items():
            results |= await self.do_many(here, {id: version}, what, given)
        return results

    def tell(
        self,
        tx: Tx,
        persons: Iterable[PersonId],
        some: Sequence[Notice],
        chats: Iterable[ChatRef] = (),
    ) -> None:
        """Say something to `persons` or in `chats` that is no step of a case, in the transaction of its
        cause. Call `told` once that is committed."""
        now = self.clock()
        desk = self.desk(tx, Wants(chats=frozenset(chats), identities=frozenset(persons)), now)
        for notice in some:
            desk.say(notice)
        self.save(tx, desk)

    def desk(self, tx: Tx, wants: Wants, now: datetime, rules: Rules | None = None) -> Desk:
        """What is wanted, in the transaction of its cause, by `rules` or those that hold. `save` it then."""
        desk = Desk(rules or self.rules, tx.desk.load(wants, now), now)
        desk.begin(f"desk:{secrets.token_hex(8)}", now)
        return desk

    def save(self, tx: Tx, desk: Desk) -> None:
        """Save and say what was decided. Call `told` once that is committed."""
        save_and_say(tx, desk, self.around(), desk.now)

    def told(self) -> None:
        """There is something to be sent."""
        self._woken()

    async def decide(self, load: Callable[[Tx], Desk], work: Callable[[Tx, Desk], T]) -> T:
        """Run `work` on the desk that `load` makes, and save and say what it decided, in one transaction.
        Raises what `work` raises, and Outdated."""
        cause, now = f"desk:{secrets.token_hex(8)}", self.clock()

        def whole(tx: Tx) -> T:
            desk = load(tx)
            desk.begin(cause, now)
            result = work(tx, desk)
            save_and_say(tx, desk, self.around(), now)
            return result

        try:
            done = await self.store.write(whole)
        except StaleCase as stale:
            raise Outdated from stale
        self._woken()
        return done

    async def possible(self, here: AtDesk, case: CaseId) -> tuple[Case, tuple[Act, ...]]:
        """A case with what may be done to it now. A look at a private case is put on record."""
        now = self.clock()

        def work(tx: Tx) -> tuple[Case, tuple[Act, ...]]:
            desk = _desk(tx, self.rules, here, [case], now)
            found = _visible(desk, here, case)
            note(tx, here, [found], (), "look", now)
            return found, possible_acts(desk, found, here.person)

        return await self.store.write(work)

    async def looked(self, here: AtDesk, cases: Iterable[Case]) -> None:
        """Put on record that what was told in those of `cases` that are private was shown."""
        shown = [case for case in cases if case.visibility is Visibility.PRIVATE]
        if shown:
            await self.store.write(lambda tx: note(tx, here, shown, (), "look", self.clock()))


def _for_neighbours(what: Act, given: Given) -> Given:
    """What neighbours may read carries nobody's number and no door, as in a chat."""
    if what in INSIDE or not given.words:
        return given
    return replace(given, words=covered(given.words))


def privates(cases: Iterable[Case]) -> frozenset[CaseId]:
    """Those of `cases` that are private now."""
    return frozenset(case.id for case in cases if case.visibility is Visibility.PRIVATE)


def note(
    tx: Tx,
    here: AtDesk,
    cases: Iterable[Case],
    hidden: Collection[CaseId],
    what: str,
    now: datetime,
) -> None:
    """Put on record what was done to those of `cases` that are private, or were when they were `hidden`."""
    touched = list(cases)
    private = privates(touched).union(hidden)
    looks = [Look(one.id, here.person.id, what, None, now) for one in touched if one.id in private]
    tx.audit.add(looks)


def _desk(
    tx: Tx, rules: Rules, here: AtDesk, some: Iterable[CaseId], now: datetime, above: bool = False
) -> Desk:
    ids = frozenset(some)
    grids = frozenset(case.grid for case in tx.cases.many(ids).values())
    wants = Wants(identities=frozenset({here.person.id}), cases=ids, grids=grids, above=above)
    return Desk(rules, tx.desk.load(wants, now), now)


def _attach(tx: Tx, desk: Desk, here: AtDesk, case: CaseId, photos: Sequence[Photo]) -> None:
    """Photos hang on a line of their own, whose words stand in the timeline."""
    if photos:
        chat, media = ChatRef(DESK, case), ("photo",) * len(photos)
        role = LineRole.REPORT_BACK
        desk.attach(Line(case, chat, desk.cause, here.person.id, role, "", media, desk.now))
        tx.photos.add(chat, desk.cause, photos, desk.now)


def _visible(desk: Desk, here: AtDesk, case: CaseId) -> Case:
    found = desk.facts.cases.get(case)
    if found is None or not here.sight.sees(found):
        raise DeskRefusal(Refused.NO_CASE, 404)
    return found


def _done(
    desk: Desk, here: AtDesk, id: CaseId, version: int | None, what: Act, given: Given
) -> Case:
    case = _visible(desk, here, id)
    if version is not None and case.version != version:
        seen = given.lead is not None or what is Act.ANSWER
        if what not in _TAKES or not seen:
            raise Outdated
        if case.taken_by == here.person.id:
            return case  # the same press twice
        moved = what is Act.TAKE and given.lead != (case.lead or "")
        if case.taken_by is not None or moved:
            raise Outdated
    return decided(desk, case, here, what, given)


def decided(desk: Desk, case: Case, here: AtDesk, what: Act, given: Given) -> Case:
    """Do it; what may not be is a DeskRefusal."""
    person = desk.facts.people.get(here.person.id, here.person)
    try:
        return act(desk, case, person, what, given)
    except NotAllowed:
        raise DeskRefusal(Refused.NOT_ALLOWED, 403) from None
    except NotNow as now:
        raise DeskRefusal(Refused.NOT_NOW.format(state=STATE_NAMES[now.state]), 409) from None
    except WordsMissing:
        raise DeskRefusal(_MISSING.get(what, Refused.WORDS_MISSING)) from None
    except NoSuchPlace as wrong:
        raise DeskRefusal(_no_place(desk, case, wrong, what)) from None
    except NoSuchDate as wrong:
        raise DeskRefusal(_no_date(what, wrong.latest, desk.rules.zone)) from None
    except TooMany:
        raise DeskRefusal(JOINT["too_many"]) from None
    except PartsOpen as wrong:
        codes = dict.fromkeys(part.department for part in wrong.parts)
        raise DeskRefusal(JOINT["parts_open"].format(whom=names(desk, codes))) from None
    except EmptyWords:
        raise DeskRefusal(PAUSES["empty"]) from None
    except NoSuchChoice:
        raise DeskRefusal(Refused.NO_CHOICE) from None


_MISSING = {
    Act.HAND_UP: JOINT["no_why"],
    Act.SEND_DOWN: JOINT["no_why"],
    Act.PASS_ON: JOINT["no_why"],
    Act.DECLINE_JOINT: JOINT["no_why"],
    Act.ASK_JOINT: JOINT["no_words"],
    Act.WHISTLE: JOINT["no_words"],
    Act.SAY_JOINT: JOINT["no_words"],
    Act.SEND: Refused.NO_REASON,
    Act.ASK_TIME: LIMITS["no_reason"],
    Act.DECLINE: LIMITS["no_reason"],
    Act.PAUSE: PAUSES["empty"],
    Act.SUPERVISE: SUPERVISION["no_words"],
    Act.REFUSE_PAUSE: LIMITS["no_reason"],
}


_NO_DAY = {Act.PAUSE: no_day, Act.SUPERVISE: no_report_day}


def _no_date(what: Act, latest: datetime | None, zone: tzinfo) -> str:
    """Which days there are to choose from."""
    if what in _NO_DAY:
        return _NO_DAY[what](latest, zone)
    return no_date(latest, zone, JOINT["no_date"] if what is Act.ASK_JOINT else LIMITS["no_date"])


def _no_place(desk: Desk, case: Case, wrong: NoSuchPlace, what: Act) -> str:
    """Why it cannot go where somebody wants it to go."""
    near = [desk.rules.taxonomy.departments[code].name for code in wrong.near]
    if not wrong.text.strip():
        return Refused.NO_PLACE
    if wrong.near == (case.lead,):
        same = JOINT["lead_too"] if what is Act.ASK_JOINT else Refused.SAME_PLACE
        return same.format(name=near[0])
    if near:
        return Refused.MANY_PLACES.format(text=wrong.text, names="、".join(near[:6]))
    return Refused.UNKNOWN_PLACE.format(text=wrong.text)
