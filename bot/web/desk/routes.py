"""Putting the desk into a server.

The law of this file: the one place where the desk's pages meet. `desk_routes` is what a test walks, role by
role.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Protocol

from aiohttp import web

from bot.lanes import nothing_to_do
from bot.pictures import PictureFolder
from bot.versions import ModelHome
from bot.web.assets import Assets, shared
from bot.web.desk.account import AccountPages
from bot.web.desk.acts import Acts
from bot.web.desk.answer_pages import AnswerPages
from bot.web.desk.brief_pages import BriefPages
from bot.web.desk.bulletin_pages import BulletinPages
from bot.web.desk.call_backs import CallBackPage
from bot.web.desk.case_page import CasePage
from bot.web.desk.case_photos import CasePhotos
from bot.web.desk.cases import Cases
from bot.web.desk.codes import Codes
from bot.web.desk.cover import CoverPages
from bot.web.desk.departments import Departments
from bot.web.desk.drawing import Drawing
from bot.web.desk.field import Field, FieldDoor
from bot.web.desk.figures import Figures
from bot.web.desk.figures_charts import Charts
from bot.web.desk.figures_list import CaseLists
from bot.web.desk.figures_sending import FiguresSending
from bot.web.desk.frame import Frame
from bot.web.desk.groups import Groups
from bot.web.desk.guard import DeskGuard, DeskRoute, Gate
from bot.web.desk.home import Home
from bot.web.desk.importing import Importing
from bot.web.desk.invitations import Invitations
from bot.web.desk.items import Items
from bot.web.desk.join_pages import JoinPages
from bot.web.desk.model_changes import ModelChanges
from bot.web.desk.models import Models
from bot.web.desk.nature_page import NaturePage
from bot.web.desk.otherwise import Otherwise
from bot.web.desk.posters import Posters
from bot.web.desk.promoting import Promoting
from bot.web.desk.proving import Proving
from bot.web.desk.quality import Quality
from bot.web.desk.records import Records
from bot.web.desk.regridding import Regridding
from bot.web.desk.reorganising import Reorganising
from bot.web.desk.resuming import Resuming
from bot.web.desk.returned import ReturnedPage
from bot.web.desk.review import Review
from bot.web.desk.roles import Roles
from bot.web.desk.signing import Signing
from bot.web.desk.today import Today
from bot.web.desk.town import Town
from bot.web.desk.town_manners import TownManners
from bot.web.desk.town_names import TownNames
from bot.web.desk.weighing import Weighing, WhoReads
from bot.web.desk.which import WhichPage
from bot.web.desk.word_pages import WordPages
from bot.web.room.photos import PhotoFolder
from bot.web.site import Site

_NO_DOOR = FieldDoor()


@dataclass(frozen=True)
class Means:
    """What the pages work with beside the database. `reader` is who reads messages now, for the words that
    weighed; `photos` where the photos of cases lie; `field` the door for what is told on rounds; `renamed`
    is awaited where place names were changed, so that they count from the next message on; `models` is where
    the versions of the model are; `fonts` a folder with a Chinese font for pictures, if it is not among the
    system's; `pictures` keeps those that go into groups."""

    reader: WhoReads | None = None
    photos: PhotoFolder | None = None
    field: FieldDoor = _NO_DOOR
    renamed: Callable[[], Awaitable[None]] = nothing_to_do
    models: ModelHome | None = None
    fonts: Path | None = None
    pictures: PictureFolder | None = None


class Part(Protocol):
    """A page or a few that belong together; `menu` are those with a place in the menu."""

    menu: Sequence[tuple[str, str, Gate]]

    def routes(self) -> list[DeskRoute]: ...


def desk_routes(guard: DeskGuard, acts: Acts, means: Means) -> list[DeskRoute]:
    """Every route of the desk. The menu stands in the order of the parts."""
    taxonomy = acts.rules.taxonomy
    proving = Proving(guard.store, guard.clock)
    town = Town(guard, acts)
    signing = Signing(guard, proving)
    figures = Figures(guard, taxonomy)
    drawing = Drawing(means.fonts)
    posters = Posters(drawing, means.pictures)
    weighing, promoting = Weighing(means.reader), Promoting(acts.store)
    parts: tuple[Part, ...] = (
        signing,
        Resuming(guard, signing),
        AccountPages(guard, proving, taxonomy),
        Home(guard),
        Today(guard, taxonomy),
        WhichPage(guard, acts),
        Field(guard, taxonomy, means.field),
        Otherwise(guard, acts, weighing),
        Review(guard, acts, weighing),
        Cases(guard, acts),
        ReturnedPage(guard, taxonomy),
        CallBackPage(guard, taxonomy),
        NaturePage(guard, acts),
        CasePage(guard, acts, means.photos),
        CasePhotos(guard, means.photos),
        JoinPages(guard, acts, means.reader),
        Quality(guard, acts),
        Codes(guard),
        CoverPages(guard, acts, taxonomy),
        BulletinPages(guard, acts),
        AnswerPages(guard, acts),
        figures,
        Charts(guard, taxonomy, drawing, posters),
        FiguresSending(guard, acts, posters),
        CaseLists(guard, taxonomy, figures),
        BriefPages(guard, acts, posters),
        town,
        Roles(guard, taxonomy, town),
        TownNames(guard, acts.rules, town),
        TownManners(guard, taxonomy, town),
        Groups(guard, taxonomy),
        Invitations(guard, taxonomy),
        Departments(guard, taxonomy),
        Regridding(guard, acts, town, means.renamed),
        Reorganising(guard, acts, town, means.renamed),
        Items(guard, taxonomy),
        Importing(guard, taxonomy),
        WordPages(guard, acts, means.reader, means.renamed),
        Models(guard, acts, promoting, means.models),
        ModelChanges(guard, acts, promoting, means.models),
        Records(guard, taxonomy),
    )
    guard.frame.dangers = taxonomy.emergencies
    guard.frame.menu = [entry for part in parts for entry in part.menu]
    return [route for part in parts for route in part.routes()]


def add_desk(
    app: web.Application,
    acts: Acts,
    site: Site,
    zone: tzinfo,
    means: Means,
) -> DeskGuard:
    """Serve `/desk…` from `app`."""
    assets = Assets("desk", "/desk/static", shared("copy.js"))
    guard = DeskGuard(acts.store, site, Frame(assets, zone, acts.clock), acts.clock)
    routes = desk_routes(guard, acts, means)

    async def close(app: web.Application) -> None:
        await guard.live.close()

    app.on_shutdown.append(close)
    app.add_routes([*(guard.route(route) for route in routes), *assets.routes()])
    return guard
