"""The file somebody sent, sent back as .xlsx with what is wrong written beside each row, or its wrong rows alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from schools.imports.plan import ImportOutcome
from schools.imports.problems import ImportProblem
from schools.imports.reading import Table, is_remarks
from sheets.headings import REMARKS
from sheets.rewriting import Cell, SheetCopy, write_copies
from sheets.spreadsheets import RawSheet
from sheets.text import clean_text

_QUOTED = 200
_WRONG, _DOUBTED = "FFC7CE", "FFEB9C"


@dataclass
class _Notes:
    """What is said of one sheet: remarks by row, coloured cells by row and column (from 0)."""

    words: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    colours: dict[int, dict[int, str]] = field(default_factory=lambda: defaultdict(dict))
    faulty: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class _Page:
    """A sheet to be written: its rows with what is said of them, and where the remarks stand."""

    sheet: RawSheet
    table: Table | None
    notes: _Notes
    column: int


def with_remarks(sheets: Sequence[RawSheet], outcome: ImportOutcome) -> bytes:
    """The same sheets, rows, columns and values with a column of remarks, and colour where something is wrong."""
    return write_copies(_copies(_pages(sheets, outcome)), notes=_of_file(outcome), notes_name=REMARKS)


def faulty_rows(sheets: Sequence[RawSheet], outcome: ImportOutcome) -> bytes:
    """The heads of the tables and under them only the rows that cannot be taken, with what is wrong.

    A sheet that could not be read as a list is taken whole. Mended, the file may be uploaded like any other.
    """
    refused = {problem.sheet for problem in outcome.problems if problem.sheet is not None}
    pages = [
        _narrowed(page) if page.notes.faulty else page
        for page in _pages(sheets, outcome)
        if clean_text(page.sheet.name) in refused or page.notes.faulty
    ]
    return write_copies(_copies(pages), notes=_of_file(outcome), notes_name=REMARKS)


def _pages(sheets: Sequence[RawSheet], outcome: ImportOutcome) -> list[_Page]:
    tables = {table.sheet: table for table in outcome.tables}
    notes = _notes(outcome, tables)
    pages = []
    for sheet in sheets:
        name = clean_text(sheet.name)
        table = None if sheet.is_hidden else tables.get(name)
        width = max((_filled(cells) for _, cells in sheet.rows), default=0)
        titles = table.heading.titles if table else ()
        ours = next((at for at, title in enumerate(titles) if is_remarks(title)), width)
        pages.append(_Page(sheet, table, notes[name], ours))
    return pages


def _filled(cells: Sequence[Cell]) -> int:
    return next((at for at in range(len(cells), 0, -1) if cells[at - 1] != ""), 0)


def _notes(outcome: ImportOutcome, tables: dict[str, Table]) -> dict[str, _Notes]:
    notes: dict[str, _Notes] = defaultdict(_Notes)
    for problem in outcome.problems:
        table = tables.get(problem.sheet or "")
        if problem.sheet is None or problem.row is None or table is None or problem.row <= table.heading.row_number:
            continue
        said = notes[problem.sheet]
        said.faulty.add(problem.row)
        said.words[problem.row].append(_words(problem))
        if problem.column:
            columns = {table.heading.letter(name): at for name, at in table.heading.columns.items()}
            at = columns.get(problem.column)
            if at is not None:
                said.colours[problem.row][at] = _WRONG
    for row in outcome.held:
        notes[row.sheet].faulty.add(row.number)
        notes[row.sheet].words[row.number].append("То же указано ещё в одной строке: оставьте верную.")
    for one in outcome.repairs:
        said = notes[one.row.sheet]
        said.words[one.row.number].append(f"Портал прочитал «{_short(one.was)}» как «{_short(one.becomes)}».")
        column = one.row.heading.columns.get(one.name)
        if column is not None:
            said.colours[one.row.number].setdefault(column, _DOUBTED)
    for double in outcome.beside.doubles:
        notes[double.row.sheet].words[double.row.number].append(f"Похоже на повтор: {double.like}.")
    return notes


def _words(problem: ImportProblem) -> str:
    place = f"Столбец {problem.column}" if problem.column else ""
    title = f"«{problem.heading}»" if problem.heading else ""
    where = " ".join(part for part in (place, title) if part)
    return f"{where}: {problem.message}" if where else problem.message


def _of_file(outcome: ImportOutcome) -> list[str]:
    """What is wrong with the file or with a whole sheet, and has no row to stand in."""
    heads = {table.sheet: table.heading.row_number for table in outcome.tables}
    return [
        str(problem)
        for problem in outcome.problems
        if problem.sheet is None or problem.row is None or problem.row <= heads.get(problem.sheet, 0)
    ]


def _narrowed(page: _Page) -> _Page:
    """The same page with its head and the rows that cannot be taken, moved up to stand under it."""
    head = page.table.heading.row_number if page.table else 0
    rows = dict(page.sheet.rows)
    kept = sorted(number for number in page.notes.faulty if number in rows)
    below = {number: head + at for at, number in enumerate(kept, start=1)}
    filled = _filled_down(page.sheet, set(kept))
    notes = _Notes(
        words={below[number]: words for number, words in page.notes.words.items() if number in below},
        colours={below[number]: colours for number, colours in page.notes.colours.items() if number in below},
    )
    sheet = replace(
        page.sheet,
        rows=[
            *((number, cells) for number, cells in page.sheet.rows if number <= head),
            *((below[number], filled.get(number, rows[number])) for number in kept),
        ],
        merges=tuple(merge for merge in page.sheet.merges if merge.low <= head),
        hidden_rows=frozenset(),
    )
    return replace(page, sheet=sheet, notes=notes)


def _filled_down(sheet: RawSheet, wanted: set[int]) -> dict[int, Sequence[Cell]]:
    """The wanted rows with what stands above them in cells merged downwards."""
    rows = dict(sheet.rows)
    found: dict[int, list[Cell]] = {}
    for merge in sheet.merges:
        top = rows.get(merge.top, ())
        if merge.low == merge.top or merge.left > len(top):
            continue
        for number in wanted:
            if merge.top < number <= merge.low and merge.left <= len(rows[number]):
                cells = found.setdefault(number, list(rows[number]))
                cells[merge.left - 1] = cells[merge.left - 1] or top[merge.left - 1]
    return dict(found)


def _copies(pages: Iterable[_Page]) -> list[SheetCopy]:
    return [
        SheetCopy(
            page.sheet,
            head=range(page.table.heading.top_row, page.table.heading.row_number + 1) if page.table else range(0),
            colours=page.notes.colours,
            words=page.notes.words,
            column=page.column,
            title=REMARKS if page.table else "",
        )
        for page in pages
    ]


def _short(text: str) -> str:
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…"
