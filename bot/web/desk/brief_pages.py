"""一周简报: drafted by the system, gone over and released by a person.

The law of this file: a brief goes into one group, once, by somebody's press, and whose press is on record;
nothing goes out that looks like somebody's number or door. What was typed is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from bot.web.desk.acts import Acts
from bot.web.desk.brief_picture import poster_of
from bot.web.desk.brief_view import lines_of, name_of
from bot.web.desk.charts import Poster
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.posters import Posters, told
from bot.web.desk.tree import Node, Tree, tree_of
from bot.web.desk.words_briefs import BRIEFS, HOW, MENU, NAMES, Wrong
from bot.web.site import go_to
from bot.wording.brief import Area, example, with_example
from bot.wording.item_names import item_name
from intake.briefing import week_named
from intake.cases import Case
from intake.grids import Chat, ChatRef, Purpose
from intake.lifecycle import STATE_NAMES
from intake.notices import Notice, ToChat, Urgency
from intake.people import Person, PersonId, Right
from intake.periods import Period
from intake.taxonomy import Visibility
from intake.templates import Template
from nlp.privacy import covered, personal_in
from storage.briefs import DISCARDED, DRAFT, RELEASED, Number, StoredBrief
from storage.records import Look
from storage.tx import Tx

PATH: Final = "/desk/briefs"
LONGEST: Final = 1500
BENEATH: Final = 900
"""Signs of a brief for which there is room beneath a picture, on every platform."""
_LISTED: Final = 60
_EXAMPLES: Final = 8
_CASES: Final = 200
_CHATS: Final = (Purpose.RESIDENTS, Purpose.STAFF)


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it came."""

    words: str = ""
    version: int = 0
    chat: str = ""
    pick: str = ""
    agreed: bool = False
    sure: bool = False
    picture: bool = True
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Found:
    """What the page of one brief needs to know."""

    brief: StoredBrief
    node: Node
    week: Period
    grids: list[str]
    chats: list[Chat]
    examples: list[Case]
    people: dict[PersonId, Person]

    def example(self, id: str) -> Case | None:
        return next((case for case in self.examples if case.id == id), None)


