"""Coming in, staying, leaving."""

from __future__ import annotations

from office import Office, opened

from storage.sessions import IDLE, LINK_LASTS, LONGEST
from storage.store import Store

PASSWORD = "梧桐树下第三张凳子空着"


async def signed_in(office: Office, person: str = "web:demo-chen") -> str:
    token = "t" * 20 + person
    await office.store.write(lambda tx: tx.sessions.make_link(token, person, office.now))
    return f"/desk/in/{token}"


async def test_a_link_is_used_by_a_press_and_once(office: Office) -> None:
    link = await signed_in(office)
    chen, other = office.person(), office.person()
    assert (await chen.get(link))[0] == 200
    assert (await chen.get(link))[0] == 200, "looking does not use it up"
    status, page = await chen.post(link)
    assert (status, "小陈" in page) == (200, True)
    status, page = await other.post(link)
    assert (status, "要一个新的" in page) == (404, True)
    assert (await other.get(link))[0] == 404


async def test_an_old_link_is_gone(office: Office) -> None:
    link = await signed_in(office)
    office.now += LINK_LASTS
    assert (await office.person().post(link))[0] == 404


async def test_who_is_not_signed_in_comes_to_the_door_and_back(office: Office) -> None:
    stranger = office.person()
    assert await stranger.landed("/desk") == "/desk/sign-in?to=/desk"
    status, page = await stranger.post("/desk/sign-out")
    assert (status, "请先登录" in page) == (401, True)


async def test_a_session_ends_with_idleness_age_and_sign_out(office: Office) -> None:
    chen = await office.sits("chen")
    office.now += IDLE
    assert "小陈" in (await chen.get("/desk"))[1]
    office.later(minutes=1)
    assert "小陈" in (await chen.get("/desk"))[1], "it was used just now"
    office.now += IDLE
    office.later(minutes=2)
    assert (await chen.landed("/desk")).startswith("/desk/sign-in")
    again = await office.sits("chen")
    began = office.now
    while office.now - began <= LONGEST:
        office.later(hours=7)
        landed = await again.landed("/desk")
    assert landed.startswith("/desk/sign-in"), "no session lasts for ever"
    last = await office.sits("chen")
    await last.post("/desk/sign-out")
    assert (await last.landed("/desk")).startswith("/desk/sign-in")


async def test_other_sites_ask_for_nothing(office: Office) -> None:
    chen = await office.sits("chen")
    for origin in ("http://evil.example", "null", None):
        status, page = await chen.post("/desk/sign-out", origin=origin)
        assert (status, "已拦下" in page) == (403, True)
    assert "小陈" in (await chen.get("/desk"))[1]


async def test_after_signing_in_one_stays_in_the_house(office: Office) -> None:
    for to, stays in (("//evil.example", False), ("/desk/x", True), ("https://e.example", False)):
        visitor = office.person()
        headers = {"Origin": office.url}
        form = {"person": "web:demo-chen", "to": to}
        async with visitor.session.post(
            office.url + "/desk/demo", data=form, headers=headers, allow_redirects=False
        ) as got:
            assert got.headers["Location"] == (to if stays else "/desk")


async def test_without_a_demo_nobody_sits_down_for_nothing(store: Store) -> None:
    async with opened(store, is_demo=False) as office:
        visitor = office.person()
        assert "小陈" not in (await visitor.get("/desk/sign-in"))[1]
        assert (await visitor.post("/desk/demo", person="web:demo-chen"))[0] == 403


PROXIED = {"X-Forwarded-For": "192.0.2.1"}


async def test_behind_a_proxy_no_session_of_a_persona_holds(office: Office) -> None:
    chen = await office.sits("chen")
    for headers, status in (({}, 200), (PROXIED, 303), ({"Host": "huying.example"}, 303)):
        async with chen.session.get(
            f"{office.url}/desk/cases", headers=headers, allow_redirects=False
        ) as got:
            assert got.status == status, headers


async def test_behind_a_proxy_no_persona_comes_in_by_password_or_link(office: Office) -> None:
    chen = await office.sits("chen")
    await chen.post("/desk/me/password", login="chen", new=PASSWORD, again=PASSWORD)
    link = await signed_in(office)
    visitor, form = office.person(), {"login": "chen", "password": PASSWORD}
    for path, status in (("/desk/sign-in", 401), (link, 403)):
        headers = {"Origin": office.url, **PROXIED}
        async with visitor.session.post(office.url + path, data=form, headers=headers) as got:
            assert (got.status, "/desk/sign-out" in await got.text()) == (status, False), path
    assert (await visitor.landed("/desk")).startswith("/desk/sign-in")
    assert (await visitor.post("/desk/sign-in", **form))[0] == 200, "without a proxy they are there"


async def test_neighbours_and_former_staff_have_no_desk(office: Office) -> None:
    assert (await office.person().post("/desk/demo", person="web:demo-wang"))[0] == 403
    chen = await office.sits("chen")
    people = await office.store.read(lambda tx: tx.people.many(["web:demo-chen"]))
    (grant,) = people["web:demo-chen"].grants
    await office.store.write(lambda tx: tx.people.revoke("web:demo-chen", grant))
    assert (await chen.landed("/desk")).startswith("/desk/sign-in")


async def test_what_is_kept_of_a_token_opens_nothing(office: Office) -> None:
    await office.sits("chen")
    (kept,) = await office.store.read(lambda tx: tx.sessions.of_person("web:demo-chen", office.now))
    thief = office.person()
    thief.session.cookie_jar.update_cookies({"huying_desk": kept.id})
    assert (await thief.landed("/desk")).startswith("/desk/sign-in")


async def test_what_is_over_is_forgotten(office: Office) -> None:
    await signed_in(office)
    await office.sits("chen")
    assert await office.store.write(lambda tx: tx.sessions.forget(office.now)) == 0
    office.now += LONGEST + LINK_LASTS
    office.later(seconds=1)
    assert await office.store.write(lambda tx: tx.sessions.forget(office.now)) == 2
