"""Retraining by itself: wanted by a timer, done once, in a process of its own.

The law of this file: the timer of a night only says that a training is wanted; whoever takes the lease
does it. A process that is killed while it trains leaves a lease that it takes up again when it is
started, or that others take when it has run out. Serving waits for nothing here.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from bot.looping import keep_going
from storage.store import Store
from storage.tx import Tx

log = logging.getLogger(__name__)

SETTING = "retraining"
"""The setting that keeps how the last retraining stands, as JSON."""

LIMIT = timedelta(minutes=30)
"""A training takes one or two minutes; what takes longer than this hangs and is ended."""

LEASE = LIMIT + timedelta(minutes=5)
TRIES = 3
WANTED, RUNNING, DONE, FAILED = "wanted", "running", "done", "failed"


@dataclass(frozen=True)
class Retraining:
    """How it stands. `at` is when it came to stand so, `until` when the lease ends (ISO 8601); `again`
    says that it was wanted once more while it ran; `words` is the last line that it said."""

    state: str
    at: str
    owner: str = ""
    until: str = ""
    tries: int = 0
    again: bool = False
    words: str = ""


def standing(tx: Tx) -> Retraining | None:
    """How the last retraining stands; None if none was ever wanted."""
    kept = tx.settings.get(SETTING)
    return Retraining(**json.loads(kept)) if kept else None


def _keep(tx: Tx, now: Retraining) -> None:
    tx.settings.put(SETTING, json.dumps(asdict(now), ensure_ascii=False))


def want(tx: Tx, now: datetime) -> None:
    """A timer of the night has fired. Wanted twice is wanted once."""
    found = standing(tx)
    if found is not None and found.state == RUNNING:
        _keep(tx, replace(found, again=True))
    elif found is None or found.state != WANTED:
        _keep(tx, Retraining(WANTED, now.isoformat()))


def may_take(found: Retraining | None, owner: str, now: datetime) -> bool:
    """Whether `owner`, which trains nothing now, may begin."""
    if found is None or found.state not in (WANTED, RUNNING):
        return False
    lost = found.owner == owner or datetime.fromisoformat(found.until or found.at) <= now
    return found.state == WANTED or lost


def take(tx: Tx, owner: str, now: datetime) -> bool:
    """Take the lease; False where there is nothing to do or another has it. After a few tries that ended
    with their process it is given up."""
    found = standing(tx)
    if found is None or not may_take(found, owner, now):
        return False
    if found.tries >= TRIES:
        words = f"given up after {TRIES} tries, each of which ended with its process"
        _keep(tx, Retraining(FAILED, now.isoformat(), owner, words=words))
        return False
    until = (now + LEASE).isoformat()
    _keep(tx, Retraining(RUNNING, now.isoformat(), owner, until, found.tries + 1))
    return True


def finish(tx: Tx, owner: str, now: datetime, ok: bool, words: str) -> None:
    """It has ended; where it was wanted again meanwhile, it is wanted."""
    found = standing(tx)
    if found is None or found.owner != owner or found.state != RUNNING:
        return
    state = WANTED if found.again else DONE if ok else FAILED
    _keep(tx, Retraining(state, now.isoformat(), owner, words=words))


Trains = Callable[[], Awaitable[tuple[bool, str]]]


async def train_apart() -> tuple[bool, str]:
    """`huying train --scheduled` in a process of its own, on one core, ended when it takes too long.
    Whether it went well, and its last line."""
    command = (sys.executable, "-m", "bot", "train", "--scheduled")
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(), LIMIT.total_seconds())
    except TimeoutError:
        return False, f"it took longer than {LIMIT} and was ended"
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return process.returncode == 0, lines[-1][:500] if lines else ""


@dataclass
class Retrainer:
    """Looks whether a retraining is wanted, and does it."""

    store: Store
    clock: Callable[[], datetime]
    train: Trains = train_apart
    idle_seconds: float = 5.0
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Work until cancelled."""
        await keep_going(self.step, self.wake, self.idle_seconds)

    async def step(self) -> int:
        """Do what is wanted, if it is for us to do; 1 if a training ran."""
        owner, now = self.store.owner, self.clock()
        found = await self.store.read(standing)
        if not may_take(found, owner, now):
            return 0
        if not await self.store.write(lambda tx: take(tx, owner, now), alone=True):
            return 0
        ok, words = await self.train()
        if not ok:
            log.error("the retraining failed, and the model in use goes on serving: %s", words)
        await self.store.write(lambda tx: finish(tx, owner, self.clock(), ok, words))
        return 1
