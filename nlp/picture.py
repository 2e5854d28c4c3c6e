"""The confusions of a model as a picture.

The law of this file: SVG by hand, nothing else. One square a pair of categories: green where a request
was read as what it is, orange where not, the stronger the larger the share of its row. It is legible on
a desk and on a phone (no smaller than nine pixels at 375), by day and by night, and every square says in
its title what it stands for.
"""

from __future__ import annotations

from html import escape

from nlp.report import Report

CELL, LEFT, TOP, RIGHT, ROW = 24, 34, 78, 42, 18
STYLE = """
svg { background: #fff; font: 12px system-ui, "Noto Sans SC", "WenQuanYi Micro Hei", sans-serif; }
text { fill: #1c2024; } .soft { fill: #5b6570; } .head { font-size: 16px; font-weight: 600; }
.none { fill: #f1f3f5; } .right { fill: #12805c; } .wrong { fill: #d9480f; }
.lit { fill: #fff; } .mid { text-anchor: middle; } .end { text-anchor: end; }
@media (prefers-color-scheme: dark) {
  svg { background: #14181c; } text { fill: #e8ecf0; } .soft { fill: #9aa6b2; }
  .none { fill: #20262c; } .right { fill: #2aa67c; } .wrong { fill: #f0712f; } .lit { fill: #fff; }
}
"""


def confusion_svg(report: Report) -> str:
    """Categories as labelled (rows) and as read (columns), with each one's F1."""
    matrix = report.confusion
    if matrix is None:
        raise ValueError("the report has no confusions to draw: measure labelled requests")
    labels = matrix.labels
    width = LEFT + CELL * len(labels) + RIGHT
    foot = TOP + CELL * len(labels)
    height = foot + 52 + ROW * -(-len(labels) // 2)
    parts = [_head(width, height, report)]
    for n, label in enumerate(labels):
        middle = TOP + CELL * n + 16
        parts.append(_text(LEFT + CELL * n + CELL / 2, TOP - 8, label, "mid soft"))
        parts.append(_text(LEFT - 8, middle, label, "end"))
        if label in report.per_category:
            score = f"{report.per_category[label]:.2f}".removeprefix("0")
            parts.append(_text(width - 8, middle, score, "end soft"))
        parts += _row(n, labels, matrix.counts[n])
    said = "rows: as labelled, columns: as read; colour: share of its row"
    parts.append(_text(8, foot + 20, said, "soft"))
    parts += _legend(report, labels, foot + 44, width)
    return "\n".join([*parts, "</svg>", ""])


def _head(width: int, height: int, report: Report) -> str:
    f1 = report.figures.get("category_f1")
    said = (
        f"macro-F1 {f1.value:.3f} ({f1.low:.3f}–{f1.high:.3f}), {f1.lines} requests" if f1 else ""
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
            f' width="{width}" height="{height}" role="img"'
            f' style="max-width:100%;height:auto" aria-label="Categories as labelled and as read">',
            f"<style>{STYLE}</style>",
            _text(8, 22, "Which category is read as which", "head"),
            _text(8, 42, said, "soft"),
            _text(width - 8, TOP - 8, "F1", "end soft"),
        ]
    )


def _legend(report: Report, labels: tuple[str, ...], top: int, width: int) -> list[str]:
    """What the codes stand for, in two columns."""
    half = -(-len(labels) // 2)
    return [
        _text(
            8 + (n // half) * width // 2,
            top + ROW * (n % half),
            f"{label} {report.names.get(label, '')}".strip(),
            "",
        )
        for n, label in enumerate(labels)
    ]


def _row(n: int, labels: tuple[str, ...], counts: tuple[int, ...]) -> list[str]:
    whole = max(sum(counts), 1)
    return [
        _cell(n, m, count, whole, f"{labels[n]} read as {labels[m]}")
        for m, count in enumerate(counts)
    ]


def _cell(n: int, m: int, count: int, whole: int, pair: str) -> str:
    x, y = LEFT + CELL * m, TOP + CELL * n
    share = count / whole
    kind = "none" if not count else "right" if n == m else "wrong"
    # Mistakes are few: they start strong enough to be seen.
    strength = 1.0 if not count else 0.8 + 0.2 * share if n == m else min(1.0, 0.85 + share)
    square = (
        f'<rect class="{kind}" x="{x + 1}" y="{y + 1}" width="{CELL - 2}" height="{CELL - 2}"'
        f' rx="3" fill-opacity="{strength:.2f}"'
    )
    if not count:
        return f"{square}/>"
    title = f"<title>{escape(pair)}: {count} of {whole}</title>"
    number = _text(x + CELL / 2, y + 16, str(count), "mid lit")
    return f"<g>{title}{square}/>{number}</g>"


def _text(x: float, y: float, words: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}">{escape(words)}</text>'
