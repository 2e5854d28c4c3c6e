"""Plain words of those who help, come, or cannot: on parts of a case, on its tier, on whose it is.

The law of this file: what somebody may say by press they may say in plain words, in a reply or with the
case's number; in a department's chat 报到 needs neither where only one call is open. What joint departments
say of their part stays inside.
"""

from __future__ import annotations

import re
from typing import Final

from intake.beyond import asked_of_district, hand_up, is_streets, may_hand_up
from intake.cases import Case, LineRole
from intake.commands import Said
from intake.desk import Desk
from intake.grids import ChatRef
from intake.heard import Heard
from intake.joining import attach
from intake.joint import decline_joint, finish_joint, say_joint
from intake.joint_parts import PartKind
from intake.lifecycle import Action
from intake.notices import Notice, ToChat
from intake.parts import parts_of
from intake.people import Person, Right
from intake.phrases import WorkWord, is_empty_talk, work_words
from intake.templates import Template
from intake.tiers import can_pass_on, may_pass_on, pass_on
from intake.verdict import Verdict
from intake.whistling import report_in
from intake.working import await_words, possible

_COMES: Final = re.compile(
    r"^(?:我们|我|人|咱们|咱|所里|队里|单位)?(?:已经?|都|刚|也|的人|这边)*"
    r"(?:报到|报道|到了|到场|到位|到达|到现场|来了|到啦|赶到)(?:现场)?(?:了|啦|咯)?[。.!！]*$"
)
"""报道 is how many write it."""
_CANNOT: Final = re.compile(
    r"(?:办|弄|搞|修|处理|解决|调解|做|谈|劝|管|协办|配合)[^,，。]{0,2}不(?:了|成|好|动|下来|拢|来)|搞不定|没法(?:办|弄|修|调)"
    r"|无法(?:办|处理|解决|调解|协办)|没办法"
)
_BEYOND: Final = re.compile(
    r"超(?:出|过|越|了)?.{0,8}(?:权限|职权|职责范围)|(?:街道|社区|街里).{0,6}(?:无权|没权|没有权限|没这个权|管不了|办不了|定不了)"
    r"|(?:上报|报给|报到|报请|交)给?区(?:里|级|中心|上)"
)


def comes(words: str) -> bool:
    """Whether somebody says that they are there."""
    return bool(_COMES.match(words.strip()))


def is_beyond(words: str) -> bool:
    """Whether somebody says that it is beyond what the street may do."""
    return bool(_BEYOND.search(words))


def jointly(desk: Desk, case: Case, said: Said, person: Person, words: str) -> bool:
    """Take staff's words on a case for what they say of parts, tier or whose it is; False where they say
    nothing of that."""
    if comes(words) and parts_of(case, person, PartKind.WHISTLE):
        attach(desk, case, said, person, LineRole.REPORT_BACK, words)
        report_in(desk, case, person)
        return True
    if parts_of(case, person, PartKind.JOINT) and not desk.may(person, Right.FINISH, case):
        attach(desk, case, said, person, LineRole.REPORT_BACK, words)
        part_words(desk, case, _meant(words), person, words, said.chat)
        return True
    if is_beyond(words) and _may_hand_up(desk, person, case):
        attach(desk, case, said, person, LineRole.REPORT_BACK, words)
        hand_up(desk, case, person, words)
        return True
    if _CANNOT.search(words) and can_pass_on(case) and may_pass_on(desk, person, case):
        attach(desk, case, said, person, LineRole.REPORT_BACK, words)
        pass_on(desk, case, person, words)
        return True
    return False


def part_words(
    desk: Desk, case: Case, action: Action, person: Person, words: str, where: ChatRef
) -> None:
    """What somebody says of the part that is theirs. That it is done needs words of what was done."""
    mine = parts_of(case, person, PartKind.JOINT)
    if not mine:
        desk.say(Notice(Template.NOT_ALLOWED, ToChat(where), {"case": case.id}, case=case.id))
    elif action is Action.JOINT_DONE and is_empty_talk(words):
        await_words(desk, case, person, where, action, template=None)
        params = {"case": case.id, "words": words}
        desk.say(Notice(Template.EMPTY_WORDS, ToChat(where), params, case=case.id))
    elif action is Action.JOINT_DONE:
        finish_joint(desk, case, person, mine[0], words)
    elif action is Action.JOINT_DECLINE:
        decline_joint(desk, case, person, mine[0], words)
    else:
        say_joint(desk, case, person, mine[0], words)


def _meant(words: str) -> Action:
    if _CANNOT.search(words):
        return Action.JOINT_DECLINE
    done = work_words(words) is WorkWord.DONE and not is_empty_talk(words)
    return Action.JOINT_DONE if done else Action.JOINT_NOTE


def _may_hand_up(desk: Desk, person: Person, case: Case) -> bool:
    streets = is_streets(desk.rules.taxonomy, case) and asked_of_district(case) is None
    return streets and possible(case, Action.HAND_UP) and may_hand_up(desk, person, case)


def comes_unasked(desk: Desk, heard: Heard, grid: str) -> Verdict | None:
    """报到 in a department's chat, without number or reply: for the one call that is open."""
    chat = desk.facts.chats.get(heard.said.chat)
    if chat is None or chat.department is None or not comes(heard.said.text):
        return None
    called = [
        case
        for case in desk.open_cases(grid)
        if any(
            part.department == chat.department
            for part in parts_of(case, heard.person, PartKind.WHISTLE)
        )
    ]
    if len(called) == 1:
        attach(desk, called[0], heard.masked, heard.person, LineRole.REPORT_BACK, heard.said.text)
        report_in(desk, called[0], heard.person)
    elif called:
        params = {"cases": "、".join(case.id for case in called)}
        desk.say(Notice(Template.STAFF_WHICH_CALL, ToChat(heard.said.chat), params))
    return Verdict("report_back", None, tuple(case.id for case in called)) if called else None
