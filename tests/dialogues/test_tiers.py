"""Three tiers and two levels: whoever could not says so, and the street hands up to the district."""

from __future__ import annotations

import pytest
from test_joint import CASE, LAMP, does, helpers, outside, steps
from town import DEPARTMENT, GROUP, STAFF, Town

from intake.acting import possible_acts
from intake.acts import Act, Given, NotAllowed
from intake.desk import Desk
from intake.facts import Wants
from intake.joint_parts import Outcome
from intake.lifecycle import Action, State
from intake.taxonomy import Tier

WHY = "要动主干管网，超出街道权限了"


async def at_tier(town: Town, tier: Tier) -> int:
    """A case that 王阿姨 told and that this tier tries first; how much the group has heard by then."""
    helpers(town)
    await town.person("王阿姨").says(LAMP)

    def change(tx: object) -> None:
        wants = Wants(cases=frozenset({CASE}))
        desk = Desk(town.rules, tx.desk.load(wants, town.clock()), town.clock())  # type: ignore[attr-defined]
        desk.amend(desk.facts.cases[CASE], tier=tier)
        tx.desk.save(desk.changes, [], town.clock())  # type: ignore[attr-defined]

    town.store.write_now(change)
    return len(town.said_in(GROUP))


async def test_a_party_member_could_not_then_mediation_then_the_department(town: Town) -> None:
    await at_tier(town, Tier.MEMBER)
    lin = town.person("林书记")
    await lin.says(f"{CASE} 去看过了，我们几个弄不了，要登高车")
    case = town.case()
    assert (case.tier, case.state, case.taken_by) == (Tier.MEDIATION, State.DISPATCHED, None)
    assert any("转网格调解（林书记）" in text for text in town.said_in(STAFF))
    await town.person("小陈").presses("转职能部门")
    await town.person("小陈").says("两边都谈过，谈不拢，得请专业队伍", STAFF)
    case = town.case()
    assert (case.tier, case.state) == (Tier.DEPARTMENT, State.DISPATCHED)
    assert "得请专业队伍" in town.said_in(DEPARTMENT)[-1]
    passed = [words.split(" ")[0] for _, words in steps(town, Action.PASS_ON)]
    assert passed == ["mediation", "department"]
    assert case.respond_due is not None
    assert case.respond_due < town.clock().replace(hour=23), "from when the neighbour spoke"


async def test_a_volunteer_says_nothing_for_the_mediators(town: Town) -> None:
    await at_tier(town, Tier.MEDIATION)
    await town.person("林书记").says(f"{CASE} 这个我们办不了")
    assert (town.case().tier, steps(town, Action.PASS_ON)) == (Tier.MEDIATION, [])


async def test_the_street_hands_up_and_the_district_names_who_does_it(town: Town) -> None:
    helpers(town)
    await town.person("王阿姨").says(LAMP)
    heard = len(town.said_in(GROUP))
    await town.person("小陈").says(f"{CASE} {WHY}", STAFF)
    case = town.case()
    assert (case.state, case.taken_by, len(case.open_parts)) == (State.TO_DISPATCH, None, 1)
    (told,) = town.said_in(town.person("区值班").alone)
    assert told.startswith(f"【超权限上报】{CASE}")
    assert WHY in told
    await town.person("王阿姨").says(f"{CASE} 怎么样了")
    assert "正在确定承办单位" in town.said_in(GROUP)[-1]
    with pytest.raises(NotAllowed):
        await does(town, "方主任", Act.SEND, Given(place="HW", words="我来定"))
    await does(town, "区值班", Act.SEND, Given(place="水务局", words="主干管网归区里"))
    case = town.case()
    assert (case.lead, case.state, case.open_parts) == ("SW", State.DISPATCHED, ())
    assert case.parts[0].outcome is Outcome.DONE
    assert not any("区" in text or "水务" in text for text in outside(town, heard))


async def test_the_district_sends_it_back_with_words(town: Town) -> None:
    helpers(town)
    await town.person("王阿姨").says(LAMP)
    heard = len(town.said_in(GROUP))
    await does(town, "老吴", Act.HAND_UP, Given(words=WHY))
    await does(town, "区值班", Act.SEND_DOWN, Given(words="支线归街道，区里给配件"))
    case = town.case()
    assert (case.state, case.lead, case.open_parts) == (State.DISPATCHED, "JS", ())
    assert any("区里退回街道" in text and "给配件" in text for text in town.said_in(DEPARTMENT))
    assert steps(town, Action.HAND_UP, Action.SEND_DOWN) == [
        (Action.HAND_UP, WHY),
        (Action.SEND_DOWN, "支线归街道，区里给配件"),
    ]
    assert outside(town, heard) == []
    await does(town, "老吴", Act.HAND_UP, Given(words="还是不行，没有资质"))
    assert len(town.case().open_parts) == 1, "asked again, with what is new"


async def test_a_district_that_says_nothing_is_reminded(town: Town) -> None:
    helpers(town)
    await town.person("王阿姨").says(LAMP)
    await does(town, "老吴", Act.HAND_UP, Given(words=WHY))
    await town.wait(hours=23)
    alone = town.person("区值班").alone
    assert not any("等区里定" in text for text in town.said_in(alone))
    await town.wait(hours=2)
    assert sum("等区里定" in text for text in town.said_in(alone)) == 1
    await town.wait(hours=24)
    assert sum("等区里定" in text for text in town.said_in(alone)) == 2


async def test_what_the_district_leads_is_not_beyond_it(town: Town) -> None:
    helpers(town)
    await town.person("王阿姨").says(LAMP)
    await does(town, "小陈", Act.SEND, Given(place="水务局", words="水务的管"))
    await town.person("小陈").says(f"{CASE} {WHY}", STAFF)
    assert (town.case().lead, town.case().open_parts) == ("SW", ())


async def test_whoever_takes_it_in_hand_ends_the_asking(town: Town) -> None:
    helpers(town)
    await town.person("王阿姨").says(LAMP)
    await does(town, "老吴", Act.HAND_UP, Given(words=WHY))
    await does(town, "区值班", Act.TAKE, Given())
    case = town.case()
    assert (case.taken_by, case.open_parts) == ("town:区值班", ())


async def test_each_is_offered_what_is_theirs(town: Town) -> None:
    helpers(town)
    await town.person("王阿姨").says(LAMP)

    def offered(name: str) -> set[Act]:
        def look(tx: object) -> set[Act]:
            wants = Wants(
                identities=frozenset({f"town:{name}"}), cases=frozenset({CASE}), above=True
            )
            desk = Desk(town.rules, tx.desk.load(wants, town.clock()), town.clock())  # type: ignore[attr-defined]
            person = desk.facts.people[f"town:{name}"]
            return set(possible_acts(desk, desk.facts.cases[CASE], person))

        return town.store.read_now(look)

    jointly = {Act.ASK_JOINT, Act.WHISTLE, Act.HAND_UP, Act.SEND_DOWN, Act.PASS_ON}
    assert offered("老吴") & jointly == {Act.ASK_JOINT, Act.HAND_UP}
    assert offered("小陈") & jointly == {Act.ASK_JOINT, Act.HAND_UP}
    assert offered("孙姐") & jointly == {Act.ASK_JOINT, Act.HAND_UP, Act.WHISTLE}
    assert offered("方主任") & jointly == {Act.ASK_JOINT, Act.HAND_UP, Act.WHISTLE}
    assert offered("区值班") & jointly == {Act.ASK_JOINT, Act.WHISTLE}
    assert offered("老赵") == set()
