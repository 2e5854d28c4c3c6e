"""我的登录: one's own roles, login and password, two-step codes, and where one is signed in.

The law of this file: everybody changes their own and nobody else's. What opens the door is changed only by
whoever knows the password there is; a new password ends all other sessions. The secret of the codes is
shown only while it is being set up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.web.desk import one_time_codes
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.passwords import (
    LONGEST,
    is_common,
    is_like_login,
    is_login,
    is_too_short,
    plain_login,
)
from bot.web.desk.proving import Proving
from bot.web.desk.words import Refused
from bot.web.desk.words_account import CODES, DONE, ME, Wrong
from bot.web.desk.words_town import leaves
from bot.web.site import go_to
from bot.wording.roles import ROLE_NAMES
from intake.people import Role
from intake.taxonomy import Taxonomy
from storage.accounts import Account, LoginTaken, StaleAccount
from storage.sessions import Session
from storage.tx import Tx

ME_PATH = "/desk/me"
CODES_PATH = "/desk/me/codes"


@dataclass(frozen=True, slots=True)
class _Typed:
    """The form for login and password."""

    login: str
    old: str
    new: str
    again: str


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows of somebody."""

    roles: list[tuple[str, str, str]]
    account: Account | None
    sessions: list[Session]


class AccountPages:
    """The pages of what is one's own."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, proving: Proving, taxonomy: Taxonomy) -> None:
        self._guard = guard
        self._store = guard.store
        self._proving = proving
        self._taxonomy = taxonomy

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", ME_PATH, Gate.STAFF, self.me),
            DeskRoute("POST", f"{ME_PATH}/password", Gate.STAFF, self.password),
            DeskRoute("GET", CODES_PATH, Gate.STAFF, self.codes),
            DeskRoute("GET", f"{CODES_PATH}/qr.svg", Gate.STAFF, self.picture),
            DeskRoute("POST", f"{CODES_PATH}/begin", Gate.STAFF, self.begin_codes),
            DeskRoute("POST", f"{CODES_PATH}/confirm", Gate.STAFF, self.confirm_codes),
            DeskRoute("POST", f"{CODES_PATH}/cancel", Gate.STAFF, self.cancel_codes),
            DeskRoute("POST", f"{CODES_PATH}/end", Gate.STAFF, self.end_codes),
            DeskRoute("POST", f"{ME_PATH}/sessions", Gate.STAFF, self.end_sessions),
        ]

    async def me(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        return await self._page(here, done=DONE.get(request.query.get("done", ""), ""))

    # Login and password

    async def password(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        typed = await _typed(request)
        account = await self._account(here)
        wrong = _wrong(typed, account)
        if not wrong and account and not await self._is_they(here, typed.old):
            wrong = Wrong.OLD
        if not wrong:
            wrong = await self._save(here, account, typed)
        if wrong:
            return await self._page(here, login=typed.login, wrong_account=wrong)
        return _on("saved" if not typed.new else "changed" if account else "set")

    async def _save(self, here: AtDesk, known: Account | None, typed: _Typed) -> str:
        """Keep it; what is wrong, or ""."""
        kept = known.password_hash if known else ""
        hashed = await self._proving.passwords.hashed(typed.new) if typed.new else kept
        now = self._guard.clock()

        def work(tx: Tx) -> None:
            tx.accounts.save(here.person.id, typed.login, hashed, now, was=kept)
            if typed.new:
                tx.sessions.end_others(here.session)

        try:
            await self._store.write(work)
        except LoginTaken:
            return Wrong.TAKEN
        except StaleAccount:
            return Wrong.MEANWHILE
        return ""

    # Two-step codes

    async def codes(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        account = await self._account(here)
        return _on() if account is None or not account.enrolling else self._codes(here, account)

    async def picture(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        account = await self._account(here)
        if account is None or account.secret is None or not account.enrolling:
            raise DeskRefusal(Refused.MALFORMED, 404)
        drawn = one_time_codes.picture(account.secret, account.login)
        return web.Response(body=drawn, content_type="image/svg+xml")

    async def begin_codes(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        if not await self._is_they(here, await _field(request, "password")):
            return await self._page(here, wrong_codes=Wrong.OLD)
        secret = one_time_codes.new_secret()

        def work(tx: Tx) -> None:
            held = tx.accounts.of(here.person.id, hold=True)
            if held is not None and not held.two_step:
                tx.accounts.begin_codes(here.person.id, secret)

        await self._store.write(work)
        return go_to(CODES_PATH)

    async def confirm_codes(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        code, now = await _field(request, "code"), self._guard.clock()

        def work(tx: Tx) -> Account | None:
            """The account where codes are still being set up."""
            held = tx.accounts.of(here.person.id, hold=True)
            if held is None or held.secret is None or not held.enrolling:
                return None
            counter = one_time_codes.counter_of(held.secret, code, now)
            if counter is not None:
                tx.accounts.passed(held, counter)
            return held if counter is None else None

        waiting = await self._store.write(work)
        return _on("codes-on") if waiting is None else self._codes(here, waiting, Wrong.CODE)

    async def cancel_codes(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        def work(tx: Tx) -> None:
            held = tx.accounts.of(here.person.id, hold=True)
            if held is not None and held.enrolling:
                tx.accounts.end_codes(here.person.id)

        await self._store.write(work)
        return _on()

    async def end_codes(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        if not await self._is_they(here, await _field(request, "password")):
            return await self._page(here, wrong_codes=Wrong.OLD)
        await self._store.write(lambda tx: tx.accounts.end_codes(here.person.id))
        return _on("codes-off")

    # Sessions

    async def end_sessions(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        begun, now = await _field(request, "began"), self._guard.clock()

        def work(tx: Tx) -> None:
            if begun == "others":
                tx.sessions.end_others(here.session)
                return
            for session in tx.sessions.of_person(here.person.id, now):
                if session.began_at.isoformat() == begun and session.id != here.session.id:
                    tx.sessions.end(here.person.id, session.id)

        await self._store.write(work)
        return _on("ended")

    # What all of them need

    async def _account(self, here: AtDesk) -> Account | None:
        return await self._store.read(lambda tx: tx.accounts.of(here.person.id))

    async def _is_they(self, here: AtDesk, password: str) -> bool:
        return await self._proving.once_more(here.person.id, password)

    async def _page(
        self,
        here: AtDesk,
        *,
        done: str = "",
        login: str | None = None,
        wrong_account: str = "",
        wrong_codes: str = "",
    ) -> web.StreamResponse:
        now = self._guard.clock()
        shown = await self._store.read(
            lambda tx: _Shown(
                self._roles(tx, here),
                tx.accounts.of(here.person.id),
                tx.sessions.of_person(here.person.id, now),
            )
        )
        shown.sessions.sort(key=lambda session: session.id != here.session.id)
        known = shown.account.login if shown.account else ""
        return self._guard.frame.page(
            "account.html",
            400 if wrong_account or wrong_codes else 200,
            here=here,
            at=ME_PATH,
            words=ME,
            shown=shown,
            done=done,
            login=known if login is None else login,
            wrong_account=wrong_account,
            wrong_codes=wrong_codes,
        )

    def _roles(self, tx: Tx, here: AtDesk) -> list[tuple[str, str, str]]:
        """Role, where it reaches, and from which day it is gone where that is chosen, in words."""
        zone = self._guard.frame.zone
        gone = {one.grant: leaves(one.at, zone) for one in tx.leavings.of([here.person.id])}
        names = {area.id: area.name for area in tx.grids.areas()}
        names |= {grid.id: grid.name for grid in tx.grids.all()}
        departments = {one.id: one.name for one in self._taxonomy.departments.values()}
        return [
            (
                ROLE_NAMES[grant.role.value],
                (departments if grant.role is Role.DEPARTMENT else names).get(
                    grant.scope, grant.scope
                ),
                gone.get(grant, ""),
            )
            for grant in here.person.grants
        ]

    def _codes(self, here: AtDesk, account: Account, wrong: str = "") -> web.StreamResponse:
        return self._guard.frame.page(
            "account_codes.html",
            400 if wrong else 200,
            here=here,
            at=ME_PATH,
            words=CODES,
            spelt=one_time_codes.spelt(account.secret or ""),
            wrong=wrong,
        )


def _wrong(typed: _Typed, account: Account | None) -> str:
    """What is wrong with what was typed, before any password is compared; or ""."""
    if not is_login(typed.login):
        return Wrong.LOGIN
    if not typed.new:
        return Wrong.AGAIN if typed.again else "" if account else Wrong.MISSING
    for is_wrong, words in (
        (is_too_short(typed.new), Wrong.SHORT),
        (len(typed.new) > LONGEST, Wrong.LONG),
        (is_like_login(typed.new, typed.login), Wrong.LIKE_LOGIN),
        (is_common(typed.new), Wrong.COMMON),
        (typed.new != typed.again, Wrong.AGAIN),
    ):
        if is_wrong:
            return words
    return ""


async def _typed(request: web.Request) -> _Typed:
    form = await form_of(request)
    login, old, new, again = (str(form.get(name, "")) for name in ("login", "old", "new", "again"))
    return _Typed(plain_login(login), old, new, again)


async def _field(request: web.Request, name: str) -> str:
    return str((await form_of(request)).get(name, ""))


def _on(done: str = "") -> web.Response:
    """On to the page; `done` says what was done."""
    return go_to(f"{ME_PATH}?done={done}" if done else ME_PATH)
