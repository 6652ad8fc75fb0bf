"""What one edition of a roadmap says otherwise than another. Pure: no Django, no database.

An item is the same item under the same words, or under the same number with alike words, or, whatever its
number, with nearly the same words (see docs/adr: pairing of editions). What only a typist did differently
(«г.» behind a year, a longer dash, a capital letter) is told apart from what changes the duty.
"""

from roadmap.comparison.changes import Comparison, DateMove, FieldChange, ItemChange, Kind, SectionChange, compare
from roadmap.comparison.pairing import pair
from roadmap.comparison.wording import EditionWords, ItemWords, SectionWords
from roadmap.comparison.words import Mark, Piece, difference, spelling

__all__ = [
    "Comparison",
    "DateMove",
    "EditionWords",
    "FieldChange",
    "ItemChange",
    "ItemWords",
    "Kind",
    "Mark",
    "Piece",
    "SectionChange",
    "SectionWords",
    "compare",
    "difference",
    "pair",
    "spelling",
]
