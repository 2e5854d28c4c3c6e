"""What falls due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from town import STAFF, ZONE, Town

from intake.lifecycle import State
from intake.reading import Triage


async def test_a_limit_that_passes_reminds_until_somebody_takes_it(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    posts = await town.wait(hours=4, minutes=1)
    assert any("首响时间到了" in p.text for p in posts if p.chat == STAFF)
    posts = await town.wait(hours=24)
    assert any("首响时间到了" in p.text for p in posts if p.chat == STAFF)
    await town.person("小陈").presses("接手")
    posts = await town.wait(days=2)
    assert not any("首响时间到了" in p.text for p in posts)
    assert any("办结时间到了" in p.text for p in posts if p.chat == STAFF)


# The model is in doubt about some of these; the test takes the first that it would ask about.
IN_DOUBT = (
    "墙上掉东西下来",
    "楼下垃圾堆了三天没人收",
    "地上一直有水",
    "下面有股臭味",
    "楼上掉东西下来",
)


async def test_an_unanswered_question_lets_the_best_guess_go(town: Town) -> None:
    readings = zip(IN_DOUBT, town.reader.read(IN_DOUBT), strict=True)
    line = next(line for line, r in readings if r.kind.asks and r.triage is Triage.ASK)
    await town.person("王阿姨").says(line)
    assert town.case().state is State.TO_CONFIRM
    await town.wait(minutes=31)
    assert town.case().state is State.DISPATCHED


class Unpublished:
    """A calendar in which the holidays of 2027 are not known until they are."""

    def __init__(self) -> None:
        self.known = False

    def is_workday(self, day: date) -> bool | None:
        if day.year >= 2027:
            return day.weekday() < 5 and day != date(2027, 1, 1) if self.known else None
        return day.weekday() < 5


async def test_a_deadline_into_an_unpublished_year_is_recomputed(town: Town) -> None:
    calendar = Unpublished()
    town.rules = town.worker.rules = town.timekeeper.rules = replace(town.rules, calendar=calendar)
    town.now = datetime(2026, 12, 28, 10, 0, tzinfo=ZONE)  # Monday
    await town.person("王阿姨").says("#报事 小区健身器材的螺丝松了,坐上去会晃")
    before = town.case()
    assert before.item == "SZ07"  # 7 working days
    assert before.provisional
    calendar.known = True
    await town.wait(days=1, minutes=1)
    after = town.case()
    assert not after.provisional
    assert after.resolve_due is not None
    assert before.resolve_due is not None
    assert (after.resolve_due - before.resolve_due).days == 1  # New Year's Day is free
