"""派给… and 退回 on the page of a case."""

from __future__ import annotations

import re

import pytest
from office import Office, press, stored

from intake.lifecycle import State


async def test_chen_sends_it_to_the_street_sweepers(office: Office) -> None:
    chen, case = await office.sits("chen"), await office.case()
    _, page = await chen.get(f"/desk/case/{case.id}")
    assert '<option value="环卫所">' in page
    status, page = await press(chen, case, "send", place="环卫", words="路面是环卫管的")
    assert (status, "派出去了" in page, "环卫所：路面是环卫管的" in page) == (200, True, True)
    now = await stored(office, case)
    assert (now.lead, now.state, now.respond_due) == ("HW", State.DISPATCHED, case.respond_due)
    posts = await office.store.read(lambda tx: tx.outbox.of_case(case.id))
    assert all(
        "路面是环卫管的" not in one.post.text for one in posts if one.post.audience == "group"
    )
    wu = await office.sits("wu")
    assert (await wu.get(f"/desk/case/{case.id}"))[0] == 404, "it is theirs no more"


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"words": "该他们管"}, "还没说该归谁"),
        ({"words": "该他们管", "place": "火星办<b>"}, "没有叫“火星办&lt;b&gt;”的单位"),
        ({"words": "该他们管", "place": "公司"}, "不止一家：供水公司、燃气公司"),
        ({"words": "该他们管", "to": "JS"}, "现在就归规划建设部"),
        ({"words": " ", "to": "HW"}, "请写一句为什么"),
        ({"words": "长" * 101, "to": "HW"}, "100 字以内"),
        ({"words": "该他们管", "place": "长" * 51}, "50 字以内"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    office: Office, form: dict[str, str], sentence: str
) -> None:
    chen, case = await office.sits("chen"), await office.case()
    status, page = await press(chen, case, "send", **form)
    assert (status, sentence in page) == (400, True)
    assert (await stored(office, case)).version == case.version + 1
    form_back = page[page.index('id="act-send"') : page.index('id="act-hand-back"')]
    assert form_back.startswith('id="act-send" class="act" open')
    assert form["words"].strip() in form_back
    if "place" in form:
        assert f'value="{form["place"].replace("<", "&lt;").replace(">", "&gt;")}"' in form_back
    if form.get("to") == "HW":
        assert re.search(r'value="HW"\s+checked', form_back) or 'name="to" value="HW"' not in page


async def test_handing_back_wants_to_know_whose_it_is(office: Office) -> None:
    wu, case = await office.sits("wu"), await office.case()
    status, page = await press(wu, case, "hand-back", choice="3")
    assert (status, "还没说该归谁" in page) == (400, True)
    assert re.search(r'name="choice" value="3" required checked', page)
    status, page = await press(wu, case, "hand-back", choice="3", place="隔壁小区的物业")
    assert (status, "职能交叉，建议派给隔壁小区的物业" in page) == (200, True)


async def test_the_second_return_waits_for_the_centre(office: Office) -> None:
    case = await office.case(state=State.TO_DISPATCH, returns=2)
    chen, street = await office.sits("chen"), await office.sits("street")
    _, page = await chen.get(f"/desk/case/{case.id}")
    assert "等街道或区中心定主责" in page
    assert 'id="act-send"' not in page
    status, page = await press(chen, case, "send", to="HW", words="我来定")
    assert (status, "您的岗位不能做这一步" in page, "我来定" in page) == (403, True, True)
    _, page = await street.get(f"/desk/case/{case.id}")
    assert "请街道、区中心定主责" in page
    status, _ = await press(street, case, "send", place="HW", words="定环卫主责")
    assert status == 200
    assert (await stored(office, case)).lead == "HW"
