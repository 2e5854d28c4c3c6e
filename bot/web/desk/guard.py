"""Who is at the desk, and whether a page is for them.

The law of this file: every route of the desk is declared with a gate, and its handler runs only for somebody
signed in whose roles open that gate; a demo persona is nobody where there is no demo. Changes are taken from
our own pages only. What is refused becomes a page with one sentence; nothing of a case stands in it.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import web
from multidict import MultiDictProxy

from bot.web.desk.alarms import alarms_for
from bot.web.desk.devices import device_of
from bot.web.desk.frame import Frame
from bot.web.desk.kept import AGAIN, BROKEN, ONCE, WAS, is_again, mark_of
from bot.web.desk.live import Live
from bot.web.desk.menu import Counts, calls_in, counts_of
from bot.web.desk.words import Refused
from bot.web.site import SECURITY_HEADERS, Site, go_to
from intake.grids import Grid
from intake.people import Person, PersonId, Right
from intake.sight import Sight, holds, sight_of, walks_rounds, works_on_cases
from storage.open_rows import Open, OpenRow
from storage.sessions import LONGEST, Session, Sessions
from storage.store import Store
from storage.tx import Tx

log = logging.getLogger(__name__)

COOKIE = "huying_desk"
DEMO_PREFIX = "web:demo-"
SIGN_IN = "/desk/sign-in"
_NOTHING = Counts()


class Gate(Enum):
    """Whose a page is. What may be done on it is asked again, case by case."""

    ANYBODY = "anybody"
    STAFF = "staff"
    CASES = "cases"
    FIELD = "field"
    MODERATE = "moderate"
    CALL_BACK = "call_back"
    NAME = "name"
    INVITE = "invite"
    INFORM = "inform"
    CONFIGURE = "configure"
    REORGANISE = "reorganise"
    MODELS = "models"
    AUDIT = "audit"

    def opens(self, person: Person) -> bool:
        """Whether somebody signed in may come in here."""
        return bool(person.grants) and _OPENS[self](person)


_OPENS: dict[Gate, Callable[[Person], bool]] = {
    Gate.ANYBODY: lambda person: True,
    Gate.STAFF: lambda person: bool(person.grants),
    Gate.CASES: works_on_cases,
    Gate.FIELD: walks_rounds,
    Gate.MODERATE: lambda person: holds(person, Right.CORRECT),
    Gate.CALL_BACK: lambda person: holds(person, Right.CALL_BACK),
    Gate.NAME: lambda person: holds(person, Right.CORRECT) or holds(person, Right.CONFIGURE),
    Gate.INFORM: lambda person: holds(person, Right.INFORM),
    Gate.INVITE: lambda person: holds(person, Right.INVITE),
    Gate.CONFIGURE: lambda person: holds(person, Right.CONFIGURE),
    Gate.REORGANISE: lambda person: holds(person, Right.REORGANISE),
    Gate.MODELS: lambda person: holds(person, Right.CORRECT) or holds(person, Right.CONFIGURE),
    Gate.AUDIT: lambda person: holds(person, Right.AUDIT),
}


@dataclass(frozen=True)
class AtDesk:
    """Somebody at the desk: who, by which session, and what they may see. `grids` are all there are,
    with this stamp of the configuration; their running numbers may be higher by now. `alarms` are dangers
    that nobody has answered and that they may answer; `counts` what the menu says that waits."""

    person: Person
    session: Session
    sight: Sight
    grids: tuple[Grid, ...] = ()
    configuration: int = 0
    alarms: tuple[OpenRow, ...] = ()
    counts: Counts = _NOTHING


class DeskRefusal(Exception):
    """Something that cannot be done; `str()` of it is the sentence for the person."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.status = status


async def form_of(request: web.Request, too_large: str = Refused.TOO_LARGE) -> MultiDictProxy[Any]:
    """The form in a request. Raises DeskRefusal: 413 with the words `too_large`, 400 for what is no form."""
    try:
        return await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise DeskRefusal(too_large, 413) from None
    except BROKEN:
        raise DeskRefusal(Refused.MALFORMED) from None


Handler = Callable[[web.Request, AtDesk], Awaitable[web.StreamResponse]]
OpenHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class DeskRoute:
    """A route of the desk. Those for ANYBODY take an `OpenHandler`."""

    method: str
    path: str
    gate: Gate
    handler: Handler | OpenHandler


