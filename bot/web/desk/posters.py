"""Pictures for groups: drawn for whoever looks at them first, and kept for the post that carries them."""

from __future__ import annotations

import asyncio

from bot.pictures import PictureFolder
from bot.web.desk.charts import Poster, poster
from bot.web.desk.drawing import Drawing
from bot.web.desk.guard import DeskRefusal
from bot.web.desk.words_figures import PictureRefused


class Posters:
    """Without a folder, pictures can be looked at and not be sent."""

    def __init__(self, drawing: Drawing, folder: PictureFolder | None) -> None:
        self._drawing = drawing
        self._folder = folder

    async def drawn(self, what: Poster) -> bytes:
        """The picture as PNG. Raises DeskRefusal where it cannot be drawn."""
        font = await self._drawing.font()
        chart = await asyncio.to_thread(poster, what, font.family)
        return await self._drawing.picture(chart, font)

    async def kept(self, what: Poster) -> str:
        """The picture, kept for a post; its name. Raises DeskRefusal."""
        if self._folder is None:
            raise DeskRefusal(PictureRefused.FAILED, 503)
        return await self._folder.keep(await self.drawn(what))


def told(what: Poster) -> str:
    """What a picture shows, in words: for whoever does not see it, and where none can be sent."""
    tiles = "，".join(f"{name} {said} 件" for name, said in what.tiles)
    return f"{what.title}（{what.when}）：{tiles}。"
