"""From the merged cells of a Word table to rows of equal width.

Word keeps a grid finer than what is seen: borders moved by a hair in one row split a column for all others. What counts
is which cell stands under which cell of an ordinary row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

#: First grid column, number of grid columns, text.
GridCell = tuple[int, int, str]


def even_rows(rows: Sequence[Sequence[GridCell]]) -> list[list[str]]:
    """The table as rows of as many cells as most of its rows have; a merged cell's text stands in its first place.

    Rows with other numbers of cells are laid over the columns of an ordinary one; what falls on one place is joined.
    """
    counts = Counter(len(row) for row in rows if row)
    if not counts:
        return []
    width = max(counts, key=lambda number: (counts[number] if number > 1 else 0, number))
    ordinary = next(row for row in rows if len(row) == width)
    return [[text for _, _, text in row] if len(row) == width else _laid_over(row, ordinary) for row in rows if row]


def _laid_over(row: Sequence[GridCell], ordinary: Sequence[GridCell]) -> list[str]:
    cells = [""] * len(ordinary)
    for start, span, text in row:
        place = _nearest(start, span, ordinary)
        cells[place] = f"{cells[place]}\n{text}" if cells[place] and text else cells[place] or text
    return cells


def _nearest(start: int, span: int, ordinary: Sequence[GridCell]) -> int:
    """The column that the cell shares most of itself with; of equals the first, as a merged cell begins there."""

    def shared(place: int) -> int:
        first, width, _ = ordinary[place]
        return min(first + width, start + span) - max(first, start)

    covered = [place for place in range(len(ordinary)) if shared(place) == ordinary[place][1]]
    return covered[0] if covered else max(range(len(ordinary)), key=shared)
