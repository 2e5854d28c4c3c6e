"""Invitations of staff: one-time links, as the command line and the desk make them.

The law of this file: a link is told once, to whoever made it; of its token only the hash stays.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.people import Grant, PersonId
from storage.tx import Tx

INVITE = "i-"
"""A link's parameter that begins so carries a one-time invitation of staff."""

INVITE_DAYS = 7

TELEGRAM_NAME = "telegram_name"
"""The setting under which the bot's user name is kept."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation: its links, the one into the web room first, and when it ends."""

    links: tuple[str, ...]
    ends: datetime


def new_token() -> str:
    """A secret for one invitation. Made before the transaction, which may run twice."""
    return secrets.token_urlsafe(18)


def invite(tx: Tx, token: str, grant: Grant, by: PersonId, now: datetime, base_url: str) -> Invited:
    """Store an invitation to `grant`, which the caller has checked."""
    ends = now + timedelta(days=INVITE_DAYS)
    tx.people.invite(token, grant, by, now, ends)
    links = [f"{base_url}/start/{INVITE}{token}"]
    name = tx.settings.get(TELEGRAM_NAME)
    if name:
        links.append(f"https://t.me/{name}?start={INVITE}{token}")
    return Invited(tuple(links), ends)
