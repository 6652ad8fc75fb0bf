"""Excel: a summary sheet with a chart, then a sheet for every table, ready for the screen and for paper.

Every text goes in as a text: what people typed never becomes a formula or a link.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from exports.charts import PAINTS
from exports.documents import (
    ColumnKind,
    CountBars,
    Document,
    Marked,
    Row,
    RowKind,
    SeriesRole,
    StackedBars,
    Table,
)
from exports.moments import moment_label, zone_label
from exports.writers.xlsx_cells import (
    FONT,
    FONT_SIZE,
    LINE_HEIGHT,
    Styles,
    cut,
    height_of,
    writable,
    write_cell,
    write_marked,
    write_text,
)

SUMMARY = "Сводка"
MAX_SHEET_NAME = 31
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\]")
_A4 = 9
# What fits between the margins of a landscape A4 page, and how small print may get before a table is parted instead.
_PAGE_PIXELS, _SMALLEST_SCALE = 960, 75

_SUMMARY_WIDTHS = (58, 17)
_MOST_ROWS_OF_A_PAGE = 110
_HATCHES = {SeriesRole.REVIEW: "light_horizontal", SeriesRole.OVERDUE: "wide_upward_diagonal"}


def write_xlsx(document: Document) -> bytes:
    """Lay the document out as an Excel workbook; the same document gives the same bytes."""
    stream = BytesIO()
    workbook = Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "dd.mm.yyyy",
            "default_format_properties": {"font_name": FONT, "font_size": FONT_SIZE},
        },
    )
    workbook.set_properties(
        {
            "title": writable(document.title),
            "subject": writable(document.subtitle),
            "author": "Портал «Профминимум»",
            "created": document.cut_off.replace(tzinfo=None),
        }
    )
    styles = Styles(workbook)
    names = sheet_names([SUMMARY, *(table.sheet_name or table.title for table in document.tables)])
    _Summary(workbook, styles, document, names).write()
    for table, name in zip(document.tables, names[1:], strict=True):
        _write_table(workbook.add_worksheet(name), styles, document, table)
    workbook.close()
    return stream.getvalue()


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Turn titles into names Excel takes: at most 31 signs, none of ``[]:*?/\\``, each once in any case."""
    taken: set[str] = set()
    names = []
    for title in wanted:
        base = " ".join(_FORBIDDEN_IN_NAME.sub(" ", writable(title)).split()).strip("'")
        # «History» is Excel's own.
        if not base or base.casefold() == "history":
            base = "Лист"
        name, number = cut(base, MAX_SHEET_NAME).strip(" '"), 1
        while name.casefold() in taken:
            number += 1
            suffix = f" ({number})"
            name = cut(base, MAX_SHEET_NAME - len(suffix)).strip(" '") + suffix
        taken.add(name.casefold())
        names.append(name)
    return names


