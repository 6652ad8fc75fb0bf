"""What the reader makes of a text: a draft for a person to look through, with every doubt named."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

#: What people call the fields, as the head of the table does.
FIELD_LABELS = {
    "number": "№ п/п",
    "title": "Мероприятие",
    "deadline": "Срок исполнения",
    "bodies_text": "Ответственный",
    "expected_result": "Ожидаемые результаты",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something in one field of an item a person should look at; ``field`` is an attribute of ``ItemDraft``."""

    field: str
    message: str

    @property
    def field_label(self) -> str:
        """The column's name in the document."""
        return FIELD_LABELS[self.field]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the text as a whole; ``line`` is where, counted from 1, if at one place.

    ``place`` says it better in a document that has no lines: «таблица 2, строка 5».
    """

    message: str
    line: int | None = None
    place: str = ""

    def __str__(self) -> str:
        return self.message if self.line is None else f"{place_label(self.line, self.place)}: {self.message}"


def place_label(line: int, place: str) -> str:
    """Where something stands: «Строка 12», «Таблица 2, строка 5»."""
    return f"{place[0].upper()}{place[1:]}" if place else f"Строка\u00a0{line}"


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """One item as read; the texts are cleaned and joined, nothing in them is interpreted."""

    number: str
    title: str
    deadline: str
    bodies_text: str
    expected_result: str
    line: int
    doubts: tuple[Doubt, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """A section with its number in Arabic figures («I.» is «1»)."""

    number: str
    title: str
    line: int
    items: tuple[ItemDraft, ...] = ()


@dataclass(frozen=True, slots=True)
class RoadmapDraft:
    """A roadmap as read from a text, with what the order's own lines suggest about it.

    ``order_number``, ``order_date`` and ``academic_year`` (the year it begins in) are suggestions, empty or
    ``None`` where the text does not say. A text that is no roadmap gives no sections and says why in
    ``problems``.
    """

    title: str = ""
    sections: tuple[SectionDraft, ...] = ()
    problems: tuple[Problem, ...] = ()
    order_number: str = ""
    order_date: dt.date | None = None
    academic_year: int | None = None

    @property
    def items(self) -> tuple[ItemDraft, ...]:
        """All items in order."""
        return tuple(item for section in self.sections for item in section.items)
