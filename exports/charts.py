"""Our own SVG charts: the same drawing on a page and in PDF.

Only presentation attributes are used: pages forbid inline styles, and WeasyPrint does not resolve CSS
variables. A series is told by its pattern and its number, not by colour alone; the table beside the chart
is its text alternative.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from exports.cells import number_label
from exports.documents import Bar, Chart, CountBars, SeriesRole, StackedBars

FONT = "PT Sans, Liberation Sans, sans-serif"
INK = "#212529"
MUTED = "#565e64"
TRACK = "#e9ecef"


@dataclass(frozen=True)
class Paint:
    """How a series is drawn: its fill, the ink that is legible on it, the direction of its hatching if any."""

    fill: str
    ink: str
    hatch: str = ""
    hatch_ink: str = ""


PAINTS: dict[SeriesRole, Paint] = {
    SeriesRole.DONE: Paint("#146c43", "#ffffff"),
    SeriesRole.REVIEW: Paint("#9ec5fe", "#052c65", "M0 3h6", "#6ea8fe"),
    SeriesRole.OPEN: Paint("#e9ecef", "#212529"),
    SeriesRole.OVERDUE: Paint("#b02a37", "#ffffff", "M-1 1l2 -2M0 6l6 -6M5 7l2 -2", "#e35d6a"),
}

_BAR, _LINE, _GAP, _TEXT = 22, 17, 14, 14
# PT Sans at 14 units: what an average Russian letter takes.
_LETTER = 7.4
# A bar among words: units of its own, stretched to its place.
_SHARE_WIDTH, _SHARE_HEIGHT = 240, 14


@dataclass(frozen=True)
class _Drawing:
    """Measures of one drawing; ``name`` keeps the ids of several charts of a page apart."""

    name: str
    width: int

    def box(self, role: SeriesRole, left: float, top: float, size: tuple[float, float]) -> SafeString:
        """Draw a rectangle in the paint of a series: its colour, its hatching above, an outline round both.

        The hatching is lines alone: tiles that bring their own ground show seams in PDF.
        """
        paint = PAINTS[role]
        where = (f"{left:.2f}", f"{top:.2f}", f"{size[0]:.2f}", f"{size[1]:.2f}")
        layers = [(*where, paint.fill, "none")]
        if paint.hatch:
            layers.append((*where, f"url(#{self.name}-{role})", "none"))
        layers.append((*where, "none", MUTED))
        return format_html_join(
            "",
            '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="0.5"/>',
            layers,
        )


def stacked_bars(chart: StackedBars, *, name: str = "chart", width: int = 960) -> SafeString:
    """Draw horizontal stacked bars ``width`` units wide, labels above the bars, legend on top.

    Every bar spans the whole width: the eye compares shares, the numbers tell counts.
    """
    drawing = _Drawing(name, width)
    legend, top = _legend(chart, drawing)
    parts = [legend]
    for bar in chart.bars:
        group, top = _bar(chart, bar, drawing, top)
        parts.append(group)
    return _svg(
        drawing,
        title=chart.title,
        told=description(chart),
        defs=_patterns(chart, name),
        parts=parts,
        height=top,
    )


def _svg(
    drawing: _Drawing, *, title: str, told: str, defs: SafeString, parts: Sequence[SafeString], height: int
) -> SafeString:
    """Put a drawing together: its name, its telling in words, its hatchings, its shapes."""
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {width} {height}" width="100%"'
        ' role="img" aria-labelledby="{name}-title {name}-desc" font-family="{font}" font-size="{text}">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{desc}</desc>{defs}{body}</svg>',
        width=drawing.width,
        height=height,
        name=drawing.name,
        font=FONT,
        text=_TEXT,
        title=title,
        desc=told,
        defs=defs,
        body=format_html_join("", "{}", ((part,) for part in parts)),
    )


def draw(chart: Chart, *, name: str = "chart", width: int = 960) -> SafeString:
    """Draw a chart of either kind."""
    if isinstance(chart, CountBars):
        return count_bars(chart, name=name, width=width)
    return stacked_bars(chart, name=name, width=width)


def count_bars(chart: CountBars, *, name: str = "chart", width: int = 960) -> SafeString:
    """Draw horizontal bars to one scale, labels above the bars, the count at the end of each."""
    drawing, top, parts = _Drawing(name, width), 2, []
    longest = max((count for _, count in chart.bars), default=0)
    for label, count in chart.bars:
        number = number_label(count)
        room = width - len(number) * _LETTER - 14
        lines = wrap(label, max(12, int(width / _LETTER)))
        body_top = top + _LINE * len(lines) + 3
        size = room * count / longest if longest else 0.0
        text = format_html_join(
            "",
            '<text x="0" y="{}" fill="{}">{}</text>',
            ((top + _LINE * place + 13, INK, line) for place, line in enumerate(lines)),
        )
        bar = drawing.box(SeriesRole.REVIEW, 0, body_top, (size, _BAR)) if count else ""
        parts.append(
            format_html(
                '<g>{}{}<text x="{}" y="{}" fill="{}">{}</text></g>',
                text,
                bar,
                f"{size + 8:.2f}",
                body_top + 16,
                INK,
                number,
            )
        )
        top = body_top + _BAR + _GAP
    told = " ".join(f"{label} — {count}." for label, count in chart.bars)
    hatch = PAINTS[SeriesRole.REVIEW]
    return _svg(
        drawing,
        title=chart.title,
        told=told,
        defs=_hatching(name, [(SeriesRole.REVIEW, hatch)]),
        parts=parts,
        height=top,
    )


def description(chart: StackedBars) -> str:
    """Tell the chart in words, bar by bar, for those who do not see it."""
    return " ".join(
        f"{bar.label}: "
        + ", ".join(f"{label.lower()} — {value}" for (label, _), value in zip(chart.series, bar.values, strict=True))
        + "."
        for bar in chart.bars
    )


def _patterns(chart: StackedBars, name: str) -> SafeString:
    """Define the hatchings of the series."""
    return _hatching(name, [(role, PAINTS[role]) for _, role in chart.series if PAINTS[role].hatch])


def _hatching(name: str, hatched: Sequence[tuple[SeriesRole, Paint]]) -> SafeString:
    """Define hatchings under the name of a drawing."""
    return format_html(
        "<defs>{}</defs>",
        format_html_join(
            "",
            '<pattern id="{}-{}" width="6" height="6" patternUnits="userSpaceOnUse">'
            '<path d="{}" stroke="{}" stroke-width="1" fill="none"/></pattern>',
            ((name, role, paint.hatch, paint.hatch_ink) for role, paint in hatched),
        ),
    )


def _legend(chart: StackedBars, drawing: _Drawing) -> tuple[SafeString, int]:
    """Draw the legend, wrapping its entries; return it and where the bars may begin."""
    entries, left, top = [], 0, 2
    for label, role in chart.series:
        needed = round(26 + len(label) * _LETTER)
        if left and left + needed > drawing.width:
            left, top = 0, top + 24
        entries.append((drawing.box(role, left, top, (16, 16)), left + 22, top + 13, INK, label))
        left += needed + 18
    shapes = format_html_join(
        "",
        '{}<text x="{}" y="{}" fill="{}">{}</text>',
        entries,
    )
    return shapes, top + 16 + _GAP


def _bar(chart: StackedBars, bar: Bar, drawing: _Drawing, top: int) -> tuple[SafeString, int]:
    """Draw one bar under its label; return it and where the next may begin."""
    total = sum(bar.values)
    lines = wrap(bar.label, max(12, int((drawing.width - 60) / _LETTER)))
    label = format_html_join(
        "",
        '<text x="0" y="{}" fill="{}">{}</text>',
        ((top + _LINE * number + 13, INK, line) for number, line in enumerate(lines)),
    )
    sum_label = format_html(
        '<text x="{}" y="{}" fill="{}" text-anchor="end">{}</text>',
        drawing.width,
        top + 13,
        MUTED,
        number_label(total) if total else "нет",
    )
    body_top = top + _LINE * len(lines) + 3
    track = format_html(
        '<rect x="0" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="0.5"/>',
        body_top,
        drawing.width,
        _BAR,
        TRACK,
        MUTED,
    )
    segments = format_html_join("", "{}", ((part,) for part in _segments(chart, bar.values, drawing, body_top)))
    return format_html("<g>{}{}{}{}</g>", label, sum_label, track, segments), body_top + _BAR + _GAP


def _segments(chart: StackedBars, values: Sequence[int], drawing: _Drawing, top: int) -> Iterator[SafeString]:
    """Draw the parts of a bar, each with its number where it has the room."""
    total, left = sum(values), 0.0
    for (_, role), value in zip(chart.series, values, strict=True):
        if not value:
            continue
        size = value * drawing.width / total
        paint, text = PAINTS[role], number_label(value)
        yield drawing.box(role, left, top, (size, _BAR))
        plate = len(text) * _LETTER + 8
        if size > plate:
            middle = f"{left + size / 2:.2f}"
            if paint.hatch:  # a plain plate under the number keeps it legible over the hatching
                yield format_html(
                    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
                    f"{left + (size - plate) / 2:.2f}",
                    top + 3,
                    f"{plate:.2f}",
                    _BAR - 6,
                    paint.fill,
                )
            yield format_html(
                '<text x="{}" y="{}" fill="{}" text-anchor="middle">{}</text>', middle, top + 16, paint.ink, text
            )
        left += size


def share_bar(parts: Sequence[tuple[SeriesRole, int]], *, label: str) -> SafeString:
    """Draw one bar without words, as wide as its place, in the paints of the charts; ``label`` tells it to readers.

    The hatchings are drawn once a page by ``share_bar_patterns``.
    """
    whole = sum(value for _, value in parts)
    shapes: list[tuple[str, str, int, str]] = []
    left = 0.0
    for role, value in parts:
        if not value:
            continue
        # However little, it is seen.
        size = max(value * _SHARE_WIDTH / whole, 2.0)
        fills = [PAINTS[role].fill, *([f"url(#share-{role})"] if PAINTS[role].hatch else [])]
        shapes += [(f"{left:.1f}", f"{size:.1f}", _SHARE_HEIGHT, fill) for fill in fills]
        left += size
    body = format_html_join("", '<rect x="{}" width="{}" height="{}" fill="{}"/>', shapes)
    return format_html(
        '<svg class="share-bar" role="img" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>',
        label,
        f"{max(left, _SHARE_WIDTH):.1f}",
        _SHARE_HEIGHT,
        body,
    )


def share_bar_patterns() -> SafeString:
    """Define the hatchings that the bars of a page share."""
    hatched = [(role, paint) for role, paint in PAINTS.items() if paint.hatch]
    patterns = format_html_join(
        "",
        '<pattern id="share-{}" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<path d="{}" stroke="{}" stroke-width="1" fill="none"/></pattern>',
        ((role, paint.hatch, paint.hatch_ink) for role, paint in hatched),
    )
    return format_html(
        '<svg class="icon-sheet" aria-hidden="true" focusable="false" width="0" height="0"><defs>{}</defs></svg>',
        patterns,
    )
