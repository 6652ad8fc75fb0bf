"""From pasted rows to whole rows of the table: what a page break or a paragraph has cut is joined again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from roadmap.deadlines import ScheduleKind, parse
from roadmap.imports.heads import (
    SectionHead,
    TableHead,
    is_annex,
    is_column_numbering,
    is_page_number,
    item_number,
    read_head,
    read_section,
)
from sheets.pasted import PastedRow

_ANY_YEAR = 2023


@dataclass(slots=True)
class Row:
    """One row of the table in the making."""

    line: int
    cells: list[str]
    #: Lines without tabs that were added to the last cell: a paragraph of it, or text behind the table.
    loose_lines: list[int] = field(default_factory=list)


@dataclass(slots=True)
class SectionRow:
    """A section's head and the rows under it."""

    line: int
    head: SectionHead
    items: list[ItemRow] = field(default_factory=list)


@dataclass(slots=True)
class ItemRow:
    """An item's row with its cells by field."""

    line: int
    number: str
    cells: dict[str, str]
    loose_lines: list[int] = field(default_factory=list)


def join_text(first: str, second: str) -> str:
    """Two parts of one cell as one text; a hyphen at the cut keeps its word together."""
    if not first or not second:
        return first or second
    hyphenated = len(first) > 1 and first[-1] in "-‐‑" and first[-2].isalpha() and second[0].islower()
    return f"{first}{second}" if hyphenated else f"{first} {second}"


def table_rows(rows: Sequence[PastedRow], head: TableHead) -> Iterator[Row]:
    """The rows under a head as far as the table goes, without repeated heads and page numbers.

    A cell of several paragraphs comes as several lines: the lines that follow are too short for a row and
    complete the one before.
    """
    pending: Row | None = None
    sections = 0
    for row in rows:
        if is_annex(row):
            break
        other = read_head(row)
        if other is not None and not other.is_roadmap:
            break
        if other is not None or is_column_numbering(row) or is_page_number(row):
            continue
        cells = list(row.cells)
        section = read_section(cells, sections + 1)
        opens = bool(section) or not cells[0] or (len(cells) > 1 and item_number(cells[0]) is not None)
        sections += section is not None and section.number.isdigit()
        if pending is not None and not opens and _completes(pending, cells, head.width):
            if len(pending.cells) == head.width:
                pending.loose_lines.append(row.line)
            pending.cells[-1] = join_text(pending.cells[-1], cells[0])
            pending.cells += cells[1:]
            continue
        if pending is not None:
            yield pending
        pending = Row(row.line, cells)
    if pending is not None:
        yield pending


def _completes(pending: Row, cells: list[str], width: int) -> bool:
    return len(pending.cells) + len(cells) - 1 <= width


def gather(rows: Iterator[Row], head: TableHead) -> list[SectionRow]:
    """Sections with their items; a row without a number goes on with the cells of the item before."""
    sections: list[SectionRow] = []
    for row in rows:
        section = read_section(row.cells, _next_number(sections))
        if section is not None:
            sections.append(SectionRow(row.line, section))
            continue
        cells = {name: head.cell(row.cells, name) for name in head.columns}
        number = item_number(cells.get("number", ""))
        items = sections[-1].items if sections else []
        if number is None and items and not _is_item_of_its_own(items[-1], cells):
            _continue(items, cells)
            items[-1].loose_lines += row.loose_lines
            continue
        if number is None and not (cells.get("title") and cells.get("deadline")):
            # Words between a section's head and its first item say nothing an item could hold.
            continue
        if not sections:
            sections.append(SectionRow(row.line, SectionHead((number or "1").split(".")[0], "")))
        sections[-1].items.append(ItemRow(row.line, number or "", cells, row.loose_lines))
    return sections


def _next_number(sections: list[SectionRow]) -> int:
    return sum(section.head.number.isdigit() for section in sections) + 1


def _is_item_of_its_own(before: ItemRow, cells: dict[str, str]) -> bool:
    """Whether a row without a number has everything an item has, beginning in every cell anew."""
    begins_anew = all(
        cells.get(name, "")[:1].isupper() and before.cells.get(name) for name in ("title", "deadline", "bodies_text")
    )
    return begins_anew and says_when(cells["deadline"]) and says_when(before.cells["deadline"])


@lru_cache(maxsize=4096)
def says_when(text: str) -> bool:
    """Whether the words are a deadline we understand; which dates they mean does not matter here."""
    return parse(text, _ANY_YEAR).kind is not ScheduleKind.UNRESOLVED


def _continue(items: list[ItemRow], cells: dict[str, str]) -> None:
    for name, text in cells.items():
        if text and name != "number":
            target = _holder_of_result(items) if name == "expected_result" else items[-1]
            target.cells[name] = join_text(target.cells.get(name, ""), text)


def _holder_of_result(items: list[ItemRow]) -> ItemRow:
    """The item whose result cell stretches down to the last row: the nearest above that has words in it."""
    return next((item for item in reversed(items) if item.cells.get("expected_result")), items[-1])
