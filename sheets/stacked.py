"""Tables whose cells stand under one another: each cell on a line of its own behind a tab, a blank line between rows.

Text extractors write Word tables so. The blank line alone parts no rows: a cell may end in an empty paragraph or hold
blank lines itself, so rows are counted out by the width of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_CELL = re.compile(r"\t[^\t]*")
_NARROWEST = 3


@dataclass(slots=True)
class _Chunk:
    """Cells without a blank line before any but the first."""

    line: int
    cells: list[str] = field(default_factory=list)


def is_stacked(text: str) -> bool:
    """Whether the tables of the text are written cell under cell.

    Then no line has two cells, somewhere several in a row begin with a tab, and a blank line parts the rows.
    """
    lines = text.split("\n")
    if any(line.count("\t") > 1 for line in lines):
        return False
    run = 0
    runs = False
    parted = False
    for before, line in pairwise(["", *lines]):
        is_cell = _CELL.fullmatch(line) is not None
        parted = parted or (is_cell and not before)
        run = run + 1 if is_cell and line.strip() else 0
        runs = runs or run >= _NARROWEST
    return runs and parted and "" in lines


def stacked_rows(text: str) -> Iterator[tuple[int, list[str], int]]:
    """The rows of such a text: the line each began on, its cells, the number of its table.

    Paragraphs between tables are rows of one cell in no table: their number is 0.
    """
    table: list[_Chunk] = []
    tables = blank_lines = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("\t"):
            if not table or blank_lines:
                table.append(_Chunk(number))
            table[-1].cells.append(line[1:])
        elif not line.strip():
            blank_lines += 1
            continue
        elif table and blank_lines < 2:
            table[-1].cells[-1] += f"\n{line}"
        else:
            if table:
                tables += 1
                yield from _rows(table, tables)
                table = []
            yield number, [line], 0
        blank_lines = 0
    yield from _rows(table, tables + 1)


def _rows(chunks: Sequence[_Chunk], table: int) -> Iterator[tuple[int, list[str], int]]:
    """Chunks that add up to a whole row are one; any other is a row of its own with its last cells left out."""
    width = max((len(chunk.cells) for chunk in chunks), default=0)
    place = 0
    while place < len(chunks):
        end, cells = place + 1, list(chunks[place].cells)
        while len(cells) < width and end < len(chunks):
            cells += chunks[end].cells
            end += 1
        if len(cells) != width:
            end, cells = place + 1, list(chunks[place].cells)
        yield chunks[place].line, cells + [""] * (width - len(cells)), table
        place = end
