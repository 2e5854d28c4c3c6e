"""What sort of call a case is, kept when it opens and when it is put right."""

from __future__ import annotations

from dataclasses import replace

from town import STAFF, Town

from intake.commands import Pressed
from intake.facts import Changes
from intake.nature import Nature


async def test_it_is_kept_with_the_case(town: Town) -> None:
    await town.person("王阿姨").says("我要投诉，2栋楼下烧烤摊天天占道摆到半夜")
    await town.person("李叔").says("3栋楼下路灯又不亮了")
    assert [case.nature for case in town.cases()] == [Nature.COMPLAINT, Nature.HELP]


async def test_put_right_it_is_told_anew(town: Town) -> None:
    await town.person("李叔").says("2栋楼下烧烤摊天天占道摆到半夜")
    before = town.case()
    assert before.nature is Nature.COMPLAINT
    chen = town.person("小陈")
    for data in (f"fix:{before.id}", f"set:{before.id}:SZ03"):
        await town.bring(Pressed(STAFF, "b1", chen.sender, data, town.clock()), STAFF)
    assert town.case().item == "SZ03"
    assert town.case().nature is Nature.HELP


async def test_what_a_person_said_stays(town: Town) -> None:
    await town.person("李叔").says("2栋楼下烧烤摊天天占道摆到半夜")
    id = town.case().id
    said = replace(town.case(), nature=Nature.SUGGESTION)
    changes = Changes(cases={id: said}, versions={id: said.version})
    await town.store.write(lambda tx: tx.desk.save(changes, [], town.now))
    press = Pressed(STAFF, "b1", town.person("小陈").sender, f"set:{id}:SZ03", town.clock())
    await town.bring(press, STAFF)
    assert town.case().item == "SZ03"
    assert town.case().nature is Nature.SUGGESTION
