"""Which group chat belongs to which grid.

The law of this file: a chat has one grid; binding it again changes that. When a platform gives a chat
a new id, everything that must still reach it is rewritten and the old id is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select, union, update

from intake.grids import Chat, ChatRef, Purpose
from storage.answer_tables import asked
from storage.case_tables import cases, followers, prompts
from storage.dialect import Dialect
from storage.outbox import Outbox
from storage.rows import Rows, excluded
from storage.settings import Settings
from storage.tables import chat_moves, chats, grids, people

CHAT_ROWS = Rows(chats, Chat, ref="chat")


class Chats:
    """The bound chats within one transaction."""

    def __init__(
        self, connection: Connection, dialect: Dialect, dirty: set[str] | None = None
    ) -> None:
        """`dirty` takes up the grids whose cases this transaction changes."""
        self._connection = connection
        self._dialect = dialect
        self._dirty = set() if dirty is None else dirty

    def bind(
        self,
        ref: ChatRef,
        grid: str,
        purpose: Purpose = Purpose.RESIDENTS,
        department: str | None = None,
        title: str = "",
    ) -> Chat:
        """Tie a chat to a grid, or change its grid and purpose. A title that is known stays when
        none is given. The grid must exist (foreign key)."""
        present = self.get(ref)
        chat = Chat(
            ref=present.ref if present else ref,
            grid=grid,
            purpose=purpose,
            department=department,
            silent_until=present.silent_until if present else None,
            title=title or (present.title if present else ""),
        )
        if chat != present:
            self.save([chat])
        return chat

    def unbind(self, ref: ChatRef) -> bool:
        """Forget a chat; False if it was not bound."""
        done = self._connection.execute(delete(chats).where(chats.c.chat == ref))
        if done.rowcount:
            self._bump()
        return bool(done.rowcount)

    def save(self, some: Iterable[Chat]) -> None:
        """Store chats as they are."""
        rows = CHAT_ROWS.stored(sorted(some, key=lambda chat: chat.ref))
        if rows:
            insert = self._dialect.insert(chats)
            names = [name for name in CHAT_ROWS.keys if name != "chat"]
            self._connection.execute(
                insert.on_conflict_do_update(index_elements=["chat"], set_=excluded(insert, names)),
                rows,
            )
            self._bump()

    def get(self, ref: ChatRef) -> Chat | None:
        """The chat with this id, or with the id that replaced it."""
        found = self._connection.execute(
            select(*CHAT_ROWS.columns).where(
                chats.c.chat.in_([ref, self.moved_to([ref]).get(ref, ref)])
            )
        ).first()
        return CHAT_ROWS.of(found) if found else None

    def all(self) -> list[Chat]:
        """Every bound chat, by id."""
        query = select(*CHAT_ROWS.columns).order_by(chats.c.chat)
        return CHAT_ROWS.many(self._connection.execute(query))

    def of_grid(self, grid: str) -> list[Chat]:
        """The chats of a grid, by id."""
        query = select(*CHAT_ROWS.columns).where(chats.c.grid == grid).order_by(chats.c.chat)
        return CHAT_ROWS.many(self._connection.execute(query))

    def of_department(self, department: str) -> list[Chat]:
        """The chats of a department in all grids, by id."""
        query = (
            select(*CHAT_ROWS.columns)
            .where(chats.c.department == department)
            .order_by(chats.c.chat)
        )
        return CHAT_ROWS.many(self._connection.execute(query))

    def moved_to(self, old: Iterable[ChatRef]) -> dict[ChatRef, ChatRef]:
        """The present id of chats that moved."""
        found = self._connection.execute(
            select(chat_moves.c.old_chat, chat_moves.c.new_chat).where(
                chat_moves.c.old_chat.in_(sorted(set(old)))
            )
        )
        return {row.old_chat: row.new_chat for row in found}

    def move(self, old: ChatRef, new: ChatRef, now: datetime) -> None:
        """The platform gave `old` the id `new`: from now on everything reaches it there. Lines keep
        the old id, since message ids do not move; a second time nothing changes."""
        if old == new:
            return
        self._remember(old, new, now)
        self._rename(old, new)
        self._move_cases(old, new)
        self._move_prompts(old, new)
        named = (followers.c.chat, people.c.private_chat, asked.c.chat)
        for table, column in zip((followers, people, asked), named, strict=True):
            self._connection.execute(update(table).where(column == old).values({column: new}))
        Outbox(self._connection, self._dialect).move_chat(old, new)
        self._bump()

    def _remember(self, old: ChatRef, new: ChatRef, now: datetime) -> None:
        insert = self._dialect.insert(chat_moves)
        self._connection.execute(
            update(chat_moves).where(chat_moves.c.new_chat == old).values(new_chat=new)
        )
        self._connection.execute(delete(chat_moves).where(chat_moves.c.old_chat == new))
        self._connection.execute(
            insert.on_conflict_do_update(
                index_elements=["old_chat"], set_=excluded(insert, ["new_chat", "at"])
            ),
            {"old_chat": old, "new_chat": new, "at": now},
        )

    def _rename(self, old: ChatRef, new: ChatRef) -> None:
        known = set(
            self._connection.scalars(select(chats.c.chat).where(chats.c.chat.in_([old, new])))
        )
        if new in known:
            self._connection.execute(delete(chats).where(chats.c.chat == old))
        else:
            self._connection.execute(update(chats).where(chats.c.chat == old).values(chat=new))

    def _move_cases(self, old: ChatRef, new: ChatRef) -> None:
        """With a new version and stamp, so that nobody goes on with what they loaded before."""
        told = union(
            select(cases.c.id).where(cases.c.chat == old),
            select(followers.c.case_id).where(followers.c.chat == old),
        )
        affected = self._connection.execute(
            select(cases.c.id, cases.c.grid).where(cases.c.id.in_(told))
        ).all()
        if not affected:
            return
        homes = sorted({row.grid for row in affected})
        self._dirty.update(homes)
        self._connection.execute(
            update(grids)
            .where(self._dialect.among(grids.c.id, "homes"))
            .values(stamp=grids.c.stamp + 1),
            {"homes": self._dialect.listed(homes)},
        )
        stamp = select(grids.c.stamp).where(grids.c.id == cases.c.grid).scalar_subquery()
        ids = {"ids": self._dialect.listed(row.id for row in affected)}
        mine = self._dialect.among(cases.c.id, "ids")
        self._connection.execute(
            update(cases).where(mine).values(stamp=stamp, version=cases.c.version + 1), ids
        )
        self._connection.execute(update(cases).where(cases.c.chat == old).values(chat=new))

    def _move_prompts(self, old: ChatRef, new: ChatRef) -> None:
        waiting = select(prompts.c.person).where(prompts.c.chat == old)
        self._connection.execute(
            delete(prompts).where(prompts.c.chat == new, prompts.c.person.in_(waiting))
        )
        self._connection.execute(update(prompts).where(prompts.c.chat == old).values(chat=new))

    def _bump(self) -> None:
        Settings(self._connection, self._dialect).bump()
