"""What may wait for the morning of a group, and what of it does.

The law of this file: only what nobody in a residents' group asked for waits, and only what is told of a case:
in the quiet hours of its grid, and where the group has heard enough today. Then the clock of that morning is
set in the same transaction; `intake/mornings.py` tells what came together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.dispatch import CAN_WAIT, Surroundings, posts_of
from intake.cases import TimerKind
from intake.desk import Desk
from intake.manners import midnight, next_morning, quiet_until
from intake.notices import Post
from intake.templates import Template
from storage.tx import Tx


def save_and_say(tx: Tx, desk: Desk, around: Surroundings, now: datetime) -> int:
    """Save what was decided, with all that is to be said; how many posts that are."""
    posts = _held(tx, desk, around, posts_of(desk, around))
    tx.desk.save(desk.changes, posts, now)
    return len(posts)


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
