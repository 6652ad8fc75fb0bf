"""A document of tables as plain text that reads back: paragraphs on lines of their own, tables between two marks.

An uploaded document travels on as text, like a pasted one: it is looked at, sent back with the form, kept with what was
made of it. The marks keep what a clipboard loses: where a table begins and ends, and which row of it a line is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_OPENING = re.compile(r"\[(?P<name>таблица [0-9]+|лист «[^\n]*»)(?P<merges> ↑)?\]")
_CLOSING = "[конец таблицы]"
#: What stands in a cell that belongs to the one above it, in tables that say so: those of Word, sheets so marked.
MERGED = "[↑]"
_KNOWS_MERGES = "таблица"


def write_table(name: str, rows: Iterable[Sequence[str]], *, knows_merges: bool = False) -> str:
    """A table under its name («таблица 2», «лист «План»»), one line for each row; an empty row is an empty line.

    ``knows_merges`` says of a sheet that its merged cells are marked; a table of Word is known to mark them.
    """
    lines = ["\t".join(_quoted(cell) for cell in row) if any(row) else "" for row in rows]
    return "\n".join([f"[{name} ↑]" if knows_merges else f"[{name}]", *lines, _CLOSING])


def _quoted(cell: str) -> str:
    """A cell as a clipboard writes it: one that begins with a quote is quoted whole."""
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if cell.startswith('"') else cell


def is_transcript(text: str) -> bool:
    """Whether the text has marked tables."""
    return _CLOSING in text.split("\n")


def transcript_lines(text: str) -> Iterator[tuple[int, str, int, str, bool]]:
    """The lines between the marks: number, words, number of the table (0 outside) and the place in it in words.

    With it comes whether the table marks its merged cells, so that any other empty cell is empty indeed.
    """
    tables = 0
    name, began, is_marked = "", 0, False
    for number, line in enumerate(text.split("\n"), start=1):
        opening = None if name else _OPENING.fullmatch(line)
        if opening is not None:
            tables += 1
            name, began = opening["name"], number
            is_marked = name.startswith(_KNOWS_MERGES) or bool(opening["merges"])
        elif name and line == _CLOSING:
            name = ""
        elif line:
            place = f"{name}, строка {number - began}" if name else ""
            yield number, line, tables if name else 0, place, bool(name) and is_marked
