"""Template tags that lay out what ``exports.documents`` describes."""

from collections.abc import Iterator
from datetime import datetime

from django import template
from django.utils.safestring import SafeString

from exports import cells, charts, moments
from exports.documents import Cell, Chart, Column, ColumnKind, Row, StackedBars, Table

register = template.Library()


@register.simple_tag
def chart_svg(chart: Chart, name: str = "chart", width: int = 960) -> SafeString:
    """Draw a chart of either kind as SVG."""
    return charts.draw(chart, name=name, width=width)


@register.simple_tag
def stacked_bars(chart: StackedBars, name: str = "chart", width: int = 960) -> SafeString:
    """Draw a chart as SVG."""
    return charts.stacked_bars(chart, name=name, width=width)


@register.simple_tag
def cell(value: Cell, kind: ColumnKind) -> str:
    """Write a value of a table or a figure for people."""
    return cells.cell_label(value, kind)


@register.filter
def share(value: float | None) -> str:
    """Write a share of 0..1 as per cent: «87,5 %»; «—» when there is nothing to take a share of."""
    return cells.share_label(value)


@register.filter
def cells_of(table: Table, row: Row) -> Iterator[tuple[Cell, Column]]:
    """Pair the cells of a row with the columns they stand in."""
    return zip(row.cells, table.columns, strict=True)


@register.filter
def moment_label(moment: datetime) -> str:
    """Write the moment of a report on its own clocks: «16.10.2023 12:00 (МСК)»."""
    return moments.moment_label(moment)
