"""Steps one and two: from bytes to the rows of a list, each with its place in the file."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from schools.imports.columns import CHOICES_SHEET, NUMBER, SCHOOLS, Layout
from schools.imports.habits import Habits
from schools.imports.problems import ImportProblem
from sheets.headings import REMARKS, Heading, UnknownColumn, find_heading, heading_key, likely_heading
from sheets.spreadsheets import (
    Book,
    Limits,
    Sheet,
    SheetRow,
    SpreadsheetError,
    column_letter,
    read_book,
    read_book_file,
)

# More columns than any list of schools has: a file with so many is a report of another kind, or has a stray cell.
MOST_COLUMNS = 100
SAMPLE_ROWS = 3
SAMPLE_LENGTH = 60
SHOWN_COLUMNS = 12
_LONG_NUMBER = re.compile(r"\d{9}")
_TOTAL = re.compile(r"(?:итого|всего)\b", re.IGNORECASE)


class ListRow(NamedTuple):
    """A row of the list: its place and the text of each field; None where the sheet has no such column."""

    sheet: str
    number: int
    cells: Mapping[str, str | None]
    heading: Heading
    layout: Layout = SCHOOLS

    def problem(self, name: str, message: str) -> ImportProblem:
        """Put a message at the cell of a field, or at the row where it has no cell."""
        return ImportProblem(
            message,
            sheet=self.sheet,
            row=self.number,
            column=self.heading.letter(name) or None,
            heading=self.layout.titles.get(name),
        )


@dataclass(frozen=True)
class Table:
    """A sheet's table as a person is shown it: its head, found or likely, and the first values of each column."""

    sheet: str
    heading: Heading
    samples: tuple[tuple[str, ...], ...]
    is_found: bool
    layout: Layout = SCHOOLS

    @property
    def may_be_explained(self) -> bool:
        """It has columns enough for what is needed, though not all of them were recognised."""
        needed = len(self.layout.required) - bool(self.layout.sheet_field)
        is_wide = sum(1 for title in self.heading.titles if title) >= needed
        return is_wide and bool(not self.is_found or self.heading.missing)

    def read_as(self) -> list[tuple[str, str, str]]:
        """Letter and title of each column that is read, and what it is read as."""
        titles = self.layout.titles
        columns = sorted((at, name) for name, at in self.heading.columns.items() if name in titles)
        return [
            (column_letter(at + 1), _shortened(self.heading.titles[at], SAMPLE_LENGTH), titles[name])
            for at, name in columns
        ]


@dataclass(frozen=True)
class SchoolList:
    """What was read of a file: rows, what keeps it from being read further, what was passed over."""

    rows: tuple[ListRow, ...] = ()
    problems: tuple[ImportProblem, ...] = ()
    remarks: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def is_readable(self) -> bool:
        """There is at least one row to look at."""
        return bool(self.rows)

    @property
    def may_be_explained(self) -> bool:
        """There is a table that a person could make readable by saying what its columns mean."""
        return any(table.may_be_explained for table in self.tables)


@dataclass
class _Found:
    layout: Layout
    habits: Habits
    rows: list[ListRow] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    headless: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


def read_list(data: bytes, filename: str, *, layout: Layout = SCHOOLS, habits: Habits | None = None) -> SchoolList:
    """Read an uploaded list. Never raises: what is wrong with the file is among the problems."""
    try:
        return from_book(read_book(data, filename, limits=limits()), layout=layout, habits=habits)
    except SpreadsheetError as error:
        return SchoolList(problems=(ImportProblem(error.message),))


def read_list_file(path: Path, *, layout: Layout = SCHOOLS, habits: Habits | None = None) -> SchoolList:
    """Read a list from disk; a file that is missing is a problem like any other."""
    try:
        return from_book(read_book_file(path, limits=limits()), layout=layout, habits=habits)
    except SpreadsheetError as error:
        return SchoolList(problems=(ImportProblem(error.message),))


def from_sheets(sheets: tuple[Sheet, ...], *, layout: Layout = SCHOOLS, habits: Habits | None = None) -> SchoolList:
    """Find the rows of a list in sheets that were read."""
    return from_book(Book(sheets), layout=layout, habits=habits)


