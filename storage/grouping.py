"""Many callers, one commit.

The law of this file: nobody waits on purpose. The first caller's items are flushed at once; what comes
in while that flush runs goes with the next one. Where a whole group fails, each caller's items are tried
by themselves, so that one bad arrival does not turn its neighbours away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_MOST: Final = 500  # items in one flush


class Grouper(Generic[T, R]):
    """Calls `flush` with the items of many callers; it returns one result for each item, in order."""

    def __init__(self, flush: Callable[[list[T]], Awaitable[list[R]]]) -> None:
        self._flush = flush
        self._waiting: list[tuple[list[T], asyncio.Future[list[R]]]] = []
        self._runner: asyncio.Task[None] | None = None

    async def put(self, items: list[T]) -> list[R]:
        """Flush `items` with those of others; returns when they are durable."""
        if not items:
            return []
        future: asyncio.Future[list[R]] = asyncio.get_running_loop().create_future()
        self._waiting.append((items, future))
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            group = self._next_group()
            try:
                results = await self._flush([item for items, _ in group for item in items])
            except Exception as error:
                await self._apart(group, error)
            else:
                _share(group, results)

    def _next_group(self) -> list[tuple[list[T], asyncio.Future[list[R]]]]:
        """The callers that fit into one flush, at least one; those who gave up are left out."""
        self._waiting = [entry for entry in self._waiting if not entry[1].cancelled()]
        count = taken = 0
        for items, _ in self._waiting:
            count += len(items)
            if taken and count > _MOST:
                break
            taken += 1
        group, self._waiting = self._waiting[:taken], self._waiting[taken:]
        return group

    async def _apart(
        self, group: list[tuple[list[T], asyncio.Future[list[R]]]], error: Exception
    ) -> None:
        if len(group) == 1:
            _refuse(group[0][1], error)
            return
        for items, future in group:
            try:
                _share([(items, future)], await self._flush(items))
            except Exception as own:
                _refuse(future, own)


def _share(group: list[tuple[list[T], asyncio.Future[list[R]]]], results: list[R]) -> None:
    at = 0
    for items, future in group:
        if not future.done():
            future.set_result(results[at : at + len(items)])
        at += len(items)


def _refuse(future: asyncio.Future[list[R]], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
