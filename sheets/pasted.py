"""Reading text pasted from a table of Word or Excel: rows of cells with the line each row began on.

A browser's text field gets a Word table as lines of cells parted by tabs. Along come left-over tags, hard
spaces, every kind of line end, and from Excel cells in quotes that go on over several lines.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sheets.stacked import is_stacked, stacked_rows
from sheets.text import clean_text
from sheets.transcript import MERGED, is_transcript, transcript_lines

# A tag has a name right behind its bracket: «a < b» is no tag.
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>\n\t]{0,200})?/?>")
_ENTITY = re.compile(r"&(?:nbsp|amp|quot|apos|lt|gt|laquo|raquo|ndash|mdash|shy|#[0-9]{1,6});")
# Excel keeps 32,767 characters in a cell; a quote that closes later than this belongs to the words.
_LONGEST_QUOTED = 2 * 32_767
_CELL_END = re.compile(r"[\t\n]")
_LINE_END = re.compile(r"\r\n?|[\x85\u2028\u2029]")
# What a text extractor puts where Word keeps a bookmark.
_BOOKMARK = re.compile(r"\[bookmark: [^\[\]\n]{0,80}\]")


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One row: the line of the text it began on, counted from 1, and its cells, cleaned, empty ones kept.

    ``table`` is the number of the table the row stands in, 0 for a paragraph outside any; ``None`` where the text
    does not say, as in what comes from a clipboard. ``place`` says where that is in a document («таблица 2, строка 5»),
    empty where the line says it all. ``merged`` are the places of cells that belong to the cell above them, ``None``
    where the text does not say which do.
    """

    line: int
    cells: tuple[str, ...]
    table: int | None = None
    place: str = ""
    merged: frozenset[int] | None = None

    @property
    def text(self) -> str:
        """The row as one line of running text."""
        return " ".join(cell for cell in self.cells if cell)


def read_pasted(text: str) -> tuple[PastedRow, ...]:
    """The rows of the text in order; rows with nothing in them are left out. Never raises."""
    # Tags go first, for they may hold a quote; entities only with the cell's text, where they can open nothing.
    text = _TAG.sub(" ", _BOOKMARK.sub(" ", _LINE_END.sub("\n", text)))
    if is_transcript(text):
        rows = [
            _transcript_row(line, next(_raw_rows(words))[1] if table else [words], table, place, is_marked=is_marked)
            for line, words, table, place, is_marked in transcript_lines(text)
        ]
    elif is_stacked(text):
        rows = [PastedRow(line, _cleaned(cells), table) for line, cells, table in stacked_rows(text)]
    else:
        rows = [PastedRow(line, _cleaned(cells)) for line, cells in _raw_rows(text)]
    return tuple(row for row in rows if any(row.cells))


def _transcript_row(line: int, cells: list[str], table: int, place: str, *, is_marked: bool) -> PastedRow:
    """A row of a document; its marks of merged cells are told apart from its words."""
    if not is_marked:
        return PastedRow(line, _cleaned(cells), table, place)
    merged = frozenset(at for at, cell in enumerate(cells) if cell == MERGED)
    return PastedRow(
        line, _cleaned(["" if at in merged else cell for at, cell in enumerate(cells)]), table, place, merged
    )


def _cleaned(cells: list[str]) -> tuple[str, ...]:
    return tuple(_clean(cell) for cell in cells)


def _clean(cell: str) -> str:
    if not cell:
        return ""
    return clean_text(_ENTITY.sub(lambda match: html.unescape(match[0]), cell))


def _raw_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    place, line = 0, 1
    while place < len(text):
        began = line
        cells: list[str] = []
        while True:
            quoted = _quoted_cell(text, place)
            if quoted is not None:
                cell, place = quoted
                line += cell.count("\n")
            else:
                end = _cell_end(text, place)
                cell, place = text[place:end], end
            cells.append(cell)
            if not text.startswith("\t", place):
                break
            place += 1
        yield began, cells
        # What stopped the row was the end of the line or of the text.
        place += 1
        line += 1


def _cell_end(text: str, place: int) -> int:
    """Where the unquoted cell that begins here ends."""
    end = _CELL_END.search(text, place)
    return end.start() if end else len(text)


def _quoted_cell(text: str, place: int) -> tuple[str, int] | None:
    """A cell as Excel quotes it, and where it ends; ``None`` when the quote belongs to the words.

    Excel quotes a cell only because of a line break, a tab or a quote in it, and doubles the quotes inside.
    A quote that opens a name («"Билет в будущее" для всех») is soon followed by a single one.
    """
    if not text.startswith('"', place):
        return None
    at = place + 1
    while True:
        at = text.find('"', at, place + _LONGEST_QUOTED)
        if at < 0:
            return None
        if not text.startswith('""', at):
            break
        at += 2
    inside = text[place + 1 : at]
    closes = at + 1 == len(text) or text[at + 1] in "\t\n"
    needed_quotes = any(sign in inside for sign in '\n\t"')
    if not closes or not needed_quotes:
        return None
    return inside.replace('""', '"'), at + 1
