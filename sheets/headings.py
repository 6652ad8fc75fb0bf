"""Finding the head of a table and telling which column is which, however people have worded it."""

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sheets.lookalikes import to_cyrillic
from sheets.spreadsheets.model import Merge, SheetRow, column_letter

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NOT_WORD = re.compile(r"[\W_]+")
_ANOTHER = re.compile(r"директор|руководител|заведующ|бухгалтер|учредител", re.IGNORECASE)
_DEPUTY = re.compile(r"\bзам|ответствен", re.IGNORECASE)
SEARCHED_ROWS = 40
# What is longer is no title of a column, and its end tells it from no other.
LONGEST_TITLE = 500
REMARKS = "Замечания портала"
"""The title of the column that the portal adds to a list it sends back."""


def heading_key(title: str) -> str:
    """What two wordings of one title share: letters and digits, no case, no «ё», no look-alike Latin letters.

    The sign «№» counts as the word it stands for. Empty where a title has no letter and no digit.
    """
    return _NOT_WORD.sub(
        "", to_cyrillic(title[:LONGEST_TITLE].replace("№", "номер").upper()).casefold().replace("ё", "е")
    )


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
    """The head of a table: which field stands in which column (from 0), and what did not fit.

    `row_number` is its last row, `top_row` its first: a head may take two rows, «Ответственный» over «ФИО» and «Тел.».
    """

    row_number: int
    columns: Mapping[str, int]
    missing: tuple[str, ...] = ()
    unknown: tuple[UnknownColumn, ...] = ()
    repeated: tuple[UnknownColumn, ...] = ()
    top_row: int = 0
    titles: tuple[str, ...] = ()
    """What stands over each column, the two rows of a tall head in one line; empty where nothing does."""
    is_remembered: bool = False
    """A person has said once what the columns under such a head mean."""
    _keys: tuple[frozenset[tuple[int, str]], ...] = field(default=(), repr=False)

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
            if (first and _is_numbering(row)) or any(self._repeats(row, keys) for keys in self._keys):
                first = False
                continue
            first = False
            yield row

    @staticmethod
    def _repeats(row: SheetRow, keys: frozenset[tuple[int, str]]) -> bool:
        # Asked of every row of the table: a cell that begins otherwise than its title needs no key of its own.
        cells, width = row.cells, len(row.cells)
        needed = len(keys) // 2 + 1
        left = len(keys)
        for index, key in keys:
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
    merges: Collection[Merge] = (),
    remembered: Mapping[str, Mapping[str, str]] | None = None,
) -> Heading | None:
    """The row, or the two, that name the most fields, looked for among the first filled rows of a sheet.

    `synonyms` maps a field to the titles it goes by. A title fits whole, or without what stands in brackets;
    a whole fit goes first. Of two columns of one field the left one is taken and the other is `repeated`.
    `remembered` says of a head known already, by its `head_key`, which title stands for which field; it goes before
    all else. Returns None where no row names at least two fields (or the only one there is).
    """
    titles = {key: name for name, wordings in synonyms.items() for title in wordings if (key := heading_key(title))}
    best: tuple[tuple[int, bool, int], _Head, dict[str, int]] | None = None
    for head in _heads(rows, merges):
        if remembered and (fields := remembered.get(head_key(head.titles))) is not None:
            return _remembered(head, fields, synonyms, required)
        columns = _match(head, titles)
        score = len(columns), head.is_tall, -len(head.rows)
        if best is None or score > best[0]:
            best = score, head, columns
    if best is None or len(best[2]) < min(2, len(synonyms)) or not best[2]:
        return None
    _, head, columns = best
    taken = set(columns.values())
    left = [UnknownColumn(index, title) for index, title in enumerate(head.titles) if title and index not in taken]
    return Heading(
        row_number=head.rows[-1].number,
        columns=columns,
        missing=tuple(name for name in synonyms if name in required and name not in columns),
        unknown=tuple(column for column in left if head.field(column.index, titles) is None),
        repeated=tuple(column for column in left if head.field(column.index, titles) is not None),
        top_row=head.rows[0].number,
        titles=head.titles,
        _keys=head.keys(),
    )


def likely_heading(rows: Sequence[SheetRow], merges: Collection[Merge] = (), *, number: int = 0) -> Heading | None:
    """A head of which no title is known: the row with this number, or the first of the fullest rows of words.

    A person may say what its columns mean. None where there is no such row.
    """
    heads = [head for head in _heads(rows, merges) if len(head.rows) == 1]
    if number:
        heads = [head for head in heads if head.rows[0].number == number]
    if not heads:
        return None
    head = max(heads, key=lambda one: sum(1 for cell in one.titles if re.search(r"[^\W\d_]", cell)))
    titled = [UnknownColumn(index, title) for index, title in enumerate(head.titles) if title]
    row_number = head.rows[0].number
    return Heading(row_number, {}, unknown=tuple(titled), top_row=row_number, titles=head.titles, _keys=head.keys())


def column_keys(titles: Sequence[str]) -> tuple[str, ...]:
    """What each column is remembered by: the key of its title, numbered where it repeats, or its place without one."""
    seen: dict[str, int] = {}
    keys = []
    for index, title in enumerate(titles):
        key = heading_key(title)
        if not key:
            keys.append(f"@{index}")
            continue
        seen[key] = seen.get(key, 0) + 1
        keys.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return tuple(keys)


