"""Steps three and four for any list: each row is checked and matched with what the registry knows of it.

The resource of django-import-export says which fields a list has and by which widgets cells become their values.
The library's own walk cleans, sets and compares field after field of row after row, which took four fifths of a
preview; here whole columns are checked, equal cells once, and a row is then a tuple beside the tuple of what the
registry knows. All of the registry is read beforehand; the writing is in bulk.
"""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import transaction
from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from accounts.models import Region, User
from accounts.russian import counted
from schools.imports.columns import Layout
from schools.imports.problems import ImportProblem
from schools.imports.reading import ListRow
from schools.imports.slices import Slice
from schools.models import ListKind, SchoolImport
from sheets.checks import CheckError

Cell = Callable[[str], Any]
Errors = dict[int, dict[str, str]]
# No field holds as much, and checking megabytes letter by letter would keep everybody waiting.
LONGEST_CELL = 5000
# Stands where a cell says nothing: what the registry knows stays.
SILENT = object()


@dataclass(frozen=True)
class Repair:
    """A cell that was wrong in a way that can be put right for sure: what stood there and what was read."""

    row: ListRow
    name: str
    was: str
    becomes: str
    why: str = ""
    """What was wrong, in words: a Latin letter looks like the Russian one it stood for."""

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        return self.row.problem(self.name, "").place


@dataclass
class Findings:
    """The rows of a list beside the registry: each with the record it becomes, and what is wrong.

    Of a changed one there is first what was known of it. A record is the named tuple of its list.
    """

    created: list[tuple[ListRow, Any]] = field(default_factory=list)
    changed: list[tuple[ListRow, Any, Any]] = field(default_factory=list)
    unchanged: list[tuple[ListRow, Any]] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    disputed: set[Any] = field(default_factory=set)
    """Keys that stand in several rows of the list: which of them is right only a person can say."""
    repairs: list[Repair] = field(default_factory=list)
    held: list[ListRow] = field(default_factory=list)
    """Rows in order by themselves that wait, because their key is disputed."""

    @property
    def has_good_rows(self) -> bool:
        """There is something that could be taken over."""
        return bool(self.created or self.changed or self.unchanged)

    def undisputed(self, key: Callable[[Any], Any]) -> Self:
        """The same without the first rows of disputed keys: what may be taken while the rest waits."""
        if not self.disputed:
            return self
        rows = [*self.created, *self.changed, *self.unchanged]
        return replace(
            self,
            held=[one[0] for one in rows if key(one[-1]) in self.disputed],
            created=[one for one in self.created if key(one[-1]) not in self.disputed],
            changed=[one for one in self.changed if key(one[-1]) not in self.disputed],
            unchanged=[one for one in self.unchanged if key(one[-1]) not in self.disputed],
        )


@dataclass(frozen=True)
class Asked:
    """By whom, when and from which file a list is imported: what histories tell of it."""

    filename: str
    by: User | None
    at: datetime


@dataclass(frozen=True)
class Done:
    """What became of obligations when a list was written."""

    added: int = 0
    cancelled: int = 0


@dataclass(frozen=True)
class Double:
    """A row that looks like another one or like a school of the registry under another number."""

    row: ListRow
    name: str
    like: str


@dataclass(frozen=True)
class Beside:
    """What a preview tells beside the changes: rows that look like others, and what the list leaves out."""

    doubles: tuple[Double, ...] = ()
    absent: tuple[tuple[str, str], ...] = ()
    """Name and place of what the registry knows and the list does not name."""


NOTHING_BESIDE = Beside()