def from_book(book: Book, *, layout: Layout = SCHOOLS, habits: Habits | None = None) -> SchoolList:
    """Find the rows of a list in the sheets of a book; `habits` are what is known of the region's files."""
    found = _Found(layout, habits or Habits())
    # The sheet that says what is wrong with the file as a whole is ours as well.
    sheets = [sheet for sheet in book.sheets if not is_remarks(sheet.name)]
    for sheet in sheets:
        _read_sheet(sheet, found)
    filled = [sheet.name for sheet in sheets if sheet.rows]
    if len(found.headless) == len(filled):
        wanted = ", ".join(f"«{layout.titles[name]}»" for name in layout.required)
        names = ", ".join(f"«{name}»" for name in found.headless)
        found.problems.append(
            ImportProblem(
                f"Не нашли строку заголовков таблицы (листы: {names}). Нужны столбцы {wanted}. "
                "Возьмите за образец шаблон со страницы загрузки."
            )
        )
    else:
        found.remarks += [f"Лист «{name}» пропущен: на нём нет таблицы {layout.of_what}." for name in found.headless]
    hidden = [name for name in book.hidden_sheets if name != CHOICES_SHEET]
    found.remarks += [
        f"Скрытый лист «{name}» не читаем. Если на нём есть строки списка, откройте лист и загрузите файл снова."
        for name in hidden
    ]
    if book.has_links:
        found.remarks.append("Книга ссылается на другие файлы: взяты значения, которые сохранены в ней самой.")
    if not found.rows and not found.problems:
        found.problems.append(ImportProblem(f"Под строкой заголовков нет {layout.none_of}."))
    return SchoolList(tuple(found.rows), tuple(found.problems), tuple(found.remarks), tuple(found.tables))


def limits() -> Limits:
    """How much of a list we agree to read."""
    return Limits(file_size=settings.SHEET_MAX_BYTES, columns=MOST_COLUMNS)


def _read_sheet(sheet: Sheet, found: _Found) -> None:
    layout = found.layout
    if (told := found.habits.head_rows.get(sheet.name)) and (likely := likely_heading(sheet.rows, number=told)):
        found.headless.append(sheet.name)
        found.tables.append(_table(sheet, likely, layout, is_found=False))
        return
    heading = find_heading(
        sheet.rows,
        layout.synonyms,
        required=layout.required,
        merges=sheet.merges,
        remembered=found.habits.mappings,
    )
    if heading is None:
        if sheet.rows:
            found.headless.append(sheet.name)
            if likely := likely_heading(sheet.rows, sheet.merges):
                found.tables.append(_table(sheet, likely, layout, is_found=False))
        return
    found.tables.append(_table(sheet, heading, layout, is_found=True))
    # A sheet of one municipality needs no column for it.
    named = layout.sheet_field in heading.missing and found.habits.is_place(sheet.name)
    if missing := [name for name in heading.missing if not (named and name == layout.sheet_field)]:
        found.problems += [_missing(sheet, heading, name, layout) for name in missing]
        return
    if unused := [_shown(column) for column in (*heading.repeated, *heading.unknown) if not is_remarks(column.title)]:
        word = "столбец" if len(unused) == 1 else "столбцы"
        more = f" и ещё {len(unused) - SHOWN_COLUMNS}" if len(unused) > SHOWN_COLUMNS else ""
        shown = ", ".join(unused[:SHOWN_COLUMNS])
        found.remarks.append(f"Лист «{sheet.name}»: не читаем {word} {shown}{more}.")
    rows = list(_data_rows(sheet, heading, layout, {layout.sheet_field: sheet.name} if named else {}))
    if hidden := [row.number for row in rows if row.number in sheet.hidden_rows]:
        found.remarks.append(
            f"Лист «{sheet.name}»: прочитаны и скрытые строки ({_spans(hidden)}). "
            "Если они лишние, удалите их и загрузите файл снова."
        )
    if sheet.faults:
        rows = list(_valued(rows, sheet, found))
    found.rows += rows


