"""Finding the head of a table and telling which column is which, however people have worded it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sheets.lookalikes import to_cyrillic
from sheets.spreadsheets.model import SheetRow, column_letter

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NOT_WORD = re.compile(r"[\W_]+")
SEARCHED_ROWS = 40


def heading_key(title: str) -> str:
    """What two wordings of one title share: letters and digits, no case, no «ё», no look-alike Latin letters.

    The sign «№» counts as the word it stands for. Empty where a title has no letter and no digit.
    """
    return _NOT_WORD.sub("", to_cyrillic(title.replace("№", "номер").upper()).casefold().replace("ё", "е"))


@lru_cache(maxsize=1024)
def _first_key(sign: str) -> str:
    """What a title's first sign gives to its key: the key of a text is the keys of its signs, one after the other."""
    return heading_key(sign)


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A titled column that no field claimed; `index` counts from 0."""

    index: int
    title: str

    @property
    def letter(self) -> str:
        """The column's letter in Excel."""
        return column_letter(self.index + 1)


@dataclass(frozen=True, slots=True)
class Heading:
    """The head row of a table: which field stands in which column (from 0), and what did not fit."""

    row_number: int
    columns: Mapping[str, int]
    missing: tuple[str, ...] = ()
    unknown: tuple[UnknownColumn, ...] = ()
    repeated: tuple[UnknownColumn, ...] = ()
    _keys: frozenset[tuple[int, str]] = field(default=frozenset(), repr=False)

    def cell(self, row: SheetRow, name: str) -> str:
        """The text of a field in a row; empty where the table has no such column."""
        index = self.columns.get(name)
        return "" if index is None else row.cell(index)

    def letter(self, name: str) -> str:
        """The Excel letter of a field's column; empty where the table has no such column."""
        index = self.columns.get(name)
        return "" if index is None else column_letter(index + 1)

    def data_rows(self, rows: Sequence[SheetRow]) -> Iterator[SheetRow]:
        """The rows below the head, without the row of column numbers and the head repeated on each page."""
        below = False
        first = True
        for row in rows:
            if not below:
                below = row.number == self.row_number
                continue
            if (first and _is_numbering(row)) or self._repeats(row):
                first = False
                continue
            first = False
            yield row

    def _repeats(self, row: SheetRow) -> bool:
        # Asked of every row of the table: a cell that begins otherwise than its title needs no key of its own.
        cells, width = row.cells, len(row.cells)
        needed = len(self._keys) // 2 + 1
        left = len(self._keys)
        for index, key in self._keys:
            cell = cells[index] if index < width else ""
            if cell and key.startswith(_first_key(cell[0])) and heading_key(cell) == key:
                needed -= 1
            left -= 1
            if needed > left:
                return False
        return needed <= 0


def find_heading(
    rows: Sequence[SheetRow],
    synonyms: Mapping[str, Collection[str]],
    *,
    required: Collection[str] = (),
) -> Heading | None:
    """The row that names the most fields, looked for among the first filled rows of a sheet.

    `synonyms` maps a field to the titles it goes by. A title fits whole, or without what stands in brackets;
    a whole fit goes first. Of two columns of one field the left one is taken and the other is `repeated`.
    Returns None where no row names at least two fields (or the only one there is).
    """
    titles = {key: name for name, wordings in synonyms.items() for title in wordings if (key := heading_key(title))}
    best: tuple[SheetRow, dict[str, int]] | None = None
    for row in rows[:SEARCHED_ROWS]:
        columns = _match(row, titles)
        if best is None or len(columns) > len(best[1]):
            best = row, columns
    if best is None or len(best[1]) < min(2, len(synonyms)) or not best[1]:
        return None
    row, columns = best
    taken = set(columns.values())
    left = [UnknownColumn(index, title) for index, title in enumerate(row.cells) if title and index not in taken]
    return Heading(
        row_number=row.number,
        columns=columns,
        missing=tuple(name for name in synonyms if name in required and name not in columns),
        unknown=tuple(column for column in left if _field(column.title, titles) is None),
        repeated=tuple(column for column in left if _field(column.title, titles) is not None),
        _keys=frozenset((index, key) for index, cell in enumerate(row.cells) if (key := heading_key(cell))),
    )


def _match(row: SheetRow, titles: Mapping[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for bare in (False, True):
        for index, cell in enumerate(row.cells):
            if index in columns.values():
                continue
            name = titles.get(heading_key(_BRACKETS.sub("", cell) if bare else cell))
            if name is not None:
                columns.setdefault(name, index)
    return columns


def _field(title: str, titles: Mapping[str, str]) -> str | None:
    whole = titles.get(heading_key(title))
    return whole if whole is not None else titles.get(heading_key(_BRACKETS.sub("", title)))


def _is_numbering(row: SheetRow) -> bool:
    """«1 2 3 4 …» under the head, as official forms have it."""
    filled = [cell for cell in row.cells if cell]
    return len(filled) > 2 and filled == [str(number) for number in range(1, len(filled) + 1)]