class DeskGuard:
    """Wraps the desk's handlers; knows who asks."""

    def __init__(
        self, store: Store, site: Site, frame: Frame, clock: Callable[[], datetime]
    ) -> None:
        self.store = store
        self.site = site
        self.frame = frame
        self.clock = clock
        self.signed_out: OpenHandler = _signed_out
        """Answers a form that came without a session."""
        self.twice: Handler = _twice
        """Answers a form that was to go on once and did."""
        self.live = Live(store, clock)
        self._grids: tuple[int, tuple[Grid, ...]] = (-1, ())

    def route(self, route: DeskRoute) -> web.RouteDef:
        """`route` as aiohttp takes it, guarded."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                self._check_origin(request)
                response = await self._let_in(request, route)
            except DeskRefusal as refusal:
                response = self.frame.page("sorry.html", refusal.status, error=str(refusal))
            except (web.HTTPException, ConnectionError):
                raise
            except Exception:
                # The pattern, not what was asked for: a link's token stands in its path.
                log.exception("%s %s failed", route.method, route.path)
                response = self.frame.page("sorry.html", 500, error=Refused.BROKEN)
            if not response.prepared:
                response.headers.update(SECURITY_HEADERS)
                response.headers.setdefault("Cache-Control", "no-store")
            return response

        return web.route(route.method, route.path, guarded)

    async def _let_in(self, request: web.Request, route: DeskRoute) -> web.StreamResponse:
        if route.gate is Gate.ANYBODY:
            return await route.handler(request)  # type: ignore[call-arg]
        here = await self.at_desk(request)
        if here is None:
            if request.method in ("GET", "HEAD"):
                there = f"{SIGN_IN}?to={quote(request.path_qs, safe='')}"
                return go_to(there)
            return await self.signed_out(request)
        if not route.gate.opens(here.person):
            raise DeskRefusal(Refused.NOT_FOR_YOU, 403)
        if request.method == "POST" and ONCE in request.query:
            return await self._once(request, here, route)
        return await route.handler(request, here)  # type: ignore[call-arg]

    async def _once(
        self, request: web.Request, here: AtDesk, route: DeskRoute
    ) -> web.StreamResponse:
        """A form goes on after signing in again: for this session, and once."""
        named, nonce = request.query[ONCE], request.cookies.get(AGAIN, "")
        if not is_again(named, nonce, here.session.id):
            return await self.twice(request, here)
        try:
            response = await route.handler(request, here)  # type: ignore[call-arg]
        except DeskRefusal as refusal:
            response = self.frame.page("sorry.html", refusal.status, error=str(refusal))
        if not response.prepared:
            response.del_cookie(AGAIN, path="/desk")
        return response

    def _check_origin(self, request: web.Request) -> None:
        if request.method in ("GET", "HEAD"):
            return
        if not self.site.is_ours(request.headers.get("Origin"), request):
            raise DeskRefusal(Refused.ORIGIN, 403)

    async def at_desk(self, request: web.Request) -> AtDesk | None:
        """Who asks, if they are signed in and still staff. Also for sockets."""
        token = request.cookies.get(COOKIE)
        if not token:
            return None
        now = self.clock()
        here = await self.store.read(lambda tx: self._look(tx, token, now))
        if here is not None and not self.may_be(request, here.person.id):
            return None
        if here is not None and Sessions.worth_noting(here.session, now):
            await self.store.write(lambda tx: tx.sessions.seen(here.session, now))
        return here

    def may_be(self, request: web.Request, person: PersonId) -> bool:
        """A demo persona is somebody only where there is a demo, however they came in: anybody may have
        been them, and set their password."""
        return not person.startswith(DEMO_PREFIX) or self.site.allows_demo(request)

    def _look(self, tx: Tx, token: str, now: datetime) -> AtDesk | None:
        session = tx.sessions.find(token, now)
        person = tx.people.get(session.person) if session else None
        if session is None or person is None or not person.grants:
            return None
        person = tx.covers.with_covering(person, now)
        stamp, grids = self._all_grids(tx)
        sight = sight_of(person, grids)
        # What is open stands in memory: this costs one small read, whatever is open.
        known = tx.case_search.known if sight.anything else Open()
        alarms = alarms_for(person, sight, grids, known)
        calls = calls_in(person, grids)
        to_call = tx.call_backs.count_due(calls, sight, person.id) if calls else 0
        counts = counts_of(person, sight, grids, known, to_call)
        return AtDesk(person, session, sight, grids, stamp, alarms, counts)

    def _all_grids(self, tx: Tx) -> tuple[int, tuple[Grid, ...]]:
        """Every grid, read anew where the configuration has changed."""
        stamp, known = tx.settings.stamp(), self._grids
        if known[0] != stamp:
            known = (stamp, tuple(tx.grids.all()))
            self._grids = known
        return known

    async def sign_in(
        self, request: web.Request, person: str, to: str = "/desk"
    ) -> web.StreamResponse:
        """Begin a session for `person` in this browser and go on to `to`, a path of ours."""
        if not self.may_be(request, person):
            raise DeskRefusal(Refused.NOT_FOR_YOU, 403)
        token, now = secrets.token_urlsafe(32), self.clock()
        device = device_of(request.headers.get("User-Agent", ""))
        await self.store.write(lambda tx: tx.sessions.begin(token, person, device, now))
        response = go_to(_own_path(to))
        secure = self.site.secure(request)
        response.set_cookie(COOKIE, token, path="/", httponly=True, samesite="Lax", secure=secure)
        lasts = int(2 * LONGEST.total_seconds())
        self.leave(request, response, WAS, mark_of(person), lasts)
        return response

    def leave(
        self, request: web.Request, response: web.StreamResponse, name: str, value: str, lasts: int
    ) -> None:
        """A cookie for the desk's own pages, so many seconds long."""
        response.set_cookie(
            name,
            value,
            path="/desk",
            max_age=lasts,
            httponly=True,
            samesite="Strict",
            secure=self.site.secure(request),
        )

    @staticmethod
    def came_from(request: web.Request) -> str:
        """The page of the desk that a request came from."""
        try:
            parts = urlsplit(request.headers.get("Referer", ""))
        except ValueError:
            return "/desk"
        return _own_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)


async def _signed_out(request: web.Request) -> web.StreamResponse:
    raise DeskRefusal(Refused.SIGN_IN, 401)


async def _twice(request: web.Request, here: AtDesk) -> web.StreamResponse:
    raise DeskRefusal(Refused.OUTDATED, 409)


def _own_path(to: str) -> str:
    """`to` if it is a path of the desk, else its first page: a link must not lead out."""
    is_ours = to == "/desk" or to.startswith("/desk/")
    return to if is_ours and to.isprintable() else "/desk"
