"""A learning curve as SVG: points as measured, the fitted line, dashed where nothing was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, log

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BELOW = 440, 300, 44, 66, 58, 44
STYLE = """
svg { background: #fff; font: 12px system-ui, sans-serif; } text { fill: #1c2024; }
.soft { fill: #5b6570; } .head { font-size: 16px; font-weight: 600; } .mid { text-anchor: middle; }
.end { text-anchor: end; } .grid { stroke: #e3e7eb; } .line { fill: none; stroke-width: 2; }
.s0 { stroke: #12805c; } .s1 { stroke: #d9480f; } .f0 { fill: #12805c; } .f1 { fill: #d9480f; }
@media (prefers-color-scheme: dark) {
  svg { background: #14181c; } text { fill: #e8ecf0; } .soft { fill: #9aa6b2; } .grid { stroke: #2a3138; }
  .s0 { stroke: #2aa67c; } .s1 { stroke: #f0712f; } .f0 { fill: #2aa67c; } .f1 { fill: #f0712f; }
}
"""
STEPS = (500, 1000, 2000, 4000, 8000, 16000, 32000, 64000)


@dataclass(frozen=True)
class Series:
    """Measured points and a fitted line, as (lines, error)."""

    name: str
    points: Sequence[tuple[float, float]]
    law: Sequence[tuple[float, float]]


def curve_svg(series: Sequence[Series], title: str, measured_to: float) -> str:
    """Lines learned from (logarithmic) against error; beyond `measured_to` the line is dashed."""
    least, most = series[0].law[0][0], series[0].law[-1][0]
    top = ceil(max(y for one in series for _, y in one.points) * 20) / 20

    def x(lines: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * log(lines / least) / log(most / least)

    def y(error: float) -> float:
        return HEIGHT - BELOW - (HEIGHT - TOP - BELOW) * error / top

    def path(points: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in points)

    parts = [_head(title)]
    for step in range(round(top * 20) + 1):
        height = y(step / 20)
        parts.append(
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height:.1f}" y2="{height:.1f}"/>'
        )
        parts.append(_text(LEFT - 6, height + 4, f"{step * 5} %", "end soft"))
    for step in (s for s in STEPS if least <= s <= most):
        parts.append(_text(x(step), HEIGHT - BELOW + 18, f"{step:,}", "mid soft"))
    parts.append(_text(LEFT, HEIGHT - 8, "lines learned from; dashed: carried on", "soft"))
    for n, one in enumerate(series):
        known = [point for point in one.law if point[0] <= measured_to]
        beyond = [point for point in one.law if point[0] >= known[-1][0]]
        parts.append(f'<polyline class="line s{n}" points="{path(known)}"/>')
        parts.append(
            f'<polyline class="line s{n}" stroke-dasharray="4 4" points="{path(beyond)}"/>'
        )
        parts += [
            f'<circle class="f{n}" cx="{x(a):.1f}" cy="{y(b):.1f}" r="4">'
            f"<title>{a:,.0f} lines: {b:.1%}</title></circle>"
            for a, b in one.points
        ]
    ends = _apart([y(one.law[-1][1]) for one in series])
    for n, (one, height) in enumerate(zip(series, ends, strict=True)):
        parts.append(_text(WIDTH - RIGHT + 6, height + 4, one.name, f"f{n}"))
    return "\n".join([*parts, "</svg>", ""])


def _apart(heights: Sequence[float], least: float = 15) -> list[float]:
    """The same heights, in the same order from top to bottom, but no two nearer than a line of text."""
    placed: dict[int, float] = {}
    for n in sorted(range(len(heights)), key=lambda n: heights[n]):
        placed[n] = max([heights[n], *(height + least for height in placed.values())])
    return [placed[n] for n in range(len(heights))]


def _head(title: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" role="img" style="max-width:100%;height:auto" aria-label="{escape(title)}">'
        f"\n<style>{STYLE}</style>\n" + _text(8, 24, title, "head")
    )


def _text(x: float, y: float, words: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'
