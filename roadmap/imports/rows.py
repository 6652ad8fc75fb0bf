"""From pasted rows to whole rows of the table: what a page break or a paragraph has cut is joined again."""

from __future__ import annotations

import re
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
    section_number,
)
from sheets.pasted import PastedRow

_ANY_YEAR = 2023
#: What an indicator begins with: a cell may list one to a row.
_LISTED = re.compile(r"(количество|доля|число|процент|наличие|удельный вес)\b", re.IGNORECASE)


@dataclass(slots=True)
class Row:
    """One row of the table in the making."""

    line: int
    cells: list[str]
    #: Lines without tabs that were added to the last cell: a paragraph of it, or text behind the table.
    loose_lines: list[int] = field(default_factory=list)
    #: Known to stand outside of any table: as a section's head, only if items follow it.
    is_paragraph: bool = False
    #: Known to stand in a table of a document.
    is_cell: bool = False
    #: The cells that belong to the one above, where the document says so.
    merged: frozenset[int] | None = None


@dataclass(slots=True)
class SectionRow:
    """A section's head and the rows under it."""

    line: int
    head: SectionHead
    items: list[ItemRow] = field(default_factory=list)
    is_paragraph: bool = False


@dataclass(slots=True)
class ItemRow:
    """An item's row with its cells by field."""

    line: int
    number: str
    cells: dict[str, str]
    loose_lines: list[int] = field(default_factory=list)
    #: The number as the document has it, where a spreadsheet has made another of it.
    number_written: str = ""
    #: The fields whose cell belongs to the item above; ``None`` where the document does not say.
    merged: frozenset[str] | None = None

    def may_share(self, name: str) -> bool:
        """Whether an empty cell of the field may be the lower part of the one above."""
        return self.merged is None or name in self.merged


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
    sections, width = 0, head.width
    for row in rows:
        if is_annex(row):
            break
        other = read_head(row)
        if other is not None and not head.fits(other):
            break
        width = other.width if other is not None else width
        if other is not None or is_column_numbering(row) or is_page_number(row):
            continue
        cells = list(row.cells)
        section = read_section(cells, sections + 1)
        if row.table is not None and not _belongs(row, section is not None, width):
            continue
        opens = bool(section) or not cells[0] or (len(cells) > 1 and item_number(cells[0]) is not None)
        sections += section is not None and section.number.isdigit()
        if pending is not None and row.table is None and not opens and _completes(pending, cells, head.width):
            if len(pending.cells) == head.width:
                pending.loose_lines.append(row.line)
            pending.cells[-1] = join_text(pending.cells[-1], cells[0])
            pending.cells += cells[1:]
            continue
        if pending is not None:
            yield pending
        pending = Row(row.line, cells, is_paragraph=row.table == 0, is_cell=bool(row.table), merged=row.merged)
    if pending is not None:
        yield pending


def skipped_rows(rows: Sequence[PastedRow], head: TableHead) -> list[int]:
    """Lines of numbered rows below a head that were passed over, their tables having other columns than it."""
    skipped, width = [], head.width
    for row in rows:
        other = read_head(row)
        if is_annex(row) or (other is not None and not head.fits(other)):
            break
        width = other.width if other is not None else width
        if row.table and len(row.cells) != width and "." in (item_number(row.cells[0]) or ""):
            skipped.append(row.line)
    return skipped


def _belongs(row: PastedRow, is_section: bool, width: int) -> bool:
    """Whether a row of a document with known tables is of ours: paragraphs are only as heads of sections."""
    return is_section if row.table == 0 else len(row.cells) == width


def _completes(pending: Row, cells: list[str], width: int) -> bool:
    return len(pending.cells) + len(cells) - 1 <= width