class BriefPages:
    """`/desk/briefs…`."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, MENU, Gate.MODERATE),)

    def __init__(self, guard: DeskGuard, acts: Acts, posters: Posters) -> None:
        self._guard = guard
        self._acts = acts
        self._posters = posters
        self._taxonomy = acts.rules.taxonomy

    def routes(self) -> list[DeskRoute]:
        one = PATH + "/{node}/{week}"
        return [
            DeskRoute("GET", PATH, Gate.MODERATE, self.list),
            DeskRoute("GET", one, Gate.MODERATE, self.look),
            DeskRoute("POST", one, Gate.MODERATE, self.act),
            DeskRoute("GET", f"{one}/cases", Gate.MODERATE, self.cases),
            DeskRoute("GET", f"{one}/picture.png", Gate.MODERATE, self.picture),
        ]

    async def list(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        def work(tx: Tx) -> tuple[Tree, list[StoredBrief], dict[PersonId, Person], list[Chat]]:
            tree = tree_of(tx, self._taxonomy)
            briefs = tx.briefs.of(_mine(tree, here), _LISTED)
            people = tx.people.many(one.decided_by for one in briefs if one.decided_by)
            return tree, briefs, people, tx.chats.all()

        tree, briefs, people, chats = await self._guard.store.read(work)
        rows = [
            {
                "at": _address(one),
                "name": tree.name(one.node),
                "days": self._area(tree.name(one.node), one.week).days,
                "opened": BRIEFS["opened"].format(count=one.figures.opened),
                "draft": one.state == DRAFT,
                "state": self._state(one, people, chats),
            }
            for one in briefs
        ]
        return self._guard.frame.page("briefs.html", here=here, at=PATH, words=BRIEFS, rows=rows)

    async def look(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        note = BRIEFS["saved"] if request.query.get("done") == "saved" else ""
        return await self._page(request, here, None, note=note)

    async def act(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        do = str(form.get("do", ""))
        typed = Typed(
            str(form.get("words", "")).replace("\r\n", "\n").replace("\r", "\n").strip(),
            _number(form.get("version")),
            str(form.get("chat", "")),
            str(form.get("pick", "")),
            form.get("agreed") == "1",
            form.get("sure") == "1",
            form.get("picture") == "1",
        )
        found = await self._guard.store.read(lambda tx: self._find(tx, request, here))
        wrong, words = self._wrong(found, do, typed)
        shown = None
        if not wrong and do == RELEASED and typed.picture:
            try:
                shown = await self._posters.kept(self._poster(found))
            except DeskRefusal as refused:
                wrong = f"{refused} {Wrong.WITHOUT}"
        if not wrong and not await self._done(found, here, do, words, typed, shown):
            over = await self._guard.store.read(lambda tx: self._find(tx, request, here))
            wrong = Wrong.OUTDATED if over.brief.state == DRAFT else Wrong.OVER
        if wrong:
            return await self._page(request, here, typed, error=wrong)
        done = "" if do in (RELEASED, DISCARDED) else "?done=saved"
        return go_to(_address(found.brief) + done)

    def _wrong(self, found: _Found, do: str, typed: Typed) -> tuple[str, str]:
        """Why it cannot be done, or "", and the words as they are to stand."""
        words = typed.words
        if found.brief.state != DRAFT:
            return Wrong.OVER, words
        if do == DISCARDED:
            return "", found.brief.words
        if do == "example":
            case = found.example(typed.pick)
            if case is None or not typed.agreed:
                return Wrong.NOT_AGREED if case else Wrong.NO_EXAMPLE, words
            words = with_example(words, self._example(case))
        if do == RELEASED and all(str(chat.ref) != typed.chat for chat in found.chats):
            return Wrong.NO_CHAT, words
        if do == RELEASED and not typed.sure:
            return Wrong.NOT_SURE, words
        return _wrong_words(words), words

    def _example(self, case: Case) -> str:
        item = self._taxonomy.item_name(case.item) or case.title
        days = (case.done_at - case.opened_at).days if case.done_at else 0
        told = case.done_words or ""
        return example(item, days, covered(told).replace("\n", " "))

    def _poster(self, found: _Found) -> Poster:
        area = self._area(found.node.name, found.brief.week)
        return poster_of(found.brief.figures, area, self._taxonomy)

    async def picture(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        found = await self._guard.store.read(lambda tx: self._find(tx, request, here))
        drawn = await self._posters.drawn(self._poster(found))
        name = f'inline; filename="huying-brief-{found.brief.week}.png"'
        headers = {"Content-Disposition": name}
        return web.Response(body=drawn, content_type="image/png", headers=headers)

    async def _done(
        self,
        found: _Found,
        here: AtDesk,
        do: str,
        words: str,
        typed: Typed,
        shown: str | None,
    ) -> bool:
        """Save, release or discard it in one transaction; False: it has changed since."""
        brief, now = found.brief, self._guard.clock()
        chat = next((one.ref for one in found.chats if str(one.ref) == typed.chat), None)
        name = f"{found.node.name} {brief.week}"

        def work(tx: Tx) -> bool:
            key = (brief.node, brief.week, typed.version)
            if do not in (RELEASED, DISCARDED):
                return tx.briefs.reword(*key, words)
            to = chat if do == RELEASED else None
            if not tx.briefs.decide(*key, do, words, to, here.person.id, now):
                return False
            tx.audit.add([Look(brief.node, here.person.id, f"brief {do}", name, now)])
            if to is not None:
                alt = told(self._poster(found))
                self._acts.tell(tx, (), _notices(brief, to, words, shown, alt), [to])
            return True

        done = await self._guard.store.write(work)
        if done and do == RELEASED:
            self._acts.told()
        return done

    async def cases(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        number = Number(request.query.get("of", ""), request.query.get("key", ""))
        now = self._guard.clock()

        def work(tx: Tx) -> tuple[_Found, list[Case] | None]:
            found = self._find(tx, request, here)
            at = now if number.what not in ("late_now", "due") else found.brief.made_at
            sight, grids = here.sight, found.grids
            return found, tx.briefs.behind(number, grids, sight, found.week, at, _CASES + 1)

        found, some = await self._guard.store.read(work)
        if some is None or number.what not in NAMES:
            raise DeskRefusal(Wrong.NOT_FOUND, 404)
        return self._guard.frame.page(
            "brief_cases.html",
            here=here,
            at=PATH,
            words=BRIEFS,
            back=_address(found.brief),
            title=self._area(found.node.name, found.brief.week).days,
            heading=BRIEFS["list"].format(
                name=name_of(number, self._taxonomy), count=min(len(some), _CASES)
            ),
            cut=BRIEFS["list_cut"].format(most=_CASES) if len(some) > _CASES else "",
            cases=[(one.id, self._item(one), STATE_NAMES[one.state]) for one in some[:_CASES]],
        )

    def _item(self, case: Case) -> str:
        if case.visibility is Visibility.PRIVATE:
            return BRIEFS["private"]
        return item_name(self._taxonomy, case.item, case.title)

    async def _page(
        self,
        request: web.Request,
        here: AtDesk,
        typed: Typed | None,
        *,
        error: str = "",
        note: str = "",
    ) -> web.StreamResponse:
        found = await self._guard.store.read(lambda tx: self._find(tx, request, here))
        brief, area = found.brief, self._area(found.node.name, found.brief.week)
        status = 400 if error else 200
        if error in (Wrong.OUTDATED, Wrong.OVER):
            status = 409
        return self._guard.frame.page(
            "brief.html",
            status,
            here=here,
            at=PATH,
            words=BRIEFS,
            error=error,
            note=note,
            address=_address(brief),
            area=area,
            brief=brief,
            draft=brief.state == DRAFT,
            typed=typed or Typed(brief.words),
            longest=LONGEST,
            state=self._state(brief, found.people, found.chats),
            chats=[(str(chat.ref), chat.title or chat.grid) for chat in found.chats],
            examples=[(one.id, self._example(one)) for one in found.examples],
            lines=lines_of(brief.figures, self._taxonomy),
            how=HOW,
            picture_says=told(self._poster(found)),
        )

    def _find(self, tx: Tx, request: web.Request, here: AtDesk) -> _Found:
        """The brief that is asked for, of a part that is theirs. Raises DeskRefusal."""
        tree = tree_of(tx, self._taxonomy)
        id, name = request.match_info["node"], request.match_info["week"]
        node, week = tree.nodes.get(id), week_named(name, self._guard.frame.zone)
        brief = tx.briefs.get(id, name) if node and week and id in _mine(tree, here) else None
        if node is None or week is None or brief is None:
            raise DeskRefusal(Wrong.NOT_FOUND, 404)
        grids = sorted(grid for grid, one in tree.grids.items() if id in (*one.path, grid))
        chats = [c for c in tx.chats.all() if c.grid in grids and c.purpose in _CHATS]
        open_to_change = brief.state == DRAFT
        examples = tx.briefs.done_well(grids, week, _EXAMPLES) if open_to_change else []
        people = tx.people.many([brief.decided_by] if brief.decided_by else [])
        return _Found(brief, node, week, grids, chats, examples, people)

    def _area(self, name: str, week: str) -> Area:
        zone = self._guard.frame.zone
        found = week_named(week, zone)
        if found is None:
            raise DeskRefusal(Wrong.NOT_FOUND, 404)
        return Area(name, found, zone)

    def _state(
        self, brief: StoredBrief, people: dict[PersonId, Person], chats: Iterable[Chat]
    ) -> str:
        """Whether it was released, when and by whom."""
        at = self._when(brief.decided_at or brief.made_at)
        if brief.state == DRAFT:
            return BRIEFS["made"].format(at=at)
        by = people.get(brief.decided_by or "")
        title = next((c.title or c.grid for c in chats if c.ref == brief.chat), "")
        name = by.name if by else BRIEFS["someone"]
        return BRIEFS[brief.state].format(at=at, name=name, chat=title)

    def _when(self, at: datetime) -> str:
        return self._guard.frame.when(at)


def _mine(tree: Tree, here: AtDesk) -> list[str]:
    """The parts of the town whose briefs are somebody's to release."""
    return [id for id, one in tree.nodes.items() if here.person.may(Right.CORRECT, one.path)]