class CheckedWidget(Widget):  # type: ignore[misc]
    """Turns cells into their values by a check."""

    def __init__(self, check: Cell) -> None:
        super().__init__()
        self._check = check

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        """Return the value or raise CheckError, which the library takes for an error of the field."""
        return self._check(value)

    def clean_all(
        self, texts: Iterable[str], *, repair: bool
    ) -> tuple[dict[str, Any], dict[str, str], dict[str, tuple[str, str]]]:
        """The values of the texts that are in order, the messages about the others; what was put right, to what, why.

        With `repair` a text whose check knows for sure what was meant is taken as that.
        """
        known: dict[str, Any] = {}
        refused: dict[str, str] = {}
        repaired: dict[str, tuple[str, str]] = {}
        check = self._check
        for text in texts:
            if len(text) > LONGEST_CELL:
                count = counted(len(text), "знак", "знака", "знаков")
                refused[text] = f"В ячейке {count}: столько здесь не бывает. Проверьте, что в неё вписано."
                continue
            try:
                known[text] = check(text)
            except CheckError as error:
                try:
                    if not (repair and error.proposal):
                        raise
                    known[text] = check(error.proposal)
                    repaired[text] = error.proposal, error.message.split(". ")[0].rstrip(".")
                except CheckError as last:
                    refused[text] = last.message
        return known, refused, repaired


def listed_field(name: str, check: Cell) -> Field:
    """A field of a list whose cells are turned into values by the check."""
    return Field(attribute=name, column_name=name, widget=CheckedWidget(check))


def unprepared(_text: str) -> Any:
    """The check of a field that waits for the registry to be read."""
    raise RuntimeError("The resource has not read the region yet.")


Writer = Callable[["ListResource", Findings], None]