def head_key(titles: Sequence[str]) -> str:
    """What a head is remembered by: a checksum of the words of its titles in whatever order.

    The column of remarks that the portal adds itself to a file doesn't count.
    """
    words = sorted(key for title in titles if (key := heading_key(title)) and key != heading_key(REMARKS))
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Head:
    """One row, or two, that might be the head of a table: the words of each column, upper and lower."""

    rows: tuple[SheetRow, ...]
    pairs: tuple[tuple[str, str], ...]
    grouped: frozenset[int] = frozenset()
    """Columns whose upper title stands over several."""
    is_tall: bool = False
    """Its two rows are one head beyond doubt: some title reaches over both, or there are several groups."""

    @property
    def titles(self) -> tuple[str, ...]:
        """The words over each column in one line."""
        return tuple(f"{upper} / {lower}" if upper and lower else upper or lower for upper, lower in self.pairs)

    def keys(self) -> tuple[frozenset[tuple[int, str]], ...]:
        """What tells the rows of this head when they are repeated further down."""
        return tuple(
            frozenset((index, key) for index, cell in enumerate(row.cells) if (key := heading_key(cell)))
            for row in self.rows
        )

    def field(self, index: int, titles: Mapping[str, str]) -> str | None:
        """The field that a column's title names in any way."""
        return next((name for fit in _FITS if (name := fit(self, index, titles)) is not None), None)

    def whole(self, index: int, titles: Mapping[str, str]) -> str | None:
        """The field that the whole title names."""
        return titles.get(heading_key(" ".join(self.pairs[index])))

    def bare(self, index: int, titles: Mapping[str, str]) -> str | None:
        """The field that the title names without what stands in brackets."""
        words = " ".join(self.pairs[index])
        return None if _names_another(words) else titles.get(heading_key(_BRACKETS.sub("", words)))

    def low(self, index: int, titles: Mapping[str, str]) -> str | None:
        """The field that the lower title names by itself under a title of several columns."""
        upper, lower = self.pairs[index]
        if index not in self.grouped or _names_another(upper):
            return None
        whole = titles.get(heading_key(lower))
        return whole if whole is not None else titles.get(heading_key(_BRACKETS.sub("", lower)))


# From the surest to the least sure; what fits better anywhere in the row goes first.
_FITS = (_Head.whole, _Head.bare, _Head.low)


def _names_another(words: str) -> bool:
    """Whether the words speak of somebody else: the phone under «Директор» is not that of the responsible deputy."""
    return bool(_ANOTHER.search(words)) and not _DEPUTY.search(words)


def _heads(rows: Sequence[SheetRow], merges: Collection[Merge]) -> Iterator[_Head]:
    """Each of the first rows alone, and each with the row just below it."""
    searched = rows[:SEARCHED_ROWS]
    for at, row in enumerate(searched):
        yield _Head((row,), tuple(("", cell) for cell in row.cells))
        below = searched[at + 1] if at + 1 < len(searched) else None
        if below is not None and below.number == row.number + 1:
            pair = _two_rows(row, below, merges)
            if pair.grouped:
                yield pair


def _two_rows(row: SheetRow, below: SheetRow, merges: Collection[Merge]) -> _Head:
    """A head of two rows: a title of the upper one stands over as many columns as its merged cell.

    Where the file says nothing of merged cells (.csv), it reaches over the empty cells to its right that have words
    below them.
    """
    widths = {merge.left - 1: merge.right - merge.left + 1 for merge in merges if merge.top == merge.low == row.number}
    pairs: list[tuple[str, str]] = []
    grouped: set[int] = set()
    upper, reach, begin = "", 0, 0
    for index, cell in enumerate(row.cells):
        lower = below.cell(index)
        if cell:
            upper, begin = cell, index
            reach = index + widths.get(index, 1 if widths else len(row.cells))
        elif index >= reach or not lower:
            upper, reach = "", 0
        elif upper:
            grouped |= {begin, index}
        pairs.append((upper, lower))
    grouped -= {index for index in grouped if not pairs[index][1]}
    down = any(merge.top == row.number and merge.low == below.number for merge in merges)
    several = len({upper for upper, _ in pairs if upper}) > 1
    return _Head((row, below), tuple(pairs), frozenset(grouped), is_tall=down or several)


def _remembered(
    head: _Head, fields: Mapping[str, str], synonyms: Mapping[str, Collection[str]], required: Collection[str]
) -> Heading:
    """The head as a person has once explained it; a field that no list of this kind has is nobody's."""
    columns: dict[str, int] = {}
    unknown = []
    for index, (key, title) in enumerate(zip(column_keys(head.titles), head.titles, strict=True)):
        name = fields.get(key)
        if name and name in synonyms:
            columns.setdefault(name, index)
        elif title and name is None:
            unknown.append(UnknownColumn(index, title))
    return Heading(
        row_number=head.rows[-1].number,
        columns=columns,
        missing=tuple(name for name in synonyms if name in required and name not in columns),
        unknown=tuple(unknown),
        top_row=head.rows[0].number,
        titles=head.titles,
        is_remembered=True,
        _keys=head.keys(),
    )


def _match(head: _Head, titles: Mapping[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for fit in _FITS:
        for index in range(len(head.pairs)):
            if index in columns.values():
                continue
            name = fit(head, index, titles)
            if name is not None:
                columns.setdefault(name, index)
    return columns


def _is_numbering(row: SheetRow) -> bool:
    """«1 2 3 4 …» under the head, as official forms have it."""
    filled = [cell for cell in row.cells if cell]
    return len(filled) > 2 and filled == [str(number) for number in range(1, len(filled) + 1)]
