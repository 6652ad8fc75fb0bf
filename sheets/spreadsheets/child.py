"""Runs alone, in a process of its own: workbook bytes on standard input, JSON with its text on standard output.

Why a process: the reader is native code. A five-kilobyte workbook with one cell at XFD1048576 makes it ask for
half a terabyte and abort, which would take the web worker with it; broken files make it panic. Here the worst
that can happen is the death of this process, under a limit of memory and time, and the parent turns that into
a message. So this file imports nothing of the project and is started by its path.
"""

import datetime as dt
import gc
import importlib
import io
import json
import math
import os
import resource
import sys
import zipfile

import python_calamine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sheets.spreadsheets.marks import Marks

# Parts the cells of a sheet, which leave the process as one long text: as many small ones take far longer to write and
# to read. A sign that no cell keeps (`sheets.text.clean_text`), and that JSON writes as it is.
PARTING = "\x7f"

# Not «Any»: the import of typing alone would make the start of this process a quarter longer.
Answer = dict[str, object]
MERGES_AT_MOST = 10_000
# The module beside this file; it is no part of a package while this file runs alone.
MARKS = "marks" if __name__ == "__main__" else "sheets.spreadsheets.marks"


def cell_text(value: object) -> str:
    """A cell as a person sees it: whole numbers without «.0», dates as ISO 8601, truth in Excel's Russian words."""
    match value:
        case bool():
            return "ИСТИНА" if value else "ЛОЖЬ"
        case float():
            return _number_text(value)
        case dt.date() | dt.time() | dt.timedelta():
            return _time_text(value)
    return str(value)


