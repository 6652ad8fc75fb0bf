"""A document of tables as plain text that reads back: paragraphs on lines of their own, tables between two marks.

An uploaded document travels on as text, like a pasted one: it is looked at, sent back with the form, kept with what was
made of it. The marks keep what a clipboard loses: where a table begins and ends, and which row of it a line is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

_OPENING = re.compile(r"\[(?P<name>таблица [0-9]+|лист «[^\n]*»)\]")
_CLOSING = "[конец таблицы]"
#: What stands in a cell that belongs to the one above it, in tables of Word, which say so.
MERGED = "[↑]"
_KNOWS_MERGES = "таблица"


def write_table(name: str, rows: Iterable[Sequence[str]]) -> str:
    """A table under its name («таблица 2», «лист «План»»), one line for each row; an empty row is an empty line."""
    lines = ["\t".join(_quoted(cell) for cell in row) if any(row) else "" for row in rows]
    return "\n".join([f"[{name}]", *lines, _CLOSING])


def _quoted(cell: str) -> str:
    """A cell as a clipboard writes it: one that begins with a quote is quoted whole."""
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if cell.startswith('"') else cell


def knows_merges(place: str) -> bool:
    """Whether the table of such a place marks its merged cells, so that any other empty cell is empty indeed."""
    return place.startswith(_KNOWS_MERGES)


def is_transcript(text: str) -> bool:
    """Whether the text has marked tables."""
    return _CLOSING in text.split("\n")


def transcript_lines(text: str) -> Iterator[tuple[int, str, int, str]]:
    """The lines between the marks: number, words, number of the table (0 outside) and the place in it in words."""
    tables = 0
    name, began = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        opening = None if name else _OPENING.fullmatch(line)
        if opening is not None:
            tables += 1
            name, began = opening["name"], number
        elif name and line == _CLOSING:
            name = ""
        elif line:
            yield number, line, tables if name else 0, f"{name}, строка {number - began}" if name else ""
