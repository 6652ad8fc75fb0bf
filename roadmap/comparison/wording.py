"""The words of an edition, apart from where they are kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

#: (start or none, due)
Span = tuple[dt.date | None, dt.date]


@dataclass(frozen=True)
class ItemWords:
    """One item: its words, whom it asks (as people call them) and its dates, in order of their due days.

    ``key`` leads back to where the item is kept; it takes no part in comparing.
    """

    key: int
    number: str
    title: str
    deadline: str = ""
    bodies: tuple[str, ...] = ()
    result: str = ""
    dates: tuple[Span, ...] = ()


@dataclass(frozen=True)
class SectionWords:
    """The head of one section."""

    number: str
    title: str


@dataclass(frozen=True)
class EditionWords:
    """All sections and items of an edition, in its order."""

    sections: tuple[SectionWords, ...] = ()
    items: tuple[ItemWords, ...] = ()
