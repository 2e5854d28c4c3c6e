"""The frame around every page of the desk: templates, the menu, times as people say them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

from aiohttp import web
from markupsafe import Markup, escape

from bot.web.assets import Assets
from bot.web.desk.alarms import MOST, mark_of, views_of
from bot.web.desk.menu import tabs
from bot.web.desk.words import ACT_NAMES, ALARMS, FRAME
from bot.web.templating import templates
from bot.wording.parts import Setting, when
from bot.wording.roles import ROLE_NAMES
from intake.lifecycle import STATE_NAMES
from intake.taxonomy import Emergency

if TYPE_CHECKING:
    from bot.web.desk.guard import AtDesk, Gate


_WHOLE = re.compile(
    r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-\d+"
    r"|(?:今天|明天|后天|周[一二三四五六日]（\d+月\d+日）|\d+月\d+日)\d{1,2}:\d\d|\d+月\d+日"
)


def unbroken(sentence: object) -> Markup:
    """A sentence in which the numbers of cases, dates and times stay on one line."""
    text = str(escape(sentence))
    return Markup(_WHOLE.sub(r'<span class="number">\g<0></span>', text))  # escaped above


class Frame:
    """Renders `templates/desk/…`. `menu` is (path, name, gate) of each page that has a place in it;
    `dangers` are the classes of emergencies, whose names stand in the red bar over every page."""

    def __init__(self, assets: Assets, zone: tzinfo, clock: Callable[[], datetime]) -> None:
        self.assets = assets
        self.zone = zone
        self.clock = clock
        self.menu: list[tuple[str, str, Gate]] = []
        self.dangers: Mapping[str, Emergency] = {}
        self._jinja = templates()
        self._jinja.filters["when"] = self.when
        self._jinja.filters["unbroken"] = unbroken
        self._jinja.globals.update(
            frame=FRAME,
            alarm_words=ALARMS,
            states=STATE_NAMES,
            acts=ACT_NAMES,
            roles=ROLE_NAMES,
            base=assets.base,
        )

    def when(self, at: datetime | None) -> str:
        """A moment as people say it: 今天18:30; "" for none."""
        if at is None:
            return ""
        return when(at.isoformat(), Setting(self.clock(), self.zone))

    def page(
        self,
        name: str,
        status: int = 200,
        here: AtDesk | None = None,
        at: str = "",
        **values: Any,
    ) -> web.Response:
        """A page; `here` is who looks at it, None before signing in; `at` its path in the menu."""
        menu = tabs(self.menu, here.person, here.counts) if here else []
        template = self._jinja.get_template(f"desk/{name}")
        text = template.render(here=here, menu=menu, at=at, **self._alarms(here), **values)
        return web.Response(text=text, status=status, content_type="text/html")

    def alarms(self, here: AtDesk) -> web.Response:
        """The red bar alone, for a page that is open."""
        text = self._jinja.get_template("desk/alarms.html").render(**self._alarms(here))
        return web.Response(text=text, content_type="text/html")

    def _alarms(self, here: AtDesk | None) -> dict[str, Any]:
        rows = here.alarms if here else ()
        return {
            "alarms": views_of(rows[:MOST], self.dangers),
            "alarms_more": max(0, len(rows) - MOST),
            "alarms_mark": mark_of(rows),
        }
