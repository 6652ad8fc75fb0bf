"""The matrix as a file: every row of every page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from accounts.models import Region, User
from exports.documents import Cell, Column, ColumnKind, Document, Row, RowKind, Table
from exports.registry import Progress, Report, ReportUnavailable, Request
from obligations.aggregates import Tally
from roadmap.aggregates import Matrix, MatrixRow, coverage_of, matrix_of
from roadmap.drawings import ORIGIN_LEGEND, ORIGIN_SIGNS
from roadmap.exports.common import document, in_region, request_for, roadmap_of
from roadmap.filters import MatrixFilters
from roadmap.models import Item, Section

TITLE = "Матрица исполнения"
EVERYTHING = 100_000
# So many items stand on a landscape page and can be read.
WIDEST_ON_PAPER = 20


def clean(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: an edition in the person's sight."""
    return request_for(roadmap_of(user, sent), title=TITLE, sent=sent, filters=MatrixFilters)


def build(*, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress) -> Document:
    """Lay the matrix out: what the page measures first, then the other measure."""
    roadmap = roadmap_of(user, parameters)
    in_region(roadmap, region)
    filters = MatrixFilters(parameters, sections=list(roadmap.sections.all()))
    progress(10, "Считаем поручения")
    if not roadmap.has_matrix:
        raise ReportUnavailable("Матрица сравнивает организации, а в этой дорожной карте организация одна.")
    matrix = matrix_of(
        user,
        coverage=coverage_of(roadmap),
        today=roadmap.region.local(now).date(),
        section=filters.section_chosen,
        sort=filters.chosen("sort"),
        size=EVERYTHING,
        page=1,
    )
    measure, other = ("overdue", "accepted") if filters.chosen("measure") else ("accepted", "overdue")
    tables = [_table(matrix, matrix.items, measure), _table(matrix, matrix.items, other)]
    if len(matrix.items) > WIDEST_ON_PAPER:
        # Too wide for a page: whole on a sheet, in sections on paper.
        tables = [replace(table, sheet_only=True) for table in tables]
        for section, items in groupby(matrix.items, key=lambda item: item.section):
            tables.append(_table(matrix, list(items), measure, section=section))
    return document(roadmap, title=TITLE, now=now, tables=tables, total=matrix.totals.total, chosen=filters.words())


def _table(matrix: Matrix, items: Sequence[Item], measure: str, *, section: Section | None = None) -> Table:
    """One measure, the share of what was accepted or how much is overdue, of some of the items."""
    kind = ColumnKind.NUMBER if measure == "overdue" else ColumnKind.SHARE
    columns = [
        Column("Организация" if matrix.is_of_organizations else "Муниципалитет", width=34),
        Column("Всего", kind, 10),
        *(Column(_head(item, matrix), kind, 9) for item in items),
    ]
    # A section asks something of a few: on paper the others are left out.
    asked = [row for row in matrix.rows if section is None or any(tally.obligations for _, tally in row.cells(items))]
    rows = [Row(_cells(row, items, measure)) for row in asked]
    rows.append(Row(_cells(matrix.totals, items, measure), RowKind.TOTAL))
    title = "Просрочено, поручений" if measure == "overdue" else "Принято, доля поручений"
    return Table(
        f"{title}. Раздел {section}" if section else title,
        columns,
        rows,
        sheet_name=f"Раздел {section.number}" if section else "",
        repeated_columns=2,
        note=" ".join(["Пустая ячейка или «—» — поручений нет.", *([ORIGIN_LEGEND] if matrix.marked else [])]),
    )


def _head(item: Item, matrix: Matrix) -> str:
    """The number of an item, marked where an own roadmap makes it stricter or adds it."""
    origin = matrix.marked.get(item.pk)
    return f"{item.number} {ORIGIN_SIGNS[origin]}" if origin else item.number


def _cells(row: MatrixRow, items: Sequence[Item], measure: str) -> list[Cell]:
    """The cells of a row; its total is of the items shown."""

    def figure(tally: Tally) -> Cell:
        if not tally.obligations:
            return None
        return tally.overdue if measure == "overdue" else tally.accepted_rate

    cells = [tally for _, tally in row.cells(items)]
    return [row.name, figure(Tally.total(cells)), *(figure(tally) for tally in cells)]


MATRIX = Report(name="roadmap_matrix", title=TITLE, clean=clean, build=build)
