"""Runs alone, in a process of its own: workbook bytes on standard input, JSON with its text on standard output.

Why a process: the reader is native code. A five-kilobyte workbook with one cell at XFD1048576 makes it ask for
half a terabyte and abort, which would take the web worker with it; broken files make it panic. Here the worst
that can happen is the death of this process, under a limit of memory and time, and the parent turns that into
a message. So this file imports nothing of the project and is started by its path.
"""

import datetime as dt
import gc
import io
import json
import math
import os
import resource
import sys

import python_calamine

# Parts the cells of a sheet, which leave the process as one long text: as many small ones take far longer to write and
# to read. A sign that no cell keeps (`sheets.text.clean_text`), and that JSON writes as it is.
PARTING = "\x7f"

# Not «Any»: the import of typing alone would make the start of this process a quarter longer.
Answer = dict[str, object]


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


def read(data: bytes, *, rows: int, columns: int, sheets: int, characters: int) -> Answer:
    """The visible sheets of a workbook as `{"sheets": [[name, [number, …], cells], …]}`, or `{"trouble": …}`.

    The cells of all rows stand in one text, parted by `PARTING`; every row has as many as the others.
    """
    with python_calamine.load_workbook(io.BytesIO(data)) as workbook:
        visible = [
            index
            for index, meta in enumerate(workbook.sheets_metadata)
            if meta.visible == python_calamine.SheetVisibleEnum.Visible
            and meta.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        if len(visible) > sheets:
            return {"trouble": "too_many_sheets", "number": len(visible)}
        found = []
        for index in visible:
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
            found.append([sheet.name, [number for number, _ in texts], _joined([row for _, row in texts])])
    return {"sheets": found}


def _joined(rows: list[list[str]]) -> str:
    """All cells of the rows, one after the other."""
    text = PARTING.join(map(PARTING.join, rows))
    if text.count(PARTING) > sum(map(len, rows)) - 1:
        return PARTING.join(PARTING.join(cell.replace(PARTING, "") for cell in row) for row in rows)
    return text


def main(arguments: list[str]) -> None:
    """Arguments: limits of rows, columns, sheets, characters, memory in bytes, processor time in seconds."""
    rows, columns, sheets, characters, memory, seconds = map(int, arguments)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Some ten thousand rows without a cycle among them: the collector would walk over them for nothing.
    gc.disable()
    data = sys.stdin.buffer.read()
    try:
        answer = read(data, rows=rows, columns=columns, sheets=sheets, characters=characters)
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
