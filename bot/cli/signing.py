"""`sign-in`: a way into the desk for somebody who has no password, or has it no more."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import click

from bot.cli.opening import open_store, settings_with_home
from bot.cli.staff import staff_named
from storage.tx import Tx


@click.command("sign-in")
@click.argument("name")
@click.option(
    "--reset",
    is_flag=True,
    help="First drop their login, password and two-step codes, and sign them out everywhere.",
)
def sign_in(name: str, reset: bool) -> None:
    """Print a one-time link by which NAME (id, or name of staff) signs in to the desk; good for 30
    minutes, without password and code: hand it to nobody else."""
    settings, token = settings_with_home(), secrets.token_urlsafe(32)

    def work(tx: Tx) -> None:
        person = staff_named({one.id: one for one in tx.people.staff()}, name).id
        if reset:
            tx.accounts.forget(person)
            tx.sessions.end(person)
            tx.sessions.drop_links(person)
        tx.sessions.make_link(token, person, datetime.now(UTC))

    with open_store(settings) as store:
        store.write_now(work)
    click.echo(f"{settings.base_url}/desk/in/{token}")
