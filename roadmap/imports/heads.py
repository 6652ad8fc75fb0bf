"""Recognising the rows that shape a roadmap's table: its head, section heads, item numbers, its end."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sheets.pasted import PastedRow

#: The columns in the order the ministry's form has them.
COLUMNS = ("number", "title", "deadline", "bodies_text", "expected_result")

_NUMBER_HEAD = re.compile(r"(№|n)? ?(п ?[/\\.]? ?п\.?)?|номер.*", re.IGNORECASE)
_HEADS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("expected_result", re.compile(r"результат|итог|^показател|^индикатор|^выход", re.IGNORECASE)),
    ("deadline", re.compile(r"^(календарн|планов|примерн|предельн)?[а-яё]* ?срок|^дата|^даты|^период", re.IGNORECASE)),
    ("bodies_text", re.compile(r"ответственн|исполнител", re.IGNORECASE)),
    ("section", re.compile(r"^(уровень|раздел|блок|модуль|этап)", re.IGNORECASE)),
    ("title", re.compile(r"мероприяти|наименование|название|содержание|^действи|^поручени", re.IGNORECASE)),
)
#: «Направления работы» name the items where no other column does, otherwise the sections.
_DIRECTION = re.compile(r"^(направлени|вид\w* (работ|деятельност))", re.IGNORECASE)
_LONGEST_HEAD_CELL = 160

_ROMAN = re.compile(r"[IVXІХivxх]+")
_ROMAN_TWINS = str.maketrans("ІХівхivx", "IXIVXIVX")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_SECTION = re.compile(
    r"(?:(?P<word>раздел)\s+)?(?P<number>[IVXІХ]{1,5}|[0-9]{1,2}(?:\.[0-9]{1,2})*)(?:\s*[.):]\s*|\s+)(?P<title>[^\W\d_«\"(].*|[«\"(].+)",
    re.IGNORECASE | re.DOTALL,
)
_ITEM_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){0,4}")
_ANNEX = re.compile(r"приложение\s*(?:№\s*)?[0-9]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TableHead:
    """Which column of the table holds which field."""

    width: int
    columns: dict[str, int]

    def cell(self, cells: list[str], field: str) -> str:
        """The field's cell of a row; rows may be shorter than the head."""
        place = self.columns.get(field)
        return cells[place] if place is not None and place < len(cells) else ""

    @property
    def has_results(self) -> bool:
        """A roadmap says what each item is to bring; a plan of events names participants instead."""
        return "expected_result" in self.columns

    def fits(self, other: TableHead) -> bool:
        """Whether the other head is this one again, at the top of the next page."""
        return self.columns == other.columns


STANDARD_HEAD = TableHead(len(COLUMNS), {field: place for place, field in enumerate(COLUMNS)})


def read_head(row: PastedRow) -> TableHead | None:
    """The head of a table of items, of a roadmap or of a plan; ``None`` for any other row."""
    columns: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        field = _head_field(cell)
        if field is not None and field not in columns:
            columns[field] = place
    direction = next((place for place, cell in enumerate(row.cells) if _DIRECTION.match(cell)), None)
    if direction is not None and direction not in columns.values():
        columns.setdefault("section" if "title" in columns else "title", direction)
    if not {"title", "deadline", "bodies_text"} <= columns.keys():
        return None
    return TableHead(len(row.cells), columns)


def _head_field(cell: str) -> str | None:
    if not cell or len(cell) > _LONGEST_HEAD_CELL:
        return None
    if _NUMBER_HEAD.fullmatch(cell):
        return "number"
    return next((field for field, pattern in _HEADS if pattern.search(cell)), None)


def is_column_numbering(row: PastedRow) -> bool:
    """«1 | 2 | 3 | 4 | 5» under the head."""
    return len(row.cells) >= 3 and list(row.cells) == [str(place) for place in range(1, len(row.cells) + 1)]


def is_page_number(row: PastedRow) -> bool:
    """A page's number left between rows, alone on its line."""
    return len(row.cells) == 1 and re.fullmatch(r"[-–— ]*[0-9]{1,3}[-–— ]*", row.cells[0]) is not None


def is_annex(row: PastedRow) -> bool:
    """«Приложение 2 к приказу»: what follows is another document."""
    filled = [cell for cell in row.cells if cell]
    return len(filled) == 1 and _ANNEX.match(filled[0]) is not None


def item_number(cell: str) -> str | None:
    """The number of an item in its plain form: «1.3. 1.» is «1.3.1», «18.» is «18»."""
    plain = cell.replace(" ", "").replace(",", ".").rstrip(".)")
    return plain if _ITEM_NUMBER.fullmatch(plain) else None


def section_number(text: str) -> str | None:
    """A section's number in Arabic figures, or ``None``."""
    text = text.strip().rstrip(".):")
    if _ROMAN.fullmatch(text):
        return str(_from_roman(text.translate(_ROMAN_TWINS)))
    return text if re.fullmatch(r"[0-9]{1,2}(?:\.[0-9]{1,2})*", text) else None


def _from_roman(text: str) -> int:
    values = [_ROMAN_VALUES[sign] for sign in text]
    return sum(-value if any(later > value for later in values[at + 1 :]) else value for at, value in enumerate(values))


@dataclass(frozen=True, slots=True)
class SectionHead:
    """A section's head as read; ``number`` is empty when it has none."""

    number: str
    title: str


def read_section(cells: list[str], expected: int) -> SectionHead | None:
    """The head of a section, if the row is one: words in one cell (its number perhaps in the cell before).

    ``expected`` is the number the next section should have: without tabs to show that the words fill a row
    of their own, «2. Утвердить …» may as well be a paragraph of the cell before.
    """
    filled = [cell for cell in cells if cell]
    if len(filled) == 2 and filled == cells[:2] and len(cells) > 2:
        number = section_number(cells[0])
        return SectionHead(number, cells[1]) if number is not None and "." not in number else None
    if len(filled) != 1:
        return None
    match = _SECTION.fullmatch(filled[0])
    number = section_number(match["number"]) if match else None
    if match is None or number is None:
        # A row of its own that fills only its first cell with words.
        is_row = len(cells) > 2 and bool(cells[0]) and item_number(cells[0]) is None
        return SectionHead("", filled[0]) if is_row else None
    sure = (len(cells) > 1 and bool(cells[0])) or match["word"] is not None
    return SectionHead(number, match["title"].strip()) if sure or number == str(expected) else None
