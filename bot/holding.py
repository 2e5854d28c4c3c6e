"""What may wait for the morning of a group, and what of it does.

The law of this file: only what nobody in a residents' group asked for waits, and only what is told of a case:
in the quiet hours of its grid, and where the group has heard enough today. Then the clock of that morning is
set in the same transaction; `intake/mornings.py` tells what came together. What somebody alone did not ask
for waits by itself (`dispatch.py`); here goes what of it was overtaken in the night.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.dispatch import CAN_WAIT, Surroundings, posts_of
from intake.cases import TimerKind
from intake.desk import Desk
from intake.lifecycle import DONE, State
from intake.manners import midnight, next_morning, quiet_until
from intake.notices import Post
from intake.templates import Template
from storage.mornings import NEWS
from storage.tx import Tx

OVER: Final = frozenset(
    {State.WITHDRAWN, State.REJECTED, State.MERGED, State.CLOSED, State.ARCHIVED}
)
"""Nothing more is to be told of these; whoever asked for their end heard it then."""


def save_and_say(tx: Tx, desk: Desk, around: Surroundings, now: datetime) -> int:
    """Save what was decided, with all that is to be said; how many posts that are."""
    posts = _held(tx, desk, around, posts_of(desk, around))
    _overtake(tx, desk, around, posts, now)
    tx.desk.save(desk.changes, posts, now)
    return len(posts)


def _overtake(
    tx: Tx, desk: Desk, around: Surroundings, posts: Sequence[Post], now: datetime
) -> None:
    """In the quiet hours: news that waits for somebody alone gives way to later news of its case, and goes
    where it is not true any more."""
    asleep = [
        case
        for case in desk.changes.cases.values()
        if quiet_until(now, around.zone, around.manners_of(case.grid).quiet) is not None
    ]
    if not asleep:
        return
    of_night = {case.id for case in asleep}
    newer = {(p.case, p.chat) for p in posts if p.case in of_night and _is_news_alone(p)}
    over = {case.id for case in asleep if case.state in OVER}
    asked = {case.id for case in asleep if case.state not in DONE}
    tx.mornings.overtake(newer, over, asked - over, now)


def _is_news_alone(post: Post) -> bool:
    """Whether it tells somebody alone, unasked, how a case stands."""
    return post.audience == "private" and post.template in NEWS and post.not_before is not None


def _held(tx: Tx, desk: Desk, around: Surroundings, posts: Sequence[Post]) -> list[Post]:
    waiting = [post for post in posts if _may_wait(post)]
    if not waiting:
        return list(posts)
    since = midnight(min(post.created_at for post in waiting), around.zone)
    heard = tx.mornings.unasked({post.chat for post in waiting}, since)
    said: list[Post] = []
    for post in posts:
        if _may_wait(post):
            post = _in_its_time(desk, around, post, heard.get(post.chat, 0))
            heard[post.chat] = heard.get(post.chat, 0) + (post.morning is None)
        said.append(post)
    return said


def _may_wait(post: Post) -> bool:
    """Whether it is told of a case, to a residents' group, unasked, as a post of its own."""
    told = post.audience == "group" and post.case is not None and post.edits is None
    return told and post.urgency in CAN_WAIT and post.template != Template.MORNING


def _in_its_time(desk: Desk, around: Surroundings, post: Post, heard: int) -> Post:
    """The post, held for a morning where the group sleeps or has heard as much as it wants to in a day."""
    grid = desk.facts.chats[post.chat].grid
    manners = around.manners_of(grid)
    morning = quiet_until(post.created_at, around.zone, manners.quiet)
    if morning is None and heard >= manners.budget:
        morning = next_morning(post.created_at, around.zone, manners.quiet)
    if morning is None:
        return post
    morning = max(morning, post.not_before or morning)
    desk.set_timer(TimerKind.MORNING, f"{grid}@{morning.isoformat()}", morning, grid)
    return replace(post, morning=morning, not_before=morning)