def _set_up_print(sheet: Worksheet, document: Document) -> None:
    """A4 landscape, as many pages high as it takes, one wide; a footer on each."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    # Doubled, an ampersand is itself and no code; the space keeps a leading digit apart from the size.
    title = writable(document.title)[:100].replace("&", "&&")
    cut_off = moment_label(document.cut_off)
    sheet.set_footer(f'&L&"{FONT}"&8 {title}&C&"{FONT}"&8 по состоянию на {cut_off}&R&"{FONT}"&8 Стр. &P из &N')


def _part_wide(sheet: Worksheet, table: Table) -> None:
    """Part a table that is too wide for a page over several, its first columns on each, large enough to be read."""
    repeated = table.repeated_columns
    widths = [7 * column.width + 5 for column in table.columns]
    if repeated is None or sum(widths) * _SMALLEST_SCALE <= _PAGE_PIXELS * 100:
        return
    sheet.repeat_columns(0, repeated - 1)
    sheet.set_print_scale(_SMALLEST_SCALE)
    room = _PAGE_PIXELS * 100 / _SMALLEST_SCALE - sum(widths[:repeated])
    breaks, taken = [], 0
    for position, width in enumerate(widths[repeated:], start=repeated):
        if taken + width > room:
            breaks.append(position)
            taken = 0
        taken += width
    sheet.set_v_pagebreaks(breaks)


def _write_table(sheet: Worksheet, styles: Styles, document: Document, table: Table) -> None:
    """Write one table: what it is, its head, its rows, its note."""
    write_text(sheet, 0, 0, table.title, styles.title)
    facts = "; ".join(value for _, value in document.facts)
    write_text(sheet, 1, 0, f"{facts}; по состоянию на {moment_label(document.cut_off)}", styles.label)
    head = 2
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, column.width)
        write_text(sheet, head, number, column.title, styles.head)
    sheet.set_row(head, 45)
    last = head
    for last, row in enumerate(table.rows, start=head + 1):
        _write_row(sheet, styles, table, last, row)
    # The closing total stays out of the filter: sorting must not carry it away.
    closing = bool(table.rows) and table.rows[-1].kind is RowKind.TOTAL
    sheet.autofilter(head, 0, max(last - closing, head), len(table.columns) - 1)
    if table.note:
        write_text(sheet, last + 2, 0, table.note, styles.label)
    sheet.freeze_panes(head + 1, 0)
    sheet.repeat_rows(head)
    _set_up_print(sheet, document)
    _part_wide(sheet, table)


def _write_row(sheet: Worksheet, styles: Styles, table: Table, number: int, row: Row) -> None:
    """Write one row; the head of a group runs across the table without merging, which filters dislike."""
    if row.kind is not RowKind.GROUP:
        # Not every program fits the height of wrapped rows by itself.
        cells = zip(row.cells, table.columns, strict=True)
        texts = [(str(cell), column.width) for cell, column in cells if isinstance(cell, str | Marked)]
        sheet.set_row(number, height_of(texts))
    for position, column in enumerate(table.columns):
        kind = ColumnKind.TEXT if row.kind is RowKind.GROUP else column.kind
        style = styles.cell(kind, row.kind)
        value = row.cells[position] if position < len(row.cells) else None
        if isinstance(value, Marked):
            write_marked(sheet, (number, position), value, styles, style)
        elif value is None and kind is ColumnKind.TEXT:
            sheet.write_blank(number, position, None, style)
        else:
            write_cell(sheet, (number, position), value, kind, style)


@dataclass
class _Summary:
    """The first sheet: facts, figures, the charts with their numbers, notes, contents."""

    workbook: Workbook
    styles: Styles
    document: Document
    names: Sequence[str]
    row: int = 0

    def write(self) -> None:
        """Write the sheet from top to bottom."""
        self.sheet = self.workbook.add_worksheet(self.names[0])
        self.sheet.hide_gridlines(2)
        self.sheet.set_column(0, 0, _SUMMARY_WIDTHS[0])
        self.sheet.set_column(1, 6, _SUMMARY_WIDTHS[1])
        self._approval()
        self._line(self.document.title, self.styles.title)
        if self.document.subtitle:
            self._line(self.document.subtitle, self.styles.heading)
        self.row += 1
        self._facts()
        self._figures()
        for chart in self.document.charts:
            if isinstance(chart, CountBars):
                self._count_bars(chart)
            else:
                self._chart(chart)
        self._list("Как считаются показатели", self.document.notes)
        _set_up_print(self.sheet, self.document)
        # On paper the summary is one page, unless nobody could read it then; links are for the screen.
        self.sheet.print_area(0, 0, self.row - 1, 6)
        self.sheet.fit_to_pages(1, 1 if self.row < _MOST_ROWS_OF_A_PAGE else 0)
        self._contents()

    def _line(self, text: str, style: Format) -> None:
        """Write one line of text."""
        write_text(self.sheet, self.row, 0, text, style)
        self.row += 1

    def _approval(self) -> None:
        """Write «УТВЕРЖДАЮ» above the title, to the right, with room for a pen."""
        if not (approval := self.document.approval):
            return
        blank = "____________________"
        signature = f"{blank} {approval.name or blank}"
        for text in (approval.post, approval.organization, signature, "«____» ______________ 20____ г.", "М.П."):
            if self.row == 0:
                write_text(self.sheet, 0, 2, "УТВЕРЖДАЮ", self.styles.heading)
                self.row += 1
            self.sheet.merge_range(self.row, 2, self.row, 6, "")
            write_text(self.sheet, self.row, 2, text, self.styles.text)
            self.sheet.set_row(self.row, height_of([(text, 5 * _SUMMARY_WIDTHS[1])]))
            self.row += 1
        self.row += 1

    def _facts(self) -> None:
        """Write the labelled facts and the cut-off time, a real moment."""
        for label, value in self.document.facts:
            write_text(self.sheet, self.row, 0, label, self.styles.label)
            write_text(self.sheet, self.row, 1, value, self.styles.value)
            self.row += 1
        cut_off = self.document.cut_off
        moment = self.styles.get(num_format="dd.mm.yyyy hh:mm", align="left", valign="top")
        write_text(self.sheet, self.row, 0, "По состоянию на", self.styles.label)
        self.sheet.write_datetime(self.row, 1, cut_off.replace(tzinfo=None), moment)
        write_text(self.sheet, self.row, 2, zone_label(cut_off), self.styles.note)
        self.row += 2

    def _figures(self) -> None:
        """Write the headline figures."""
        for figure in self.document.figures:
            write_text(self.sheet, self.row, 0, figure.label, self.styles.cell(ColumnKind.TEXT, RowKind.DATA))
            style = self.styles.cell(figure.kind, RowKind.TOTAL)
            write_cell(self.sheet, (self.row, 1), figure.value, figure.kind, style)
            write_text(self.sheet, self.row, 2, figure.note, self.styles.note)
            self.row += 1
        self.row += 1

    def _chart(self, chart: StackedBars) -> None:
        """Write the numbers of a chart and Excel's own chart of them."""
        self._line(chart.title, self.styles.heading)
        head = self.row
        self.sheet.set_row(head, 2 * LINE_HEIGHT)
        for column, title in enumerate(["", *(label for label, _ in chart.series), "Всего"]):
            write_text(self.sheet, head, column, title, self.styles.head)
        text, number = (self.styles.cell(kind, RowKind.DATA) for kind in (ColumnKind.TEXT, ColumnKind.NUMBER))
        for self.row, bar in enumerate(chart.bars, start=head + 1):
            write_text(self.sheet, self.row, 0, bar.label, text)
            self.sheet.set_row(self.row, height_of([(bar.label, _SUMMARY_WIDTHS[0])]))
            for column, value in enumerate([*bar.values, sum(bar.values)], start=1):
                self.sheet.write_number(self.row, column, value, number)
        height = 130 + 62 * len(chart.bars)
        drawing = self._drawing(chart, head, height)
        self.sheet.insert_chart(self.row + 2, 0, drawing, {"object_position": 3, "description": writable(chart.title)})
        self.row += 4 + height // 17

    def _count_bars(self, chart: CountBars) -> None:
        """Write the counts and Excel's own chart of them."""
        self._line(chart.title, self.styles.heading)
        head = self.row
        for column, title in enumerate(["", "Количество"]):
            write_text(self.sheet, head, column, title, self.styles.head)
        text, number = (self.styles.cell(kind, RowKind.DATA) for kind in (ColumnKind.TEXT, ColumnKind.NUMBER))
        for self.row, (label, count) in enumerate(chart.bars, start=head + 1):
            write_text(self.sheet, self.row, 0, label, text)
            self.sheet.set_row(self.row, height_of([(label, _SUMMARY_WIDTHS[0])]))
            self.sheet.write_number(self.row, 1, count, number)
        first, last, name = head + 1, head + len(chart.bars), self.names[0]
        drawing = self.workbook.add_chart({"type": "bar"})
        drawing.add_series(
            {
                "name": [name, head, 1],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 1, last, 1],
                "fill": {"color": PAINTS[SeriesRole.REVIEW].fill},
                "border": {"color": "#565E64", "width": 0.5},
                "gap": 60,
                "data_labels": {"value": True, "num_format": "#,##0;;;", "font": {"size": 9}},
            }
        )
        drawing.set_title({"name": [name, head - 1, 0], "name_font": {"size": 12}})
        drawing.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        drawing.set_x_axis({"num_format": "0", "label_position": "high", "major_gridlines": {"visible": False}})
        drawing.set_legend({"none": True})
        height = 110 + 38 * len(chart.bars)
        drawing.set_size({"width": 1000, "height": height})
        self.sheet.insert_chart(self.row + 2, 0, drawing, {"object_position": 3, "description": writable(chart.title)})
        self.row += 4 + height // 17

    def _drawing(self, chart: StackedBars, head: int, height: int) -> Any:
        """Make a native stacked bar chart of the rows under ``head``."""
        drawing = self.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
        first, last = head + 1, head + len(chart.bars)
        for column, (_, role) in enumerate(chart.series, start=1):
            paint = PAINTS[role]
            fill: dict[str, Any] = {"fill": {"color": paint.fill}}
            if role in _HATCHES:
                fill = {"pattern": {"pattern": _HATCHES[role], "fg_color": paint.hatch_ink, "bg_color": paint.fill}}
            drawing.add_series(
                {
                    "name": [self.names[0], head, column],
                    "categories": [self.names[0], first, 0, last, 0],
                    "values": [self.names[0], first, column, last, column],
                    "border": {"color": "#565E64", "width": 0.5},
                    "gap": 60,
                    # Zeros are not written: a label without a segment would lie on its neighbour's.
                    "data_labels": {"value": True, "num_format": "#,##0;;;", "font": {"color": paint.ink, "size": 9}},
                    **fill,
                }
            )
        drawing.set_title({"name": [self.names[0], head - 1, 0], "name_font": {"size": 12}})
        drawing.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        # The reversed axis takes the scale to the top; this brings it back.
        drawing.set_x_axis(
            {
                "num_format": "0%",
                "label_position": "high",
                "major_gridlines": {"visible": True, "line": {"color": "#DEE2E6"}},
            }
        )
        drawing.set_legend({"position": "bottom"})
        drawing.set_size({"width": 1000, "height": height})
        return drawing

    def _list(self, title: str, lines: Sequence[str]) -> None:
        """Write lines under a heading, each across the sheet."""
        if not lines:
            return
        self._line(title, self.styles.heading)
        for line in lines:
            self.sheet.merge_range(self.row, 0, self.row, 6, "")
            write_text(self.sheet, self.row, 0, line, self.styles.text)
            self.sheet.set_row(self.row, height_of([(line, _SUMMARY_WIDTHS[0] + 6 * _SUMMARY_WIDTHS[1])]))
            self.row += 1
        self.row += 1

    def _contents(self) -> None:
        """Write links to the other sheets."""
        self._line("Листы книги", self.styles.heading)
        for name in self.names[1:]:
            place = name.replace("'", "''")
            self.sheet.write_url(self.row, 0, f"internal:'{place}'!A1", self.styles.link, name)
            self.row += 1