class ListResource(Resource):  # type: ignore[misc]
    """The rows of one list of a region in one academic year, beside what the registry knows.

    A record is a named tuple that begins with what the list may say, by the names of its columns; its first
    field is, unless `key` says otherwise, what a row is known by.
    """

    listing: ClassVar[ListKind]
    layout: ClassVar[Layout]
    nothing: ClassVar[Any]
    """The record of what is not known yet."""
    slices: ClassVar[tuple[Slice, ...]] = ()
    """Where the list is written, for undoing."""
    makes_organizations: ClassVar[bool] = True
    """A new row is a new organization, which goes again when the import is undone."""

    def __init__(
        self,
        *,
        region: Region,
        academic_year: int,
        rows: Sequence[ListRow] = (),
        write: Writer | None = None,
        only_good: bool = False,
        repair: bool = False,
    ) -> None:
        """`write` stores the rows when none is wrong, or with `only_good` those that are right; without it nothing.

        With `repair` cells are put right where it is sure what was meant: a person sees what was done to them.
        """
        super().__init__()
        self.region = region
        self.academic_year = academic_year
        self.rows = rows
        self.write = write
        self.only_good = only_good
        self.repair = repair
        self.registry: dict[Any, Any] = {}
        self.listed = tuple(name for name in self.nothing._fields if name in self.layout.fields)
        self._seen: dict[Any, ListRow] = {}
        self._repairs: list[Repair] = []

    @abstractmethod
    def read(self) -> None:
        """Read what rows are compared with into `registry`, by key, in a fixed number of queries."""

    @abstractmethod
    def store(self, findings: Findings, asked: Asked) -> Done:
        """Write what was found, in bulk; runs inside the import's transaction."""

    def made_beside(self, record: SchoolImport) -> tuple[list[str], list[str]]:
        """Names of what an import made beside rows of the registry, and why it cannot be taken back, if it cannot."""
        return [], []

    def take_back_beside(self, record: SchoolImport, *, at: datetime) -> None:
        """Take that back."""

    def run(self) -> Findings:
        """Look at all rows and, with `write` and nothing wrong, store them: in one transaction, all or nothing."""
        with transaction.atomic():
            if self.write is not None:
                # Two imports into a region cannot mix.
                Region.objects.select_for_update().get(pk=self.region.pk)
            self.read()
            findings = self._look()
            if self.only_good:
                findings = findings.undisputed(self.key)
            if self.write is not None and (not findings.problems or (self.only_good and findings.has_good_rows)):
                self.write(self, findings)
        return findings

    def touched(self, findings: Findings) -> list[int]:
        """Organizations, by id, that were there before and whose rows writing may change."""
        return [after.pk for _, _, after in findings.changed]

    def key(self, cells: Sequence[Any]) -> Any:
        """What a row or a record is known by."""
        return cells[0]

    def refused(
        self, row: ListRow, cells: Sequence[Any], findings: Findings, wrong: Mapping[str, str]
    ) -> dict[str, str]:
        """What, by field, cannot stand in the row although each cell by itself may; `wrong` is known already."""
        return {}

    def taken_over(self, cells: tuple[Any, ...], known: Any) -> Any:
        """What becomes of the record `known` by a row that is in order."""
        return known._replace(**dict(zip(self.listed, cells, strict=True)))

    def alike(self, before: Any, after: Any) -> Any:
        """The record `after` with what differs from `before` in nothing that matters left as it was."""
        return after

    def title(self, record: Any) -> str:
        """How a record is called in a preview."""
        return str(record)

    def shown(self, name: str, value: Any) -> str:
        """A value of a record for people."""
        if isinstance(value, bool):
            return "да" if value else "нет"
        return "—" if value is None or value == "" else str(value)

    def beside(self, findings: Findings) -> Beside:
        """What a preview tells beside the changes; asked for after `run`."""
        return NOTHING_BESIDE

    def unnamed(self, known: Iterable[Any]) -> Beside:
        """Of the known records those that no row speaks of."""
        return Beside(absent=tuple((self.title(one), "") for one in known if self.key(one) not in self._seen))

    def repeated(self, key: Any, row: ListRow, findings: Findings) -> ListRow | None:
        """The row above that speaks of the same; from now on only a person can say which is right."""
        first = self._seen.setdefault(key, row)
        if first is row:
            return None
        findings.disputed.add(key)
        return first

    def _look(self) -> Findings:
        """Match each row with what is known; every error of every row comes at once."""
        errors: Errors = defaultdict(dict)
        columns = [self._column(name, errors) for name in self.listed]
        # Of what is new nothing is known where the list is silent, often a whole column long.
        alone = [_said(column, default) for column, default in zip(columns, self.nothing, strict=False)]
        findings = Findings(repairs=self._repairs)
        key, registry, taken_over, nothing = self.key, self.registry, self.taken_over, self.nothing
        rows = zip(self.rows, zip(*columns, strict=True), zip(*alone, strict=True), strict=True)
        for index, (row, read, read_alone) in enumerate(rows):
            cells: tuple[Any, ...] = read
            wrong = errors.get(index, {})
            if wrong := self.refused(row, cells, findings, wrong) | wrong:
                findings.problems += [row.problem(name, wrong[name]) for name in self.layout.fields if name in wrong]
                continue
            before = registry.get(key(cells))
            known = nothing if before is None else before
            if before is None:
                cells = read_alone
            elif SILENT in cells:
                cells = tuple(was if cell is SILENT else cell for cell, was in zip(cells, known, strict=False))
            after = taken_over(cells, known)
            if before is None:
                findings.created.append((row, after))
                continue
            if before != after:
                after = self.alike(before, after)
            if before == after:
                findings.unchanged.append((row, after))
            else:
                findings.changed.append((row, before, after))
        return findings

    def _column(self, name: str, errors: Errors) -> list[Any]:
        """The values of one field in all rows; what is wrong is put to the errors, by row and field."""
        texts = [row.cells[name] for row in self.rows]
        told = set(texts)
        told.discard(None)
        if name not in self.layout.required:
            told.discard("")
        known, refused, repaired = self.fields[name].widget.clean_all(told, repair=self.repair)
        if refused or repaired:
            for index, text in enumerate(texts):
                if text in refused:
                    errors[index][name] = refused[text]
                elif text in repaired:
                    self._repairs.append(Repair(self.rows[index], name, text or "", *repaired[text]))
        # No column, or an empty cell that may be empty, is silent; the value of a refused one is never looked at.
        return [known.get(text, SILENT) for text in texts]


def _said(column: list[Any], default: Any) -> list[Any]:
    return [default if cell is SILENT else cell for cell in column] if SILENT in column else column