def _address(brief: StoredBrief) -> str:
    return f"{PATH}/{quote(brief.node, safe='')}/{brief.week}"


def _notices(
    brief: StoredBrief, chat: ChatRef, words: str, shown: str | None, alt: str
) -> list[Notice]:
    """The brief, with its picture or before it: beneath a picture there is room for some words only."""
    once, to = f"brief|{brief.node}|{brief.week}", ToChat(chat)
    known = {"words": words, "alt": alt}
    together = shown if len(words) <= BENEATH else None
    parts = [Notice(Template.BRIEF, to, known, (), Urgency.DIGEST, once=once, picture=together)]
    if shown and not together:
        beside = {"words": alt, "alt": alt}
        once = f"{once}|picture"
        picture = Notice(Template.BRIEF, to, beside, (), Urgency.DIGEST, once=once, picture=shown)
        parts.append(picture)
    return parts


def _wrong_words(words: str) -> str:
    """Why these words cannot stand, or ""."""
    if not words:
        return Wrong.EMPTY
    if len(words) > LONGEST:
        return Wrong.LONG.format(most=LONGEST, count=len(words))
    personal = personal_in(words)
    if personal:
        return Wrong.PERSONAL.format(text=personal[0])
    return ""


def _number(text: Any) -> int:
    """A version as it came; 0, which none has, for what is no number."""
    typed = str(text or "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
