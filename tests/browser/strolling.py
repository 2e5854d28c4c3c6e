"""Every page of the desk, found by following its links, as each persona sees it.

The law of this file: no page is named here. Links, and what pages fetch, are followed from each persona's
first page and from what the town says is hard to find; then each route to which no link led is asked for with
what the links named in its blanks. Of what is found, those pages are chosen that show something which no page
chosen before shows. What is still not met is told, so that a new page is either walked or missed aloud.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

from kiosk import Kiosk, Phone
from office import Office
from test_gates import all_routes

from bot.demo import ROLES
from bot.web.desk.guard import DeskRoute, Gate

STAFF = tuple(person.removeprefix("web:demo-") for person, _, _ in ROLES)
MOST_OF_A_KIND = 6
"""Pages of one route that one persona opens: a case in each state, not every case."""
ANYTHING = "nothing"
_TOLD = re.compile(r'"(/desk/[^"\\]+)"')
"""An address in what scripts are told."""


@dataclass(frozen=True)
class Seen:
    """A page as somebody sees it; `marks` are the kinds of things that stand on it."""

    who: str
    path: str
    route: str
    marks: frozenset[str]


@dataclass
class Found:
    """`others` are the routes that answered with no page: a file, a picture, a stamp, another address.
    `named` is what stood in the blanks of the routes."""

    pages: list[Seen] = field(default_factory=list)
    others: set[str] = field(default_factory=set)
    named: dict[str, str] = field(default_factory=dict)

    @property
    def met(self) -> set[str]:
        return {page.route for page in self.pages} | self.others


class _Reading(HTMLParser):
    """The links of a page, and what kinds of things stand on it."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.marks: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in known:
            self.links.append(known["href"])
        fetched = (
            value for name, value in known.items() if name == "src" or name.startswith("data-")
        )
        self.links += [value for value in fetched if value.startswith("/desk/")]
        kind = known.get("type") or known.get("role") or ""
        self.marks.add(f"{tag}[{kind}]{'[hidden]' if 'hidden' in known else ''}")
        self.marks.update(f"{tag}.{name}" for name in known.get("class", "").split())
        if tag == "form":
            self.marks.add(f"form {re.sub(r'[A-Z]+-[A-Z0-9-]+', '', known.get('action', ''))}")


def get_routes(kiosk: Kiosk) -> list[DeskRoute]:
    """What the desk answers when somebody of staff asks."""
    office = Office(kiosk.store, kiosk.rules, now=kiosk.now)
    return [
        route
        for route in all_routes(office)
        if route.method == "GET" and route.gate is not Gate.ANYBODY
    ]


async def stroll(kiosk: Kiosk, hidden: Sequence[str] = (), names: Iterable[str] = STAFF) -> Found:
    """Follow the links of the desk as each of `names`, and try the doors without a link."""
    routes, found = get_routes(kiosk), Found()
    phones = {name: await kiosk.sits(name) for name in names}
    for name, phone in phones.items():
        await _follow(phone, name, ["/desk", *hidden], routes, found)
    for route in routes:
        for name, phone in phones.items():
            if route.path not in found.met:
                await _follow(phone, name, [_filled(route, found.named)], routes, found)
    return found


def _filled(route: DeskRoute, named: dict[str, str]) -> str:
    return re.sub(
        r"\{([^}]+)\}", lambda blank: quote(named.get(blank[1], ANYTHING), safe=""), route.path
    )


async def _follow(
    phone: Phone, name: str, begin: Sequence[str], routes: Sequence[DeskRoute], found: Found
) -> None:
    waiting, known, count = [*begin], {*begin}, Counter[str]()
    while waiting:
        path = waiting.pop(0)
        route = _route_of(path, routes, found.named)
        if route is None or count[route.path] >= MOST_OF_A_KIND:
            continue
        count[route.path] += 1
        links = await _open(phone, name, path, route, found)
        fresh = [there for link in links if (there := _on_desk(path, link)) not in known]
        known.update(fresh)
        waiting += [there for there in dict.fromkeys(fresh) if there]


def _route_of(path: str, routes: Sequence[DeskRoute], named: dict[str, str]) -> DeskRoute | None:
    for route in routes:
        pattern = re.sub(r"\{([^}]+)\}", r"(?P<\1>[^/]+)", route.path)
        matched = re.fullmatch(pattern, urlsplit(path).path)
        if matched:
            named.update({k: v for k, v in matched.groupdict().items() if v != ANYTHING})
            return route
    return None


async def _open(phone: Phone, name: str, path: str, route: DeskRoute, found: Found) -> list[str]:
    """Note what stands at this path; where its links lead."""
    async with phone.session.get(phone.kiosk.url + path, allow_redirects=False) as got:
        if got.status in (301, 302, 303):
            found.others.add(route.path)
            return [got.headers["Location"]]
        if got.status >= 400:
            assert got.status in (403, 404, 409), (name, path, got.status)
            return []
        if got.content_type != "text/html":
            found.others.add(route.path)
            is_told = got.content_type == "application/json"
            return _TOLD.findall(await got.text()) if is_told else []
        text = await got.text()
        if "<html" not in text:  # a piece of a page, for its script
            found.others.add(route.path)
            return []
        reading = _Reading()
        reading.feed(text)
    found.pages.append(Seen(name, path, route.path, frozenset(reading.marks)))
    return reading.links


def _on_desk(at: str, link: str) -> str:
    """The address of a link on the desk, without its fragment; "" for any other."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return ""
    path = parts.path or urlsplit(at).path
    return parts._replace(path=path, fragment="").geturl() if path.startswith("/desk") else ""


def chosen(found: Found) -> list[Seen]:
    """As few pages as show everything: each route once, then whatever shows something new."""
    taken: list[Seen] = []
    marks: set[str] = set()
    routes: set[str] = set()
    for page in sorted(found.pages, key=lambda page: -len(page.marks)):
        if page.route not in routes or page.marks - marks:
            taken.append(page)
            marks |= page.marks
            routes.add(page.route)
    return sorted(taken, key=lambda page: (page.who, page.path))


def unmet(kiosk: Kiosk, found: Found) -> list[str]:
    """Routes of the desk of which nothing was seen."""
    return [route.path for route in get_routes(kiosk) if route.path not in found.met]
