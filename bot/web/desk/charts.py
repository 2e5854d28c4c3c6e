"""The charts of the figures: the same for the page and for the picture that goes into a group.

The law of this file: charts are made once, without figures; the figures are put into them as named data. No
colour and no font stands in a chart: the page gives its own by day and by night, the picture those of
paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from bot.web.desk.words_figures import CHARTS, PICTURE
from intake.figures import LEAST
from intake.rates import Share

Row = Mapping[str, str | int | float]
Chart = dict[str, Any]

BARS: Final = ("category", "item", "department", "place")
"""Charts of bars that lie, one for each of these tables."""
COLUMNS: Final = ("day", "hour")
"""Charts of bars that stand."""
MOST: Final = 10
"""Bars of a chart that lie."""
WIDTH: Final = 1080
_INNER: Final = 960


@dataclass(frozen=True, slots=True)
class Poster:
    """What the picture for a group shows. `tiles` and `rates` are (name, as it is said)."""

    title: str
    when: str
    tiles: Sequence[tuple[str, str]]
    rates: Sequence[tuple[str, Share]]
    data: Mapping[str, Sequence[Row]]


@cache
def charts() -> dict[str, Chart]:
    """The charts of the page by name, each with its data to be given as `rows`."""
    # Altair takes half a second and 40 MB; only who looks at a chart pays that.
    import altair as alt

    rows = alt.NamedData(name="rows")
    made = {name: _lying(alt, rows, _SCREEN) for name in BARS}
    beside = {"left": 0, "right": 26, "top": 8, "bottom": 4}  # half of the last day's name
    made |= {name: _standing(alt, rows, 180).properties(padding=beside) for name in COLUMNS}
    made["rates"] = _shares(alt, rows, _SCREEN)
    fitting = {"width": "container", "autosize": {"type": "fit-x", "contains": "padding"}}
    return {name: _plain(chart.properties(**fitting)) for name, chart in made.items()}


def poster(what: Poster, font: str) -> Chart:
    """The picture for a group: 1080 wide, letters that can be read on a phone."""
    rates = [share_row(name, share) for name, share in what.rates if share.stands]
    data: dict[str, Any] = {
        "tiles": [
            {"name": name, "said": said, "at": n} for n, (name, said) in enumerate(what.tiles)
        ],
        "rates": rates,
        "foot": [{"said": PICTURE["foot"].format(least=LEAST)}],
        **{name: list(rows) for name, rows in what.data.items()},
    }
    shown = ["tiles", *(["rates"] if rates else []), *(n for n in ("category", "day") if data[n])]
    chart = _poster(tuple(shown), len(data["day"]) <= _NUMBERED)
    title = {"text": what.title, "subtitle": [what.when]}
    return chart | {"datasets": data, "config": _paper(font), "title": title}


@cache
def _poster(shown: tuple[str, ...], numbered: bool) -> Chart:
    import altair as alt

    made: dict[str, Any] = {
        "tiles": _tiles(alt, alt.NamedData(name="tiles")),
        "rates": _shares(alt, alt.NamedData(name="rates"), _PAPER),
        "category": _lying(alt, alt.NamedData(name="category"), _PAPER),
        "day": _standing(alt, alt.NamedData(name="day"), 260, numbered=numbered, axis=False),
    }
    parts = [made[name].properties(width=_INNER, title=PICTURE.get(name, "")) for name in shown]
    foot = alt.Chart(alt.NamedData(name="foot"), width=_INNER, height=30)
    parts.append(foot.mark_text(style="foot", align="left").encode(x=alt.value(0), text="said:N"))
    return _plain(alt.vconcat(*parts, spacing=56))


def share_row(name: str, share: Share) -> Row:
    """A rate as a row of a chart."""
    said = CHARTS["share"].format(percent=share.percent, part=share.part, whole=share.whole)
    return {"name": name, "part": round(share.part / share.whole, 4), "whole": 1, "said": said}


def count_row(name: str, count: int) -> Row:
    """A count as a row of a chart."""
    said = CHARTS["said"].format(name=name, count=count)
    return {"name": name, "count": count, "said": said}


@dataclass(frozen=True, slots=True)
class _Size:
    """Of a bar that lies with its name above it, in pixels."""

    step: int
    bar: int
    up: int
    down: int


_SCREEN: Final = _Size(44, 12, -7, 12)
_PAPER: Final = _Size(94, 30, -18, 27)
_NUMBERED: Final = 7
"""So many bars that stand can each have its number."""


def _lying(alt: Any, rows: Any, size: _Size) -> Any:
    """Counts by name, the most above."""
    base = _named(alt, rows, size)
    bars = base.mark_bar(style="one", height=size.bar, yOffset=size.down).encode(
        x=alt.X("count:Q", axis=None, scale=alt.Scale(domainMin=0)),
        description="said:N",
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("count:Q", title=CHARTS["count"])],
    )
    return bars + _label(base, alt, size) + _number(base, alt, size, "count:Q")


def _shares(alt: Any, rows: Any, size: _Size) -> Any:
    """Rates as bars of one length, filled as far as they go."""
    base = _named(alt, rows, size)
    across = {"axis": None, "scale": alt.Scale(domain=[0, 1]), "stack": None}
    bar = {"height": size.bar, "yOffset": size.down}
    whole = base.mark_bar(style="whole", aria=False, **bar).encode(x=alt.X("whole:Q", **across))
    part = base.mark_bar(style="part", **bar).encode(
        x=alt.X("part:Q", **across), description="said:N"
    )
    return whole + part + _label(base, alt, size) + _number(base, alt, size, "said:N")


def _named(alt: Any, rows: Any, size: _Size) -> Any:
    """Names stand above their bars: beside them, long ones would leave a phone no room for bars."""
    y = alt.Y("name:N", sort=None, axis=None, scale=alt.Scale(padding=0))
    return alt.Chart(rows, height=alt.Step(size.step)).encode(y=y)


def _label(base: Any, alt: Any, size: _Size) -> Any:
    mark = base.mark_text(style="name", align="left", dy=size.up, aria=False)
    return mark.encode(x=alt.value(0), text="name:N")


def _number(base: Any, alt: Any, size: _Size, field: str) -> Any:
    mark = base.mark_text(style="number", align="right", dy=size.up, aria=False)
    return mark.encode(x=alt.value("width"), text=field)


def _standing(
    alt: Any, rows: Any, height: int, *, numbered: bool = False, axis: bool = True
) -> Any:
    """Counts along a time, in the order given."""
    below = alt.Axis(labelAngle=0, labelOverlap="greedy", labelPadding=8, ticks=False, grid=False)
    beside = alt.Axis(tickMinStep=1, tickCount=4, format="d") if axis else None
    # Where there is no axis beside it, the first and the last name would stick out.
    scale = alt.Scale() if axis or numbered else alt.Scale(range=[80, _INNER - 80])
    base = alt.Chart(rows, height=height).encode(
        x=alt.X("name:O", sort=None, title=None, axis=below, scale=scale),
        y=alt.Y("count:Q", title=None, axis=beside, scale=alt.Scale(domainMin=0)),
    )
    bars = base.mark_bar(style="one").encode(
        description="said:N",
        tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("count:Q", title=CHARTS["count"])],
    )
    if not numbered:
        return bars
    return bars + base.mark_text(style="number", dy=-24).encode(text="count:Q")


def _tiles(alt: Any, rows: Any) -> Any:
    """Large numbers side by side."""
    base = alt.Chart(rows, height=150).encode(x=alt.X("at:O", axis=None))
    number = base.mark_text(style="tile", baseline="bottom").encode(y=alt.value(92), text="said:N")
    name = base.mark_text(style="under", baseline="top").encode(y=alt.value(104), text="name:N")
    return number + name


def _plain(chart: Any) -> Chart:
    """As Vega-Lite, without what belongs to Altair's own looks."""
    made: Chart = chart.to_dict()
    made.pop("config", None)
    return made


