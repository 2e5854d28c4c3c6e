"""Every role at every door of the desk."""

from __future__ import annotations

import pytest
from office import Office

from bot import demo
from bot.web.assets import Assets
from bot.web.desk.acts import Acts
from bot.web.desk.frame import Frame
from bot.web.desk.guard import DeskGuard, DeskRoute, Gate
from bot.web.desk.routes import Means, desk_routes
from bot.web.site import Site
from intake.people import Role

STAFF = {person.removeprefix("web:demo-"): role for person, role, _ in demo.ROLES}
OPEN_TO = {
    Gate.STAFF: set(STAFF.values()),
    Gate.CASES: {
        Role.GRID_WORKER,
        Role.MODERATOR,
        Role.DEPARTMENT,
        Role.PROPERTY,
        Role.STREET,
        Role.DISTRICT,
    },
    Gate.FIELD: {Role.GRID_WORKER, Role.PROPERTY},
    Gate.MODERATE: {Role.GRID_WORKER, Role.MODERATOR, Role.STREET, Role.DISTRICT},
    Gate.CALL_BACK: {Role.MODERATOR, Role.STREET, Role.DISTRICT},
    Gate.NAME: {
        Role.GRID_WORKER,
        Role.MODERATOR,
        Role.STREET,
        Role.DISTRICT,
        Role.ADMIN,
    },
    Gate.INFORM: {Role.GRID_WORKER, Role.MODERATOR, Role.STREET, Role.DISTRICT},
    Gate.INVITE: {Role.STREET, Role.DISTRICT, Role.ADMIN},
    Gate.CONFIGURE: {Role.ADMIN},
    Gate.REORGANISE: {Role.DISTRICT, Role.ADMIN},
    Gate.MODELS: {Role.GRID_WORKER, Role.MODERATOR, Role.STREET, Role.DISTRICT, Role.ADMIN},
    Gate.AUDIT: {Role.AUDITOR},
}


def all_routes(office: Office) -> list[DeskRoute]:
    frame = Frame(Assets("desk", "/desk/static"), office.rules.zone, lambda: office.now)
    guard = DeskGuard(office.store, Site(demo=True), frame, lambda: office.now)
    acts = Acts(office.store, office.rules, lambda: None, lambda: office.now, office.called)  # type: ignore[arg-type, return-value]
    return desk_routes(guard, acts, Means())


def filled(path: str) -> str:
    """A path whose blanks name things that are not there."""
    parts = ("nothing" if part.startswith("{") else part for part in path.split("/"))
    return "/".join(parts)


@pytest.mark.parametrize("name", STAFF)
async def test_every_role_at_every_door(office: Office, name: str) -> None:
    role = STAFF[name]
    visitor = await office.sits(name)
    for route in all_routes(office):
        if route.gate is Gate.ANYBODY or route.path == "/desk/sign-out":
            continue
        ask = visitor.get if route.method == "GET" else visitor.post
        status, page = await ask(filled(route.path))
        refused = status == 403 and "您的岗位看不到这一页" in page
        assert refused is (role not in OPEN_TO[route.gate]), (route.method, route.path)
        assert status not in (401, 500), (route.method, route.path)


async def test_strangers_at_every_door(office: Office) -> None:
    for route in all_routes(office):
        if route.gate is Gate.ANYBODY:
            continue
        stranger = office.person()
        if route.method == "GET":
            landed = await stranger.landed(filled(route.path))
            assert landed.startswith("/desk/sign-in"), route.path
        else:
            status, _ = await stranger.post(filled(route.path))
            assert status == 401, route.path
