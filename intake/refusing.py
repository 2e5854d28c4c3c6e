"""A refusal, in one sentence, and not over and over.

The law of this file: whoever asks for what they may not do is told so once an hour, so that nobody can
use up what a group may hear in a minute.
"""

from __future__ import annotations

from intake.desk import Desk
from intake.grids import ChatRef
from intake.notices import Notice, ToChat
from intake.templates import Template


def refusal(
    desk: Desk, template: Template, identity: str, params: dict[str, str], chat: ChatRef
) -> Notice:
    """The notice for one person and one case."""
    once = f"{template.value}|{params.get('case', '')}|{identity}|{desk.now:%Y%m%d%H}"
    return Notice(template, ToChat(chat), params, once=once)
