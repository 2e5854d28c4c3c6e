"""`migrate`, `seed-demo`, `import-grids`, `bind`, `invite`, `create-admin`, `duty`, `outlet`: set-up,
repeatable, and possible while the server runs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import click

from bot import demo
from bot.channels import web
from bot.cli.errors import UserError
from bot.cli.opening import open_store, ready_database, settings_with_home
from bot.cli.staff import staff_named
from bot.grid_table import NEEDED, PLACES, Mistake, Problem, read_table
from bot.inviting import Invited, new_token
from bot.inviting import invite as make_invite
from bot.settings import Settings
from bot.taxonomy_file import load_taxonomy
from bot.web.room.founding import web_room
from intake.grids import ChatRef, DutyEntry, Purpose
from intake.people import Grant, Role
from storage.records import Outlet
from storage.tx import Tx

CHANNELS = ("web", "telegram")
_TELEGRAM_CHAT = re.compile(r"-?\d{1,20}")


@click.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    ready_database(settings_with_home())
    click.echo("The database is up to date.")


@click.command("seed-demo")
def seed_demo() -> None:
    """Create the demo neighbourhood (DEMO-1, DEMO-2, DEMO-3); may be repeated."""
    seed_demo_data(settings_with_home())
    click.echo(f"The demo neighbourhood is there: {', '.join(demo.GRIDS)}.")


def seed_demo_data(settings: Settings) -> None:
    with open_store(settings) as store:
        store.write_now(lambda tx: demo.seed(tx, datetime.now(UTC)))


@click.command("import-grids")
@click.argument("file", type=click.Path(path_type=Path))
def import_grids(file: Path) -> None:
    """Import the tree from a CSV: district,street,community,grid,name[,places separated by ;]."""
    text, departments = _text_of(file), load_taxonomy().departments

    def work(tx: Tx) -> int:
        areas = tx.grids.areas()
        table = read_table(text, areas, tx.grids.all(), departments)
        if table.problems:
            raise UserError("; ".join(_told(file, one) for one in table.problems[:20]))
        tx.grids.add_areas(table.areas(areas))
        tx.grids.add(table.grids)
        return len(table.rows)

    with open_store(settings_with_home()) as store:
        number = store.write_now(work)
    click.echo(f"{number} grids are there.")


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"{file}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise UserError(f"{file}: is not UTF-8; save it as CSV UTF-8") from None


_MISTAKES = {
    Mistake.COLUMNS: f"the columns must be {','.join(NEEDED)}[,{PLACES}], with a grid below them",
    Mistake.UNREADABLE: "is not CSV ({word}); quotes must come in pairs",
    Mistake.ID: "{word!r}: ids are letters, digits, - and _ (up to 32), and none is empty",
    Mistake.NAME: "a name is needed, of up to 60 signs",
    Mistake.TWICE: "grid {word} is there twice; remove one line",
    Mistake.ELSEWHERE: "{word} stands for something else or somewhere else already; use another id",
    Mistake.BEYOND: "is beyond your reach",
}


def _told(file: Path, problem: Problem) -> str:
    return f"{file} line {problem.line}: {_MISTAKES[problem.mistake].format(word=problem.word)}"


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("channel")
@click.argument("chat")
@click.argument("grid")
@click.option(
    "--purpose",
    default="residents",
    show_default=True,
    help="residents, staff, volunteers or department:CODE.",
)
def bind(channel: str, chat: str, grid: str, purpose: str) -> None:
    """Tie a group chat to a grid, e.g. `huying bind telegram -100123 DEMO-1`."""
    if channel not in CHANNELS:
        raise UserError(f"channel {channel}: there is none; use one of {', '.join(CHANNELS)}")
    if not chat.strip() or (channel == "telegram" and not _TELEGRAM_CHAT.fullmatch(chat)):
        raise UserError(
            f"chat {chat!r}: write the chat's id; for telegram a number such as -1001234567890"
        )
    what, department = _purpose(purpose)

    def work(tx: Tx) -> str | None:
        if tx.grids.get(grid) is None:
            known = ", ".join(g.id for g in tx.grids.all()[:10]) or "none yet: import-grids first"
            raise UserError(f"grid {grid}: there is none; known are {known}")
        tx.chats.bind(ChatRef(channel, chat), grid, what, department)
        return web_room(tx, chat, grid, datetime.now(UTC)) if channel == web.NAME else None

    settings = settings_with_home()
    with open_store(settings) as store:
        code = store.write_now(work)
    click.echo(f"{channel} {chat} belongs to {grid} ({purpose}).")
    if code is not None and what is Purpose.RESIDENTS:
        click.echo(f"Neighbours enter by {settings.base_url}/g/{code}")


def _purpose(text: str) -> tuple[Purpose, str | None]:
    name, _, code = text.partition(":")
    try:
        what = Purpose(name)
    except ValueError:
        raise UserError(
            f"--purpose {text}: use residents, staff, volunteers or department:CODE"
        ) from None
    if what is not Purpose.DEPARTMENT:
        if code:
            raise UserError(f"--purpose {text}: only department takes a code, as department:JS")
        return what, None
    departments = load_taxonomy().departments
    if code not in departments:
        raise UserError(
            f"--purpose {text}: unknown department; use one of {', '.join(departments)}"
        )
    return what, code


@click.command()
@click.argument("role")
@click.argument("scope")
def invite(role: str, scope: str) -> None:
    """Print a one-time link by which a person becomes staff; good for 7 days."""
    settings = settings_with_home()
    click.echo(make_invitation(settings, role, scope, "cli"))


@click.command()
@click.argument("grid")
@click.argument("people", nargs=-1, required=True)
def duty(grid: str, people: tuple[str, ...]) -> None:
    """Set who is alerted in a grid, in this order: ids (`tg:42`, `web:…`) or names of its staff."""

    def work(tx: Tx) -> list[str]:
        known = tx.grids.get(grid)
        if known is None:
            raise UserError(f"grid {grid}: there is none; import-grids first")
        staff = {person.id: person for person in tx.people.staff()}
        chosen = [staff_named(staff, name) for name in people]
        entries = [DutyEntry(order, person.id) for order, person in enumerate(chosen, 1)]
        tx.grids.set_duty(grid, entries)
        return [person.name for person in chosen]

    with open_store(settings_with_home()) as store:
        names = store.write_now(work)
    click.echo(f"{grid} alerts {', then '.join(names)}.")


@click.command()
@click.argument("department")
@click.argument("kind", type=click.Choice(["mail", "webhook"]))
@click.argument("addresses", nargs=-1)
def outlet(department: str, kind: str, addresses: tuple[str, ...]) -> None:
    """Set where a department hears of its cases beside its chats: mail addresses or webhook URLs
    (none: stop)."""
    departments = load_taxonomy().departments
    if department not in departments:
        raise UserError(
            f"department {department}: there is none; use one of {', '.join(departments)}"
        )

    def work(tx: Tx) -> None:
        others = [o for o in tx.grids.outlets(department) if o.kind != kind]
        tx.grids.set_outlets(
            department, [*others, *(Outlet(department, kind, a) for a in addresses)]
        )

    with open_store(settings_with_home()) as store:
        store.write_now(work)
    click.echo(f"{department} hears by {kind} at {', '.join(addresses) or 'no address any more'}.")


@click.command("create-admin")
@click.argument("name")
def create_admin(name: str) -> None:
    """Print the one-time link by which NAME becomes administrator of everything."""
    settings = settings_with_home()
    with open_store(settings) as store:
        tops = store.read_now(lambda tx: [a.id for a in tx.grids.areas() if a.parent is None])
    if not tops:
        raise UserError(
            "there is no district yet; import grids (import-grids FILE) or seed-demo first"
        )
    for scope in tops:
        click.echo(f"{name}: {make_invitation(settings, Role.ADMIN.value, scope, 'cli')}")


def make_invitation(settings: Settings, role: str, scope: str, by: str) -> str:
    """The links of a new invitation, one a line."""
    try:
        wanted = Role(role)
    except ValueError:
        raise UserError(f"role {role}: there is none; use one of {', '.join(Role)}") from None
    token, now = new_token(), datetime.now(UTC)

    def work(tx: Tx) -> Invited:
        _check_scope(tx, wanted, scope)
        return make_invite(tx, token, Grant(wanted, scope), by, now, settings.base_url)

    with open_store(settings) as store:
        return "\n".join(store.write_now(work).links)


def _check_scope(tx: Tx, role: Role, scope: str) -> None:
    if role is Role.DEPARTMENT:
        known = set(load_taxonomy().departments)
    else:
        known = {grid.id for grid in tx.grids.all()} | {area.id for area in tx.grids.areas()}
    if scope not in known:
        shown = ", ".join(sorted(known)[:12]) or "none yet: import-grids first"
        raise UserError(f"scope {scope}: there is none; known are {shown}")
