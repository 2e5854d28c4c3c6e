"""`huying doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime

import click

from bot.channels.telegram import TelegramChannel
from bot.cli.errors import UserError
from bot.cli.loading import load_reader
from bot.cli.opening import open_store, settings_with_home
from bot.fonts import find_font
from bot.reloading import PROBLEM
from bot.retraining import FAILED, standing
from bot.runtime import TELEGRAM_PROBLEMS, make_telegram
from bot.settings import Settings
from bot.taxonomy_file import load_taxonomy
from bot.work_calendar import has_year
from intake.grids import Purpose
from intake.taxonomy import TaxonomyError
from storage.recall import broken_invariants
from storage.tx import Tx

_LOW_DISK = 1 << 30


@click.command()
@click.option("--verify", is_flag=True, help="Prove the invariants of the stored data.")
def doctor(verify: bool) -> int:
    """Check database, model, channels, duty lists, clock, calendar, fonts and disk.

    Exits 2 when something keeps Huying from working; hints (a channel that is not set up wholly, a
    calendar year that is not published yet, a missing font) are printed and exit 0.
    """
    settings = settings_with_home()
    problems: list[str] = []
    hints: list[str] = []
    _say("database", _database(settings), problems)
    _say("model", _model(settings), problems)
    _say("channels", _channels(settings), hints)
    _say("learning", _learning(settings), hints)
    _say("items", _items(settings), hints)
    _say("calendar", _calendar(), hints)
    _say("fonts", _fonts(settings), hints)
    _say("disk", _disk(settings), problems)
    if verify:
        with open_store(settings) as store:
            _say("stored data", store.read_now(broken_invariants), problems)
    return 2 if problems else 0


def _say(part: str, found: list[str], problems: list[str]) -> None:
    click.echo(f"{part}: {'ok' if not found else ''}")
    for line in found:
        click.echo(f"  - {line}")
    problems.extend(found)


def _database(settings: Settings) -> list[str]:
    try:
        with open_store(settings) as store:
            return store.read_now(_neighbourhood)
    except UserError as error:
        return [str(error)]


def _neighbourhood(tx: Tx) -> list[str]:
    grids = tx.grids.all()
    found = [] if grids else ["there is no grid yet: huying import-grids FILE (or seed-demo)"]
    bound = {(chat.grid, chat.purpose) for chat in tx.chats.all()}
    for grid in grids:
        if not grid.duty:
            found.append(
                f"{grid.id} has no duty list, nobody is alerted: huying duty {grid.id} PERSON…"
            )
        if (grid.id, Purpose.RESIDENTS) not in bound:
            found.append(f"{grid.id} has no residents' group: huying bind CHANNEL CHAT {grid.id}")
        reached = {e.person for e in grid.duty}
        people = tx.people.many(reached)
        for person in people.values():
            if person.private is None:
                found.append(f"{grid.id}: {person.id} is on duty but cannot be written to alone")
    unsent = tx.outbox.parked(100)
    if unsent:
        reasons = "; ".join(sorted({post.error or "no reason" for post in unsent})[:3])
        found.append(f"{len(unsent)} posts could not be sent: {reasons}")
    parked = len(tx.inbox.parked(100))
    if parked:
        found.append(
            f"{parked} messages are parked with an error: see the log, then huying doctor again"
        )
    return found


def _model(settings: Settings) -> list[str]:
    """Whether the model that should serve can, and what a running server says of it."""
    found = []
    try:
        load_reader(settings)
    except UserError as error:
        found.append(f"{error}; or huying rollback")
    try:
        with open_store(settings) as store:
            noted = store.read_now(lambda tx: tx.settings.get(PROBLEM))
    except UserError:
        return found  # said under database
    if noted and not any(noted.startswith(one.partition("; or ")[0]) for one in found):
        found.append(noted)
    return found


def _learning(settings: Settings) -> list[str]:
    """How the last retraining ended."""
    try:
        with open_store(settings) as store:
            last = store.read_now(standing)
    except UserError:
        return []
    if last is None or last.state != FAILED:
        return []
    return [
        f"the retraining of {last.at[:16]} failed, the model in use goes on serving: {last.words}; "
        "try: huying train --scheduled"
    ]


def _items(settings: Settings) -> list[str]:
    """Open cases whose item is offered no more."""
    try:
        with open_store(settings) as store:
            open_now = store.read_now(lambda tx: tx.cases.items_of_open())
        taxonomy = load_taxonomy()
    except (UserError, TaxonomyError):
        return []  # said under database and model
    gone = {code: count for code, count in open_now.items() if taxonomy.is_retired(code)}
    return [
        f"{count} open cases name the item {code}, which is retired: give them another on their pages"
        for code, count in sorted(gone.items())
    ]


def _channels(settings: Settings) -> list[str]:
    found = []
    if settings.telegram_token is not None and settings.telegram_mode == "webhook":
        if settings.telegram_secret is None:
            found.append(
                "HUYING_TELEGRAM_SECRET is not set: the webhook refuses everything; set one"
            )
        if not settings.public_url:
            found.append(
                "HUYING_PUBLIC_URL is not set: Telegram is not told where to send updates; set it, "
                "or HUYING_TELEGRAM_MODE=polling"
            )
    with open_store(settings) as store:
        telegram = make_telegram(settings, store, load_taxonomy())
        if telegram is None:
            return found
        noted = store.read_now(lambda tx: tx.settings.get(TELEGRAM_PROBLEMS)) or ""
        seen = [*noted.splitlines(), *asyncio.run(_examined(telegram))]
        return [*found, *dict.fromkeys(seen)]


async def _examined(telegram: TelegramChannel) -> list[str]:
    """Ask Telegram how things stand; changes nothing there."""
    await telegram.start(doors=False)
    try:
        return await telegram.examine()
    finally:
        await telegram.close()


def _calendar() -> list[str]:
    year = datetime.now(UTC).year
    return [
        f"the holidays of {y} are not known: install a newer chinesecalendar; "
        "until then deadlines are marked as provisional"
        for y in (year, year + 1)
        if not has_year(y)
    ]


def _fonts(settings: Settings) -> list[str]:
    if find_font(settings.fonts) is not None:
        return []
    return [
        "no Chinese font is found: apt-get install fonts-wqy-microhei, or name a folder with one in "
        "HUYING_FONTS (needed for pictures)"
    ]


def _disk(settings: Settings) -> list[str]:
    free = shutil.disk_usage(settings.home).free
    return [] if free > _LOW_DISK else [f"only {free >> 20} MB are free under {settings.home}"]