def gather(rows: Iterator[Row], head: TableHead) -> list[SectionRow]:
    """Sections with their items; a row without a number goes on with the cells of the item before."""
    sections: list[SectionRow] = []
    level, numbered = "", 0
    for row in rows:
        cells = {name: head.cell(row.cells, name) for name in head.columns}
        if "section" in head.columns:
            level = cells["section"] or level
            section = _section_of_column(cells, level, numbered + 1)
        else:
            section = read_section(row.cells, numbered + 1)
        if section is not None:
            numbered += section.number.isdigit()
            sections.append(SectionRow(row.line, section, is_paragraph=row.is_paragraph))
            if "section" not in head.columns or _is_heading(cells):
                continue
        known = len(sections)
        merged = None
        if row.merged is not None:
            merged = frozenset(name for name, place in head.columns.items() if place in row.merged)
        _take_item(sections, row, cells, merged)
        # An item in front of any section's head has opened one without a title.
        numbered += len(sections) - known
    return [section for section in sections if section.items or not section.is_paragraph]


def _take_item(sections: list[SectionRow], row: Row, cells: dict[str, str], merged: frozenset[str] | None) -> None:
    """Add the row to the last section as an item of its own, or its words to the item before."""
    number = item_number(cells.get("number", ""))
    items = sections[-1].items if sections else []
    begins = _begins_unnumbered if "number" not in cells else _is_item_of_its_own
    if number is None and items and not begins(items[-1], cells):
        _continue(items, cells)
        items[-1].loose_lines += row.loose_lines
        return
    if number is None and not (cells.get("title") and (cells.get("deadline") or "number" not in cells)):
        # Words between a section's head and its first item say nothing an item could hold.
        return
    if not sections:
        sections.append(SectionRow(row.line, SectionHead((number or "1").split(".")[0], "")))
    if number is None and "number" not in cells:
        number = f"{sections[-1].head.number}.{len(sections[-1].items) + 1}"
    restored = _restored_number(number, items[-1].number) if number and items and row.is_cell else None
    written = number if restored and number else ""
    sections[-1].items.append(ItemRow(row.line, restored or number or "", cells, row.loose_lines, written, merged))


def _restored_number(number: str, before: str) -> str | None:
    """«1.10» behind «1.9» where a spreadsheet took it for the number 1.1; ``None`` when all is well."""
    whole, _, part = number.partition(".")
    whole_before, _, part_before = before.partition(".")
    if whole != whole_before or not part.isdigit() or not part_before.isdigit():
        return None
    return f"{number}0" if int(part) * 10 == int(part_before) + 1 else None


def _section_of_column(cells: dict[str, str], level: str, following: int) -> SectionHead | None:
    """The section that begins with this row where a column names the sections: its first row, or a row of words alone.

    The column's cell stretches down over the rows of its section; a heading among them is told by standing alone.
    """
    if _is_heading(cells) and cells.get("title", "")[:1].isupper():
        title = f"{level}. {cells['title']}" if level else cells["title"]
    elif cells["section"]:
        title = cells["section"]
    else:
        return None
    number = section_number(title.split()[0]) if "number" in cells else None
    return SectionHead(number or str(following), title)


def _is_heading(cells: dict[str, str]) -> bool:
    """Whether nothing but a title stands in the row: a heading of the rows below."""
    return not any(cells.get(name) for name in ("number", "deadline", "bodies_text", "expected_result"))


def _begins_unnumbered(before: ItemRow, cells: dict[str, str]) -> bool:
    """Whether a row of a table without numbers begins an item: its title begins anew, its deadline makes sense."""
    if not cells.get("title", "")[:1].isupper():
        return False
    return not cells.get("deadline") or says_when(cells["deadline"]) or not says_when(before.cells.get("deadline", ""))


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
            target.cells[name] = _add_text(name, target.cells.get(name, ""), text)


def _add_text(name: str, before: str, text: str) -> str:
    """What a row without a number adds to a cell: the rest of its words, or one more result beginning anew."""
    ends = before[-1:].isalnum() or before.endswith(("»", '"', ")"))
    anew = name == "expected_result" and ends and text[0].isupper() and _LISTED.match(text)
    return f"{before}; {text}" if anew else join_text(before, text)


def _holder_of_result(items: list[ItemRow]) -> ItemRow:
    """The item whose result cell stretches down to the last row: the nearest above that has words in it."""
    return next((item for item in reversed(items) if item.cells.get("expected_result")), items[-1])
