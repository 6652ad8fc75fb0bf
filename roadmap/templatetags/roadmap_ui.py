"""What templates ask of tallies, the matrix and the timeline: ``{% load roadmap_ui %}``."""

from collections.abc import Mapping, Sequence
from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from exports import charts
from exports.documents import SeriesRole
from obligations.aggregates import Tally
from roadmap import drawings
from roadmap.aggregates import Due, Matrix, MatrixRow, Origin
from roadmap.models import Item, Roadmap

register = template.Library()


@register.simple_tag
def status_bar(tally: Tally) -> SafeString:
    """Draw how obligations stand: accepted, under review, in progress, overdue; told in words to readers."""
    parts = (
        (SeriesRole.DONE, tally.accepted),
        (SeriesRole.REVIEW, tally.under_review),
        (SeriesRole.OPEN, tally.in_progress),
        (SeriesRole.OVERDUE, tally.overdue),
    )
    return charts.share_bar(parts, label=drawings.tally_words(tally))


@register.simple_tag
def status_bar_patterns() -> SafeString:
    """Define the hatchings of the page's status bars; once a page."""
    return charts.share_bar_patterns()


@register.simple_tag
def matrix_cells(row: MatrixRow, matrix: Matrix, measure: str) -> SafeString:
    """Draw the cells of a row, each leading to the obligations behind it."""
    key = "organization" if matrix.is_of_organizations else "part"
    query = f"?{key}={row.key}" if row.key else ""
    return drawings.matrix_cells(row.cells(matrix.items), who=row.name, query=query, measure=measure)


@register.simple_tag
def heat_level(tally: Tally, measure: str) -> str:
    """Return the class of a cell: «heat-accepted-3»; nothing where there is nothing to measure."""
    return f"heat-{measure}-{drawings.heat(tally, measure)[0]}" if tally.obligations else "heat-none"


@register.simple_tag
def heat_figure(tally: Tally, measure: str) -> str:
    """Return the figure of a cell."""
    return drawings.heat(tally, measure)[1] if tally.obligations else "—"


@register.simple_tag
def timeline_chart(
    rows: Sequence[tuple[Item, Sequence[Due]]], roadmap: Roadmap, today: date, marked: Mapping[int, Origin]
) -> SafeString:
    """Draw the year of a roadmap."""
    return drawings.timeline(rows, first=roadmap.year.start, last=roadmap.year.end, today=today, marked=marked)


@register.simple_tag
def origin_sign(item: Item, marked: Mapping[int, Origin]) -> SafeString:
    """Draw the sign of an item that an own roadmap makes stricter or adds; nothing for the rest."""
    origin = marked.get(item.pk)
    if origin is None:
        return SafeString("")
    return format_html(
        '<span aria-hidden="true">\u00a0{}</span><span class="visually-hidden">, {}</span>',
        drawings.ORIGIN_SIGNS[origin],
        drawings.ORIGIN_WORDS[origin],
    )


@register.simple_tag
def origin_legend() -> str:
    """Say what the signs mean."""
    return drawings.ORIGIN_LEGEND


@register.simple_tag
def standing_mark(standing: str) -> SafeString:
    """Draw the mark of a standing."""
    return drawings.mark(standing)


@register.filter
def standing_label(standing: str) -> str:
    """Name a standing: «есть просрочка»."""
    return drawings.STANDINGS[standing]


@register.filter
def tally_words(tally: Tally) -> str:
    """Tell a tally in words: «принято 3 из 10, просрочено 2»."""
    return drawings.tally_words(tally)


@register.simple_tag
def standings() -> list[str]:
    """Every standing, for a legend."""
    return list(drawings.STANDINGS)