def _missing(sheet: Sheet, heading: Heading, name: str, layout: Layout) -> ImportProblem:
    title = layout.titles[name]
    message = f"Нет столбца «{title}». Добавьте его или назовите так имеющийся."
    if name == layout.sheet_field:
        message += " Если все школы листа из одного муниципалитета, можно назвать его именем лист."
    return ImportProblem(message, sheet=sheet.name, row=heading.row_number, heading=title)


def _table(sheet: Sheet, heading: Heading, layout: Layout, *, is_found: bool) -> Table:
    below = islice(heading.data_rows(sheet.rows), SAMPLE_ROWS)
    samples = tuple(
        tuple(_shortened(row.cell(index), SAMPLE_LENGTH) for index in range(len(heading.titles))) for row in below
    )
    return Table(sheet.name, heading, samples, is_found, layout)


def _data_rows(sheet: Sheet, heading: Heading, layout: Layout, given: Mapping[str, str]) -> Iterator[ListRow]:
    """The rows of the list under a head; `given` are fields that have one value on the whole sheet."""
    fields = layout.fields
    places = [heading.columns.get(name) for name in fields]
    filled = _filled_down(sheet, heading) if sheet.merges else {}
    for row in heading.data_rows(sheet.rows):
        cells_of_row = row.cells
        if row.number in filled:
            cells_of_row = tuple(cell or filled[row.number].get(at, "") for at, cell in enumerate(cells_of_row))
        width = len(cells_of_row)
        texts = [None if index is None else cells_of_row[index] if index < width else "" for index in places]
        cells = dict(zip(fields, texts, strict=True))
        if any(texts) and not _is_total(row, cells[layout.key]):
            yield ListRow(sheet.name, row.number, {**cells, **given} if given else cells, heading, layout)


def _filled_down(sheet: Sheet, heading: Heading) -> dict[int, dict[int, str]]:
    """What stands in a cell merged over several rows holds for each of them: row and column (from 0) to its text."""
    by_number = {row.number: row for row in sheet.rows if row.number > heading.row_number}
    filled: dict[int, dict[int, str]] = {}
    for merge in sheet.merges:
        top = by_number.get(merge.top)
        if top is None or merge.low == merge.top or not (text := top.cell(merge.left - 1)):
            continue
        for number in range(merge.top + 1, min(merge.low, sheet.rows[-1].number) + 1):
            if number in by_number:
                filled.setdefault(number, {})[merge.left - 1] = text
    return filled


def _valued(rows: Iterable[ListRow], sheet: Sheet, found: _Found) -> Iterator[ListRow]:
    """The rows whose cells all have values; each cell that has none is a problem at its place."""
    faults: dict[int, dict[int, str]] = {}
    for (number, column), name in sheet.faults.items():
        faults.setdefault(number, {})[column - 1] = name
    for row in rows:
        wrong = faults.get(row.number, {})
        broken = [(name, wrong[at]) for name, at in row.heading.columns.items() if at in wrong and name != NUMBER]
        found.problems += [row.problem(name, _no_value(error)) for name, error in broken]
        if not broken:
            yield row


def _no_value(error: str) -> str:
    if error:
        return f"В ячейке ошибка формулы ({error}). Впишите вместо формулы значение."
    return (
        "В ячейке формула, а её значение в файле не сохранено. Откройте файл в Excel, дождитесь пересчёта и сохраните "
        "или впишите вместо формулы значение."
    )


def _is_total(row: SheetRow, key: str | None) -> bool:
    """«Итого: 25 школ» under the table is no school, wherever the words and their number stand."""
    return not _LONG_NUMBER.search(key or "") and bool(_TOTAL.match(next((cell for cell in row.cells if cell), "")))


def is_remarks(title: str) -> bool:
    """Whether this is the column of remarks that the portal itself has added to a file it sent back."""
    return heading_key(title) == heading_key(REMARKS)


def _shown(column: UnknownColumn) -> str:
    return f"«{_shortened(column.title, 40)}» ({column.letter})"


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _spans(numbers: Sequence[int]) -> str:
    """Row numbers in few words: «5, 7–9»; of very many the first ones."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    words = [str(first) if first == last else f"{first}–{last}" for first, last in spans]
    return ", ".join(words[:SHOWN_COLUMNS]) + (" и другие" if len(words) > SHOWN_COLUMNS else "")
