"""The matrix as a file: every row of every page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import Region, User
from exports.documents import Cell, Column, ColumnKind, Document, Row, RowKind, Table
from exports.registry import Progress, Report, Request
from obligations.aggregates import Tally
from roadmap.aggregates import Matrix, MatrixRow, matrix_of
from roadmap.exports.common import document, in_region, request_for, roadmap_of
from roadmap.filters import MatrixFilters

TITLE = "Матрица исполнения"
EVERYTHING = 100_000


def clean(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: an edition in the person's sight."""
    return request_for(roadmap_of(user, sent), title=TITLE, sent=sent, filters=MatrixFilters)


def build(*, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress) -> Document:
    """Lay the matrix out twice: what the page measures first, the other measure on a sheet of its own."""
    roadmap = roadmap_of(user, parameters)
    in_region(roadmap, region)
    filters = MatrixFilters(parameters, sections=list(roadmap.sections.all()))
    progress(10, "Считаем поручения")
    matrix = matrix_of(
        user,
        roadmap=roadmap,
        today=roadmap.region.local(now).date(),
        section=filters.section_chosen,
        sort=filters.chosen("sort"),
        size=EVERYTHING,
        page=1,
    )
    tables = [_table(matrix, "accepted"), _table(matrix, "overdue")]
    if filters.chosen("measure") == "overdue":
        tables.reverse()
    return document(roadmap, title=TITLE, now=now, tables=tables, total=matrix.totals.total, chosen=filters.words())


def _table(matrix: Matrix, measure: str) -> Table:
    """One measure: the share of what was accepted, or how much is overdue."""
    kind = ColumnKind.NUMBER if measure == "overdue" else ColumnKind.SHARE
    name = "Организация" if matrix.is_of_organizations else "Муниципалитет"
    columns = [
        Column(name, width=34),
        Column("Всего", kind, 9),
        *(Column(item.number, kind, 8) for item in matrix.items),
    ]
    rows = [Row(_cells(row, matrix, measure)) for row in matrix.rows]
    rows.append(Row(_cells(matrix.totals, matrix, measure), RowKind.TOTAL))
    title = "Просрочено, поручений" if measure == "overdue" else "Принято, доля поручений"
    return Table(title, columns, rows, note="Пустая ячейка или «—» — поручений нет.")


def _cells(row: MatrixRow, matrix: Matrix, measure: str) -> list[Cell]:
    """The cells of a row."""

    def figure(tally: Tally) -> Cell:
        if not tally.obligations:
            return None
        return tally.overdue if measure == "overdue" else tally.accepted_rate

    return [row.name, figure(row.total), *(figure(tally) for _, tally in row.cells(matrix.items))]


MATRIX = Report(name="roadmap_matrix", title=TITLE, clean=clean, build=build)