def _time_text(value: dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
        return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if not isinstance(value, dt.datetime):
        return value.isoformat()
    return value.date().isoformat() if value.time() == dt.time.min else value.isoformat(sep=" ", timespec="seconds")


def _number_text(value: float) -> str:
    if not math.isfinite(value):
        return ""
    if value.is_integer():
        return f"{value:.0f}"
    # Excel keeps 15 significant digits: 1.1 + 2.2 must not come out as 3.3000000000000003.
    return f"{value:.15g}"


def raw_value(value: object) -> str | float | bool:
    """A cell for a file that is to look like this one: numbers and truth stay what they are."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return value if math.isfinite(value) else ""
    return cell_text(value)


def read(data: bytes, *, rows: int, columns: int, sheets: int, characters: int, raw: bool = False) -> Answer:
    """The worksheets of a workbook in order, or `{"trouble": …}`.

    `{"sheets": [{"name", "hidden", "numbers", "cells", "knows_merges", "merges", "hidden_rows", "faults"}, …],
    "links"}`: the numbers of the filled rows, and the cells of all of them in one text, parted by `PARTING`, as many in
    every row. Places are counted from 1. Hidden sheets have only a name, unless `raw` is asked for; then there are
    `"rows": [[number, [value, …]], …]` instead, with numbers as numbers.
    """
    told = _marks(data)
    with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
        metas = [
            (index, meta.visible != python_calamine.SheetVisibleEnum.Visible)
            for index, meta in enumerate(workbook.sheets_metadata)
            if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        wanted = sum(raw or not hidden for _, hidden in metas)
        if wanted > sheets:
            return {"trouble": "too_many_sheets", "number": wanted}
        found: list[Answer] = []
        for index, hidden in metas:
            if hidden and not raw:
                found.append({"name": workbook.sheet_names[index], "hidden": True, "numbers": [], "cells": ""})
                continue
            sheet = workbook.get_sheet_by_index(index)
            for trouble, size, limit in (
                ("too_many_rows", sheet.total_height, rows),
                ("too_many_columns", sheet.total_width, columns),
            ):
                # The reader counts both from zero, so the last row of a sheet of N rows is N - 1.
                if sheet.start is not None and size + 1 > limit:
                    return {"trouble": trouble, "sheet": sheet.name, "number": size + 1}
            texts: list[tuple[int, list[str]]] = [
                (number, [value if type(value) is str else cell_text(value) for value in row])
                for number, row in enumerate(sheet.to_python(skip_empty_area=False), start=1)
                if row.count("") < len(row)
            ]
            # One long shared text named by every cell is small in the file and huge once written out.
            characters -= sum(len("".join(row)) for _, row in texts)
            if characters < 0:
                return {"trouble": "too_big"}
            marks = told.get(sheet.name) if told else None
            merges = [(top + 1, left + 1, low + 1, right + 1) for (top, left), (low, right) in _merges(sheet)]
            found.append(
                {
                    "name": sheet.name,
                    "hidden": hidden,
                    **(_raw(sheet, texts, marks.faults if marks else []) if raw else _packed(texts)),
                    "knows_merges": _knows_merges(sheet, told),
                    "merges": merges or (marks.merges if marks else []),
                    "hidden_rows": marks.hidden_rows if marks else [],
                    "faults": marks.faults if marks else [],
                }
            )
    return {"sheets": found, "links": _has_links(data)}


def _packed(rows: list[tuple[int, list[str]]]) -> Answer:
    """The numbers of the rows, and all their cells in one text."""
    text = PARTING.join([PARTING.join(row) for _, row in rows])
    if text.count(PARTING) > sum([len(row) for _, row in rows]) - 1:
        text = PARTING.join([PARTING.join([cell.replace(PARTING, "") for cell in row]) for _, row in rows])
    return {"numbers": [number for number, _ in rows], "cells": text}


def _raw(
    sheet: python_calamine.CalamineSheet, rows: list[tuple[int, list[str]]], faults: list[tuple[int, int, str]]
) -> Answer:
    """The same rows with values in place of texts, and «#REF!» where the reader leaves a cell empty."""
    values = sheet.to_python(skip_empty_area=False)
    cells = {number: [raw_value(value) for value in values[number - 1]] for number, _ in rows}
    for row, column, name in faults:
        if row in cells and column <= len(cells[row]):
            cells[row][column - 1] = name
    return {"rows": list(cells.items())}


def _marks(data: bytes) -> "dict[str, Marks] | None":
    """What `marks.py` beside this file tells of each sheet; `None` where it asks for too much memory."""
    try:
        told: dict[str, Marks] | None = importlib.import_module(MARKS).read_marks(data)
    except MemoryError:
        return None
    return told


def _merges(sheet: python_calamine.CalamineSheet) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    # A sheet may be merged to its last row a hundred thousand times over.
    return (sheet.merged_cell_ranges or [])[:MERGES_AT_MOST]


def _knows_merges(sheet: python_calamine.CalamineSheet, told: "dict[str, Marks] | None") -> bool:
    """Whether all merges are told: the reader says nothing of an .ods, and `marks.py` does, if it understood it."""
    native = sheet.merged_cell_ranges
    return told is not None if native is None else len(native) <= MERGES_AT_MOST


def _has_links(data: bytes) -> bool:
    """Whether the book takes values from other files."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.lower().startswith("xl/externallinks/") for name in archive.namelist())
    except zipfile.BadZipFile:
        return False


def main(arguments: list[str]) -> None:
    """Arguments: limits of rows, columns, sheets, characters, memory in bytes, processor time in seconds; 1 if raw."""
    rows, columns, sheets, characters, memory, seconds, raw = map(int, arguments)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.path.insert(0, __file__.rpartition("/")[0])
    # Some ten thousand rows without a cycle among them: the collector would walk over them for nothing.
    gc.disable()
    data = sys.stdin.buffer.read()
    try:
        answer = read(data, rows=rows, columns=columns, sheets=sheets, characters=characters, raw=bool(raw))
    except MemoryError:
        answer = {"trouble": "too_big"}
    except BaseException:  # noqa: BLE001 - a panic of the native reader is no Exception
        answer = {"trouble": "damaged"}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())
    sys.stdout.buffer.flush()
    # The system takes the memory back at once; giving it back text by text takes as long as cleaning them does.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