def _paper(font: str) -> Chart:
    """The looks of the picture: dark on white, nothing smaller than a phone shows."""
    ink, soft, line, green, blue = "#161616", "#575757", "#d5d5d5", "#067a3c", "#2b4a80"
    return {
        "font": font,
        "background": "#ffffff",
        "padding": {"left": 60, "right": 60, "top": 56, "bottom": 40},
        "view": {"stroke": None},
        "title": {
            "anchor": "start",
            "color": ink,
            "fontSize": 48,
            "fontWeight": "bold",
            "subtitleFontSize": 40,
            "subtitleColor": soft,
            "subtitlePadding": 14,
            "offset": 28,
        },
        "axis": {"labelFontSize": 36, "labelColor": ink, "labelPadding": 12, "domainColor": line},
        "style": {
            "one": {"color": blue, "cornerRadiusEnd": 4},
            "whole": {"color": "#e6e6e6", "cornerRadius": 4},
            "part": {"color": green, "cornerRadius": 4},
            "name": {"color": ink, "fontSize": 38, "limit": 640},
            "number": {"color": ink, "fontSize": 38},
            "tile": {"color": green, "fontSize": 92, "fontWeight": "bold"},
            "under": {"color": soft, "fontSize": 38},
            "foot": {"color": soft, "fontSize": 30},
        },
    }
