"""A recorded chat, walked line by line: what the desk would know around each.

The law of this file: what is known at a line is what came before it. Who walks says which lines asked:
training by their labels, measuring by what was heard.
"""

from __future__ import annotations

from intake.hearing import Around
from intake.people import WORK_ROLES
from nlp.corpus import ChatLine

_WORKERS = frozenset(role.value for role in WORK_ROLES)


class ChatSoFar:
    """What was told in a chat, up to the line at hand."""

    def __init__(self) -> None:
        self._told: list[str | None] = []
        self._talk: set[int] = set()

    def around(self, line: ChatLine) -> Around:
        """What surrounds a line of this chat."""
        replies = line.replies_to > 0
        # A line that is not in the chat any more was further words about a case (`corpus.SUPPLEMENT`).
        about_case = replies and line.replies_to not in self._talk
        return Around(line.role in _WORKERS, replies, about_case, tuple(self._told))

    def went_by(self, line: ChatLine, asked: bool, item: str | None) -> None:
        """Remember a line that asked, for `item` where one is known, or did not."""
        if asked:
            self._told.insert(0, item)
        else:
            self._talk.add(line.number)
