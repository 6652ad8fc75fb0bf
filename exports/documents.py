"""What a report consists of, before anyone lays it out: plain frozen values, the same for Excel and PDF."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Ink(StrEnum):
    """What became of a run of words."""

    PLAIN = "plain"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Marked:
    """A text some words of which are marked: what one edition has and the other has not."""

    runs: Sequence[tuple[str, Ink]]

    def __str__(self) -> str:
        return "".join(text for text, _ in self.runs)


Cell = str | int | float | date | Marked | None


class ColumnKind(StrEnum):
    """How the values of a column are written."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"  # 0..1, shown as per cent
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, the kind of its values, its width in characters."""

    title: str
    kind: ColumnKind = ColumnKind.TEXT
    width: int = 12


class RowKind(StrEnum):
    """What a row is: data, the head of a group of rows, or a total."""

    DATA = "data"
    GROUP = "group"
    TOTAL = "total"


@dataclass(frozen=True)
class Row:
    """A row of a table. A GROUP row has one cell that spans the table."""

    cells: Sequence[Cell]
    kind: RowKind = RowKind.DATA


@dataclass(frozen=True)
class Table:
    """One table: in Excel a sheet of its own, in PDF a part of the document."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    sheet_name: str = ""
    note: str = ""
    # So many columns at the left stand on every page of a table that is too wide for one; None fits it to the page.
    repeated_columns: int | None = None
    # Worth a sheet in Excel but not thirty pages of paper: left out of the PDF.
    sheet_only: bool = False

    @property
    def shares(self) -> list[float]:
        """The columns' widths in per cent of the whole, for paper."""
        whole = sum(column.width for column in self.columns)
        return [100 * column.width / whole for column in self.columns]


@dataclass(frozen=True)
class Bar:
    """One bar of a stacked chart: its label and the values of the series, in their order."""

    label: str
    values: Sequence[int]


class SeriesRole(StrEnum):
    """What a series of a chart stands for; the writers choose colour and pattern by it."""

    DONE = "done"
    REVIEW = "review"
    OPEN = "open"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class StackedBars:
    """A horizontal stacked bar chart of counts: «ход исполнения по разделам»."""

    title: str
    # Each series with the role it plays, which gives it colour and pattern.
    series: Sequence[tuple[str, SeriesRole]]
    bars: Sequence[Bar]


@dataclass(frozen=True)
class CountBars:
    """A horizontal bar chart of plain counts, each bar as long as its count: «возвраты по причинам»."""

    title: str
    bars: Sequence[tuple[str, int]]


Chart = StackedBars | CountBars


@dataclass(frozen=True)
class Figure:
    """One headline figure: what, how much, and how it is written."""

    label: str
    value: Cell
    kind: ColumnKind = ColumnKind.NUMBER
    note: str = ""


@dataclass(frozen=True)
class OfficialLetter:
    """One letter on the head of an organization; number and date are left blank for the registry."""

    sender: str
    # Address, telephone, INN: a line each, as they stand below the name.
    sender_details: Sequence[str]
    # To whom, a line each, in the case a letter wants: what people wrote is not declined here.
    addressee: Sequence[str]
    subject: str
    paragraphs: Sequence[str]
    table: Table
    closing: Sequence[str]
    # The post and the name of who signs; blank leaves room for a pen.
    signatory_post: str = ""
    signatory_name: str = ""
    # Who drew the letter up: «Петрова Анна, тел. …».
    executor: str = ""


@dataclass(frozen=True)
class Approval:
    """«УТВЕРЖДАЮ»: whose head signs a document, with room for a pen and a date, and who drew it up."""

    organization: str
    post: str
    # Blank leaves room for a pen.
    name: str = ""
    prepared_by: str = ""


@dataclass(frozen=True)
class Document:
    """A whole report: header, headline figures, charts, tables; or letters, which Word writes instead."""

    title: str
    subtitle: str
    # Labelled facts of the header: основание, охват. The writers add the cut-off time themselves.
    facts: Sequence[tuple[str, str]]
    figures: Sequence[Figure]
    charts: Sequence[Chart]
    tables: Sequence[Table]
    # The moment of the figures, on the clocks of the region.
    cut_off: datetime
    # For the file that people keep; without an extension.
    filename: str
    notes: Sequence[str] = field(default_factory=tuple)
    letters: Sequence[OfficialLetter] = field(default_factory=tuple)
    # A document that somebody signs; its first table follows its head at once.
    approval: Approval | None = None
