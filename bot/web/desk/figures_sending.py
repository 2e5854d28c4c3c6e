"""发到群里: the picture of the figures, into a group.

The law of this file: what goes is what was looked at, without anything private; into a group of a grid whose
cases one may put right, once, and whose press it was is on record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.web.desk.acts import Acts
from bot.web.desk.figures_asked import Asked, BadAsk, asked_of
from bot.web.desk.figures_charts import poster_of
from bot.web.desk.figures_read import Answer, FiguresReading
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.posters import Posters, told
from bot.web.desk.words_figures import SENDING, PictureRefused, SendRefused
from bot.web.site import go_to
from intake.grids import Chat, Purpose
from intake.notices import Notice, ToChat, Urgency
from intake.people import Right
from intake.templates import Template
from storage.records import Look
from storage.tx import Tx

PATH: Final = "/desk/figures/send"
_PURPOSES: Final = (Purpose.RESIDENTS, Purpose.STAFF)


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it came."""

    chat: str = ""
    sure: bool = False


class FiguresSending:
    """`/desk/figures/send`: looked at first, then sent."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, acts: Acts, posters: Posters) -> None:
        self._guard = guard
        self._acts = acts
        self._posters = posters
        self._reading = FiguresReading(guard, acts.rules.taxonomy)

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.MODERATE, self.look),
            DeskRoute("POST", PATH, Gate.MODERATE, self.send),
        ]

    async def look(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        sent = request.query.get("sent") == "1"
        answer = await self._answer(here, asked_of(request.query))
        return await self._page(here, answer, Typed(), note=SENDING["sent"] if sent else "")

    async def send(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        answer = await self._answer(here, asked_of(form))
        typed = Typed(str(form.get("chat", "")), form.get("sure") == "1")
        chats = await self._chats(here, answer)
        chat = next((one for one in chats if str(one.ref) == typed.chat), None)
        if chat is None or not typed.sure:
            error = SendRefused.NO_CHAT if chat is None else SendRefused.NOT_SURE
            return await self._page(here, answer, typed, error=error)
        what = poster_of(answer, self._reading)
        try:
            name = await self._posters.kept(what)
        except DeskRefusal as refused:
            return await self._page(here, answer, typed, error=str(refused))
        await self._tell(here, chat, name, told(what))
        query = answer.asked.query(sent="1")
        return go_to(f"{PATH}?{query}")

    async def _tell(self, here: AtDesk, chat: Chat, name: str, words: str) -> None:
        params = {"words": words, "alt": words}
        to, once = ToChat(chat.ref), f"figures|{name}"
        notice = Notice(Template.BRIEF, to, params, (), Urgency.DIGEST, once=once, picture=name)
        look = Look(chat.grid, here.person.id, "figures sent", words, self._guard.clock())

        def work(tx: Tx) -> None:
            tx.audit.add([look])
            self._acts.tell(tx, (), [notice], [chat.ref])

        await self._guard.store.write(work)
        self._acts.told()

    async def _answer(self, here: AtDesk, asked: Asked) -> Answer:
        """The figures without what is private. Raises DeskRefusal."""
        try:
            answer = await self._reading.answer(here.sight, asked, public=True)
        except BadAsk as wrong:
            raise DeskRefusal(str(wrong)) from None
        if not answer.found.total.opened:
            raise DeskRefusal(PictureRefused.NOTHING, 404)
        return answer

    async def _chats(self, here: AtDesk, answer: Answer) -> list[Chat]:
        """The groups of the part that is shown in which this person may speak for the grid."""
        reach = answer.parts.reach(answer.asked.part)
        shown = answer.parts.grids if reach is None else reach
        mine = {
            grid.id
            for grid in here.grids
            if grid.id in shown and here.person.may(Right.CORRECT, grid.path)
        }
        every = await self._guard.store.read(lambda tx: tx.chats.all())
        return [chat for chat in every if chat.grid in mine and chat.purpose in _PURPOSES]

    async def _page(
        self, here: AtDesk, answer: Answer, typed: Typed, *, error: str = "", note: str = ""
    ) -> web.StreamResponse:
        what = poster_of(answer, self._reading)
        return self._guard.frame.page(
            "figures_send.html",
            400 if error else 200,
            here=here,
            at="/desk/figures",
            words=SENDING,
            asked=answer.asked,
            says=told(what),
            chats=[(str(c.ref), c.title or c.grid) for c in await self._chats(here, answer)],
            typed=typed,
            error=error,
            note=note,
        )
