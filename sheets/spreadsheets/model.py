"""What a spreadsheet is once it has been read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A filled row: its number as Excel shows it (from 1) and its cells as clean text, column A first."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        """The text in the column with this index (0 is A); empty where the row ends earlier."""
        return self.cells[index] if 0 <= index < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells joined into one; all places are counted from 1, the last ones belong to it."""

    top: int
    left: int
    low: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A visible worksheet: its filled rows, all of one width. Blank rows are left out, numbers are kept."""

    name: str
    rows: tuple[SheetRow, ...]
    merges: tuple[Merge, ...] = ()
    knows_merges: bool = False
    """All merges are told; a .csv knows of none."""
    hidden_rows: frozenset[int] = frozenset()
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Row and column, from 1, of cells without a value: «#REF!», or nothing for a formula never calculated."""


@dataclass(frozen=True, slots=True)
class Book:
    """All that was read of a file: its visible sheets, the names of the hidden ones, whether it leans on others."""

    sheets: tuple[Sheet, ...]
    hidden_sheets: tuple[str, ...] = ()
    has_links: bool = False


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A worksheet as it stands in the file, for writing it once more: nothing cleaned, numbers as numbers."""

    name: str
    rows: Sequence[tuple[int, Sequence[str | float | bool]]]
    is_hidden: bool = False
    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file we agree to read. Sizes are in bytes, time in seconds."""

    file_size: int = 20 * MEGABYTE
    unpacked_size: int = 300 * MEGABYTE
    rows: int = 100_000
    columns: int = 256
    sheets: int = 100
    characters: int = 50_000_000
    memory: int = 1024 * MEGABYTE
    seconds: int = 20


DEFAULT_LIMITS = Limits()


def column_letter(index: int) -> str:
    """The letters Excel gives the column with this number, counted from 1: 1 is A, 28 is AB."""
    if index < 1:
        raise ValueError(f"columns are counted from 1, got {index}")
    letters = ""
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def spaced(number: int) -> str:
    """A number with its thousands parted the Russian way: 100 000."""
    return f"{number:,}".replace(",", "\u00a0")
