"""Photos that came with messages, and the cases that they belong to.

The law of this file: a case has the photos of its lines, as long as a line is not blanked (withdrawn, or
old): who looks at the case may look at them, and when no line holds a photo any more, it goes. What no case
ever took up goes after a week; the web room's own history is its own affair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, select

from intake.cases import CaseId, LineRole
from intake.grids import ChatRef, MessageRef
from storage.case_tables import gatherings, lines
from storage.dialect import Dialect
from storage.photo_tables import photos
from storage.room_records import Photo

KEEP_UNCLAIMED: Final = timedelta(days=7)
"""How long a photo waits for its message to be taken up by a case: as long as an undecided message waits."""
_SWEEP: Final = 5_000

_OF_LINE: Final = and_(lines.c.message == photos.c.message, lines.c.chat == photos.c.chat)
_HELD: Final = lines.c.media.is_not(None)
"""The line was not blanked."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many photos came with the lines of a case that were said in one chat, with one role."""

    chat: ChatRef
    role: LineRole
    count: int


class Photos:
    """The photos within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def add(self, chat: ChatRef, message: str, some: Sequence[Photo], now: datetime) -> None:
        """Note what came with a message."""
        rows = [
            {"name": one.name, "chat": chat, "message": message, "seq": seq, "at": now}
            | {"width": one.width, "height": one.height}
            for seq, one in enumerate(some)
        ]
        if rows:
            self._connection.execute(photos.insert(), rows)

    def drop(self, chat: ChatRef, message: str) -> None:
        """The message was withdrawn."""
        self._connection.execute(
            delete(photos).where(photos.c.message == message, photos.c.chat == chat)
        )

    def of_case(self, case: CaseId) -> dict[MessageRef, list[Photo]]:
        """The photos of a case by the line that they came with."""
        return self.of_cases([case])

    def of_cases(self, cases: Iterable[CaseId]) -> dict[MessageRef, list[Photo]]:
        """The photos of several cases by the line that they came with, each once, whatever cases the line
        hangs on."""
        query = (
            select(photos.c.chat, photos.c.message, *_PHOTO)
            .where(_line(self._dialect.among(lines.c.case_id, "ids"), _HELD))
            .order_by(photos.c.message, photos.c.seq)
        )
        listed = self._dialect.listed(sorted(set(cases)))
        found: defaultdict[MessageRef, list[Photo]] = defaultdict(list)
        for chat, message, *photo in self._connection.execute(query, {"ids": listed}):
            found[MessageRef(chat, message)].append(Photo(*photo))
        return dict(found)

    def held(self, messages: Iterable[MessageRef]) -> frozenset[MessageRef]:
        """Those of `messages` of which there is a photo."""
        refs = set(messages)
        if not refs:
            return frozenset()
        query = (
            select(photos.c.chat, photos.c.message)
            .where(self._dialect.among(photos.c.message, "messages"))
            .distinct()
        )
        listed = self._dialect.listed(sorted({ref.message for ref in refs}))
        found = self._connection.execute(query, {"messages": listed})
        return frozenset(refs.intersection(MessageRef(chat, message) for chat, message in found))

    def wanted(self, ref: MessageRef) -> bool:
        """Whether a photo of this message has somewhere to stand: a case's line, or what a neighbour began to
        say; and none of it is held yet."""
        if self.held([ref]):
            return False
        line = select(lines.c.message).where(
            lines.c.message == ref.message, lines.c.chat == ref.chat, _HELD
        )
        if self._connection.execute(line).first() is not None:
            return True
        begun = select(gatherings.c.messages).where(gatherings.c.chat == ref.chat)
        return any(ref.message in some for some in self._connection.scalars(begun))

    def belongs(self, name: str, case: CaseId) -> bool:
        """Whether a line of the case has this photo."""
        query = (
            select(photos.c.name)
            .join(lines, _OF_LINE)
            .where(photos.c.name == name, lines.c.case_id == case, _HELD)
        )
        return self._connection.execute(query).first() is not None

    def counted(self, cases: Iterable[CaseId]) -> Mapping[CaseId, Sequence[Counted]]:
        """How many photos some cases have, by chat and role."""
        query = (
            select(lines.c.case_id, lines.c.chat, lines.c.role, func.count())
            .join(photos, _OF_LINE)
            .where(self._dialect.among(lines.c.case_id, "ids"), _HELD)
            .group_by(lines.c.case_id, lines.c.chat, lines.c.role)
        )
        listed = self._dialect.listed(sorted(set(cases)))
        found: defaultdict[CaseId, list[Counted]] = defaultdict(list)
        for case, chat, role, count in self._connection.execute(query, {"ids": listed}):
            found[case].append(Counted(chat, role, count))
        return dict(found)

    def of_work(self, cases: Iterable[CaseId]) -> Mapping[CaseId, Sequence[str]]:
        """The names of the photos that came with staff's words of their work, oldest first."""
        query = (
            select(lines.c.case_id, photos.c.name)
            .join(photos, _OF_LINE)
            .where(self._dialect.among(lines.c.case_id, "ids"), _HELD)
            .where(lines.c.role == LineRole.REPORT_BACK)
            .order_by(photos.c.at, photos.c.message, photos.c.seq)
        )
        listed = self._dialect.listed(sorted(set(cases)))
        found: defaultdict[CaseId, list[str]] = defaultdict(list)
        for case, name in self._connection.execute(query, {"ids": listed}):
            found[case].append(name)
        return dict(found)

    def names(self) -> set[str]:
        """Every photo that is on record, so that files without a record can be deleted."""
        return set(self._connection.scalars(select(photos.c.name)))

    def forget(self, now: datetime) -> list[str]:
        """Drop what no line holds any more; the names, a few thousand at a time."""
        unclaimed = photos.c.at < now - KEEP_UNCLAIMED
        query = (
            select(photos.c.name)
            .where(~_line(_HELD), unclaimed | _line())
            .order_by(photos.c.at)
            .limit(_SWEEP)
        )
        gone = list(self._connection.scalars(query))
        if gone:
            self._connection.execute(
                delete(photos).where(self._dialect.among(photos.c.name, "names")),
                {"names": self._dialect.listed(gone)},
            )
        return gone


_PHOTO: Final = (photos.c.name, photos.c.width, photos.c.height)


def _line(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """There is a line of the photo's message that meets these."""
    return exists().where(_OF_LINE, *conditions)
