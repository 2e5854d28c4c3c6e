"""早安汇总: what waited for a group through the night, or over its daily budget, told there in one post.

The law of this file: a line a case, as it stands now and not as it stood when it was held; what was
withdrawn is left out, and of what became private a group hears nothing, not even a number. Of dangers that
the group knows of it hears only how many. No words of a neighbour, no place and no name stand in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from intake.cases import Case, Timer
from intake.desk import Desk
from intake.grids import ChatRef, Purpose
from intake.lifecycle import DONE, CaseKind, State
from intake.notices import Button, Notice, Post, ToChat, Urgency
from intake.taxonomy import Visibility
from intake.templates import Template
from intake.verdict import IGNORED, Verdict
from intake.working import params_for_others

STANDS: Final = "stands"
"""What a line tells where it is only how a case stands."""
MOST_LINES: Final = 12
_MOST_BUTTONS: Final = 6
_KEPT: Final = frozenset(
    {"case", "title", "item", "department", "words", "resolve_due", "state", "wish_words"}
    | {"area", "cases", "voices", "main", "opened_at", "rate_here"}
)
_FINISHED: Final = frozenset({*DONE, State.CLOSED, State.ARCHIVED})
_MERGING: Final = frozenset({Template.MERGED, Template.UNMERGED})
_WISHES: Final[Mapping[State, Template]] = {
    State.PUBLISHED: Template.WISH_PUBLISHED,
    State.CLAIMED: Template.WISH_CLAIMED,
    **dict.fromkeys(_FINISHED, Template.WISH_DONE),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the post, and the buttons under it."""

    what: str
    params: Mapping[str, str]
    buttons: tuple[Button, ...] = ()

    @property
    def row(self) -> dict[str, str]:
        return {key: self.params[key] for key in sorted(_KEPT & self.params.keys())} | {
            "what": self.what
        }


def tell_morning(desk: Desk, timer: Timer) -> Verdict:
    """Tell each group of the grid what waited for it; where nothing did, nothing."""
    for ref, posts in desk.facts.overnight.items():
        chat = desk.facts.chats.get(ref)
        if chat is not None and chat.grid == timer.grid:
            _tell(desk, ref, posts, f"morning|{timer.subject}")
    return Verdict("timer") if desk.facts.overnight else IGNORED


def _tell(desk: Desk, chat: ChatRef, posts: Sequence[Post], once: str) -> None:
    latest = {_about(desk, post): post for post in posts}
    told: list[Told] = []
    urgent: dict[str, bool] = {}
    quoted: list[Post] = []
    for post in posts:
        case = desk.case(post.case)
        if case is not None and _counted(desk, case):
            urgent[case.id] = case.state in _FINISHED
            line = None
        else:
            line = _line(desk, case, post) if case is not None else None
            if line is not None and latest[_about(desk, post)] is post:
                told.append(line)
                quoted.append(post)
        said = line is not None or (case is not None and case.id in urgent)
        desk.told_in_the_morning(post.key, said)
    if told or urgent:
        _say(desk, chat, told, urgent, quoted, once)


def _say(
    desk: Desk,
    chat: ChatRef,
    told: Sequence[Told],
    urgent: Mapping[str, bool],
    quoted: Sequence[Post],
    once: str,
) -> None:
    alone = len(told) == 1 and not urgent
    shown = told[:MOST_LINES]
    params = {
        "at": desk.now.isoformat(),
        "rows": json.dumps([one.row for one in shown], ensure_ascii=False),
        "more": str(len(told) - len(shown)) if len(told) > len(shown) else "",
        "urgent": str(sum(urgent.values())) if any(urgent.values()) else "",
        "unfinished": str(sum(not done for done in urgent.values())) if urgent else "",
    }
    buttons = told[0].buttons if alone else _several(shown)
    notice = Notice(
        Template.MORNING,
        ToChat(chat),
        {key: value for key, value in params.items() if value not in ("", "0")},
        buttons,
        Urgency.DIGEST,
        quoted[0].case if alone else None,
        quoted[0].reply_to if alone else None,
        once,
    )
    desk.say(notice)


def _several(told: Sequence[Told]) -> tuple[Button, ...]:
    """Under several lines a button says whose it is; scores are given where one case stands alone."""
    named = [
        Button(f"{button.label} {one.params['case']}", button.data)
        for one in told
        for button in one.buttons
        if button.data.startswith(("bad:", "claim:"))
    ]
    return tuple(named[:_MOST_BUTTONS])


def _about(desk: Desk, post: Post) -> tuple[str, bool]:
    """Of what a held post tells: the last of a case counts; that cases are one thing stands apart."""
    case = desk.case(post.case)
    return (case.id if case else post.key, post.template in _MERGING)


def _counted(desk: Desk, case: Case) -> bool:
    """Whether it is a danger that a group was told of."""
    known = desk.rules.taxonomy.emergencies.get(case.emergency or "")
    chat = desk.facts.chats.get(case.chat)
    in_group = chat is not None and chat.purpose is Purpose.RESIDENTS
    private = case.visibility is Visibility.PRIVATE
    return known is not None and known.group_reply and in_group and not private


def _line(desk: Desk, case: Case, post: Post) -> Told | None:
    """What is true now of what was held; None: nothing that a group is to hear."""
    if case.visibility is Visibility.PRIVATE and not case.published:
        return None
    if case.state in (State.WITHDRAWN, State.REJECTED, State.MERGED):
        none = post.template == Template.NOT_A_CASE and case.state is State.WITHDRAWN
        return Told(Template.NOT_A_CASE, {"case": case.id}) if none else None
    if post.template in _MERGING:
        return _merging(desk, case, post)
    if case.kind is CaseKind.WISH:
        return _wish(desk, case, post)
    if case.state in _FINISHED:
        params = params_for_others(desk, case, {"words": case.done_words or ""})
        same = post.template == Template.DONE and case.state in DONE
        asked = {"rate_here": "1"} if same and post.params.get("rate_here") else {}
        return Told(Template.DONE, params | asked, post.buttons if same else ())
    return _under_way(desk, case, post)


def _merging(desk: Desk, case: Case, post: Post) -> Told | None:
    """That cases are one thing, or are not; where one of them became private since, nothing."""
    other = desk.facts.cases.get(post.params.get("main", ""))
    named = [*desk.behind(case), *([other] if other else [])]
    if not post.params or any(one.visibility is Visibility.PRIVATE for one in named):
        return None
    return Told(post.template, post.params)


def _under_way(desk: Desk, case: Case, post: Post) -> Told:
    still = post.params.get("state") == case.state.value
    if still and post.template in (Template.PROGRESS, Template.EXTENDED):
        words = {"words": post.params.get("words", "")}
        return Told(post.template, params_for_others(desk, case, words))
    return Told(STANDS, params_for_others(desk, case, {}))


def _wish(desk: Desk, case: Case, post: Post) -> Told | None:
    template = _WISHES.get(case.state)
    if template is None:
        return None
    grid = desk.facts.grids.get(case.grid)
    params = {
        "case": case.id,
        "wish_words": case.published or "",
        "area": grid.name if grid else "",
    }
    return Told(template, params, post.buttons if post.template == template else ())
