"""The sentences of the web room's page."""

from __future__ import annotations

import re
from pathlib import Path

from bot.web.room.words import ENTRY, PAGE


def test_every_sentence_of_the_page_is_used() -> None:
    web = Path(__file__).parents[2] / "bot" / "web"
    files = [*web.glob("static/room/*.js"), *web.glob("templates/room/*.html")]
    source = "".join(path.read_text() for path in files)
    used = set(re.findall(r"\b(?:words|page)\.(\w+)", source))
    assert set(PAGE) <= used
    assert set(ENTRY) <= used
