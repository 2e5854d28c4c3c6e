"""The whole intake on a recorded group chat.

The law of this file: the handlers, timers, outbox and wording are those of `serve`, over the in-memory
store; only the clock is the transcript's. Nobody answers the bot's questions and no moderator is at work.
No rule of the business stands here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from types import TracebackType
from typing import Any

from bot.channels.base import Capabilities
from bot.deciding import Work, decide_rows, fire_timers
from bot.dispatch import Surroundings
from bot.lanes import Reads, read_commands
from bot.transcript import Spoken
from intake.cases import Case, CaseId, LineRole, TimerKind
from intake.commands import Command, Quote, Said, Sender
from intake.grids import ChatRef, DutyEntry, Grid, Purpose
from intake.notices import Post
from intake.people import Person
from intake.reading import Reading
from intake.rules import Rules
from intake.verdict import Verdict
from storage.recall import all_cases, all_lines, all_posts
from storage.records import Arrival
from storage.store import Store
from storage.tx import Tx

CHANNEL = "replay"
DUTY = "replay:duty"
LEASE = timedelta(minutes=1)
DECIDING = frozenset({TimerKind.GATHER, TimerKind.CONFIRM, TimerKind.DUTY, TimerKind.TWINS})
"""Timers that can still change a case when the transcript is over; reminders cannot."""

READ_BATCH = 1024
END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC)


class ReplayChannel:
    """A channel that nobody listens to: what is said is read from the outbox afterwards."""

    name = CHANNEL
    capabilities = Capabilities(can_edit=True, repeats=True)

    def read(self, payload: Mapping[str, Any], received_at: datetime) -> Command | None:
        return None

    async def send(self, post: Post) -> str:
        return post.key

    def private_link(self, parameter: str) -> str | None:
        return None


@dataclass
class Replay:
    """One run over one in-memory store. Use as a context manager."""

    rules: Rules
    reader: Reads
    quiet: tuple[time, time] | None = None
    store: Store = field(init=False)
    around: Surroundings = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store.open("sqlite://", CHANNEL)
        self.rules = replace(self.rules, lexicon=self.reader.lexicon, hearing=self.reader.hearing)
        self.around = Surroundings({CHANNEL: ReplayChannel()}, self.rules.zone, self.quiet)

    def __enter__(self) -> Replay:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.store.close()

    def play(self, lines: Sequence[Spoken]) -> Iterator[dict[str, Any]]:
        """One decision for each line, in order."""
        if not lines:
            return
        commands = commands_of(lines)
        self.store.write_now(lambda tx: _settle(tx, lines))
        readings = self._read(commands)
        verdicts: list[Verdict] = []
        opened_by: dict[CaseId, int] = {}
        for index, (line, command) in enumerate(zip(lines, commands, strict=True)):
            self._fire_until(line.at)
            verdict = self._decide(line, command, readings.get(id(command), ()))
            verdicts.append(verdict)
            opened_by.update(dict.fromkeys(verdict.opened, index))
        self._run_out()
        yield from _decisions(self.store.read_now(_gather), lines, verdicts, opened_by)

    def _read(self, commands: Sequence[Command]) -> dict[int, tuple[Reading, ...]]:
        found: dict[int, tuple[Reading, ...]] = {}
        for start in range(0, len(commands), READ_BATCH):
            found |= read_commands(self.reader, commands[start : start + READ_BATCH], {})
        return found

    def _decide(self, line: Spoken, command: Command, readings: tuple[Reading, ...]) -> Verdict:
        arrival = Arrival(CHANNEL, _external(line), f"{CHANNEL}:{line.chat}", {}, line.at)

        def work(tx: Tx) -> Verdict:
            tx.inbox.append([arrival])
            (claim,) = tx.inbox.claim(CHANNEL, line.at, LEASE, 1, 1)
            works = [Work(claim.rows[0], command, readings)]
            decided = decide_rows(tx, self.rules, self.around, [(claim, works)], line.at)
            return decided.verdicts[0][1] if decided.verdicts else Verdict("chat")

        return self.store.write_now(work)

    def _fire_until(self, until: datetime) -> None:
        """Fire all that falls due up to a moment, each at its own time."""
        while (due := self._next_due()) is not None and due <= until:
            self.store.write_now(partial(self._fire, at=due))

    def _fire(self, tx: Tx, *, at: datetime) -> None:
        fire_timers(tx, self.rules, self.around, at, tx.timers.due(at, 1000))

    def _next_due(self) -> datetime | None:
        return self.store.read_now(lambda tx: tx.timers.next_due())

    def _run_out(self) -> None:
        """Let the clock run on until nothing that decides a case is pending."""
        while (due := self.store.read_now(next_deciding)) is not None:
            self._fire_until(due)


def next_deciding(tx: Tx) -> datetime | None:
    """When the next timer that can still change a case falls due, or None."""
    waiting = (timer.due for timer in tx.timers.due(END_OF_TIME, 100_000) if timer.kind in DECIDING)
    return min(waiting, default=None)


def _external(line: Spoken) -> str:
    return f"{line.chat}|{line.message}"


def _identity(line: Spoken) -> str:
    return f"{CHANNEL}:{line.sender}"


def commands_of(lines: Sequence[Spoken]) -> list[Command]:
    """The lines as a channel would read them, with the words of the line that was replied to."""
    by_id = {(line.chat, line.message): line for line in lines}
    commands: list[Command] = []
    for line in lines:
        quoted = by_id.get((line.chat, line.reply_to)) if line.reply_to is not None else None
        quote = None
        if line.reply_to is not None:
            sender = Sender(_identity(quoted), quoted.name, role=quoted.role) if quoted else None
            text, media = (quoted.text, quoted.media) if quoted else ("", ())
            quote = Quote(line.reply_to, sender, text, media)
        commands.append(
            Said(
                ChatRef(CHANNEL, line.chat),
                line.message,
                Sender(_identity(line), line.name, role=line.role),
                line.text,
                line.at,
                quote=quote,
                media=line.media,
            )
        )
    return commands


def _settle(tx: Tx, lines: Sequence[Spoken]) -> None:
    """A grid without neighbours for each group, with staff, somebody on duty, all reachable alone."""
    grids = sorted({line.grid for line in lines})
    tx.grids.add([Grid(grid, grid, (grid,)) for grid in grids])
    for grid in grids:
        tx.grids.set_duty(grid, [DutyEntry(1, DUTY)])
        tx.chats.bind(ChatRef(CHANNEL, f"{grid}/staff"), grid, Purpose.STAFF)
    for chat, grid in sorted({(line.chat, line.grid) for line in lines}):
        tx.chats.bind(ChatRef(CHANNEL, chat), grid, Purpose.RESIDENTS)
    people = {_identity(line): line for line in lines}
    tx.people.save(
        [
            Person(DUTY, "网格员", private=(CHANNEL, "p/duty")),
            *(
                Person(person, line.name, private=(CHANNEL, f"p/{line.sender}"), home=line.grid)
                for person, line in people.items()
            ),
        ],
        lines[0].at,
    )


@dataclass(frozen=True)
class _Found:
    """What the run left in the store."""

    cases: dict[CaseId, Case]
    roles: dict[tuple[str, str], list[tuple[CaseId, LineRole]]]
    posts: list[Post]


def _gather(tx: Tx) -> _Found:
    cases = {case.id: case for case in all_cases(tx)}
    roles: defaultdict[tuple[str, str], list[tuple[CaseId, LineRole]]] = defaultdict(list)
    for line in all_lines(tx):
        roles[line.chat.chat, line.message].append((line.case, line.role))
    return _Found(cases, roles, all_posts(tx))


def _decisions(
    found: _Found,
    lines: Sequence[Spoken],
    verdicts: Sequence[Verdict],
    opened_by: Mapping[CaseId, int],
) -> Iterator[dict[str, Any]]:
    posts = _posts_by_line(found, lines, opened_by)
    for index, (line, verdict) in enumerate(zip(lines, verdicts, strict=True)):
        attached = found.roles.get((line.chat, line.message), [])
        ids = dict.fromkeys([*verdict.cases, *(case for case, _ in attached)])
        kind = verdict.kind
        if not verdict.cases and any(role is LineRole.SUPPLEMENT for _, role in attached):
            kind = "supplement"
        yield {
            "group": line.group,
            "id": line.id,
            "kind": kind,
            "emergency": verdict.emergency,
            "cases": _shown(
                found.cases, list(ids), {c for c, i in opened_by.items() if i == index}
            ),
            "posts": posts.get(index, []),
        }


def _shown(
    cases: Mapping[CaseId, Case], ids: list[CaseId], opened: set[CaseId]
) -> list[dict[str, Any]]:
    """The cases of a line, merged ones as the case that survives, each once."""
    shown: dict[CaseId, dict[str, Any]] = {}
    for case_id in ids:
        case = cases[case_id]
        while case.merged_into is not None:
            case = cases[case.merged_into]
        known = shown.get(case.id)
        is_opened = case.id in opened or bool(known and known["opened"])
        shown[case.id] = {
            "case": case.id,
            "category": case.category,
            "item": case.item,
            "level": case.level.value,
            "opened": is_opened,
        }
    return list(shown.values())


def _posts_by_line(
    found: _Found, lines: Sequence[Spoken], opened_by: Mapping[CaseId, int]
) -> dict[int, list[dict[str, str]]]:
    """Posts at the line that caused them; those of a timer at the line that opened their case."""
    by_cause = {f"{CHANNEL}:{_external(line)}": index for index, line in enumerate(lines)}
    result: defaultdict[int, list[dict[str, str]]] = defaultdict(list)
    for post in found.posts:
        if post.edits is not None or post.urgency.value == "digest":
            continue
        index = by_cause.get(post.cause)
        if index is None and post.case is not None:
            index = opened_by.get(post.case)
        if index is not None:
            result[index].append({"to": post.audience, "text": post.text})
    return result
