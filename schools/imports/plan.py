"""Step four: the plan of changes, and what came of an import, for people and for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from import_export.results import Result, RowResult

from schools.imports.columns import COLUMNS, TITLES
from schools.imports.problems import ImportProblem
from schools.imports.reading import ListRow
from schools.imports.records import SchoolRecord
from schools.models import Level, SchoolImport

_OTHER_TITLES = {"is_active": "Действует"}


@dataclass(frozen=True)
class FieldChange:
    """One field of a school: what it was and what it becomes, in words."""

    title: str
    was: str
    becomes: str


@dataclass(frozen=True)
class PlannedSchool:
    """A row that is in order: the school, where it stands in the file, what changes (nothing for a new one)."""

    row: ListRow
    inn: str
    name: str
    short_name: str
    municipality: str
    level: str
    contact: str
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did or, as a preview, would do. With problems nothing is or would be written."""

    to_create: tuple[PlannedSchool, ...] = ()
    to_change: tuple[PlannedSchool, ...] = ()
    to_keep: tuple[PlannedSchool, ...] = ()
    problems: tuple[ImportProblem, ...] = ()
    remarks: tuple[str, ...] = ()
    record: SchoolImport | None = None
    """The audit row; None in a preview and in a refused import."""

    @property
    def is_refused(self) -> bool:
        """Something is wrong, so nothing is taken."""
        return bool(self.problems)

    @property
    def created(self) -> int:
        """How many schools are new; none in a refused import."""
        return 0 if self.is_refused else len(self.to_create)

    @property
    def changed(self) -> int:
        """How many known schools change; none in a refused import."""
        return 0 if self.is_refused else len(self.to_change)

    @property
    def unchanged(self) -> int:
        """Of how many the list says nothing new; none in a refused import."""
        return 0 if self.is_refused else len(self.to_keep)

    @property
    def is_partly_good(self) -> bool:
        """Some rows are in order, whatever becomes of them."""
        return bool(self.to_create or self.to_change or self.to_keep)

    @property
    def is_news(self) -> bool:
        """The list creates or changes something."""
        return bool(self.created or self.changed)

    def as_json(self) -> dict[str, Any]:
        """The outcome for programs."""
        return {
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "errors": [
                {
                    "sheet": problem.sheet,
                    "row": problem.row,
                    "column": problem.column,
                    "heading": problem.heading,
                    "message": problem.message,
                }
                for problem in self.problems
            ],
        }


class Planner:
    """Turns the library's results into a plan in words."""

    def __init__(self, *, rows: Sequence[ListRow], labels: Mapping[int, str], levels: Mapping[int, Level]) -> None:
        self._rows = rows
        self._labels = labels
        self._levels = levels

    def outcome(
        self,
        result: Result,
        *,
        problems: Sequence[ImportProblem],
        remarks: Sequence[str],
        record: SchoolImport | None,
    ) -> ImportOutcome:
        """Sort the rows into new, changed, unchanged and wrong; `problems` were there before the rows."""
        sorted_rows: dict[str, list[PlannedSchool]] = {"new": [], "update": [], "skip": []}
        for row, row_result in zip(self._rows, result.rows, strict=True):
            if row_result.import_type in sorted_rows:
                sorted_rows[row_result.import_type].append(self._planned(row, row_result))
        return ImportOutcome(
            to_create=tuple(sorted_rows[RowResult.IMPORT_TYPE_NEW]),
            to_change=tuple(sorted_rows[RowResult.IMPORT_TYPE_UPDATE]),
            to_keep=tuple(sorted_rows[RowResult.IMPORT_TYPE_SKIP]),
            problems=(*problems, *(problem for wrong in result.invalid_rows for problem in self._problems(wrong))),
            remarks=tuple(remarks),
            record=record,
        )

    def _problems(self, wrong: Any) -> list[ImportProblem]:
        row = self._rows[wrong.number - 1]
        by_field: Mapping[str, Sequence[str]] = wrong.error_dict
        return [row.problem(column.field, message) for column in COLUMNS for message in by_field.get(column.field, ())]

    def _planned(self, row: ListRow, row_result: RowResult) -> PlannedSchool:
        record: SchoolRecord = row_result.instance
        before: SchoolRecord | None = row_result.original if row_result.is_update() else None
        return PlannedSchool(
            row=row,
            inn=record.inn,
            name=record.name,
            short_name=record.short_name,
            municipality=self._shown("municipality", record.municipality),
            level=self._shown("level", record.level),
            contact=record.contact_name,
            changes=tuple(self._changes(before, record)) if before else (),
        )

    def _changes(self, before: SchoolRecord, after: SchoolRecord) -> list[FieldChange]:
        return [
            FieldChange(title, self._shown(name, was), self._shown(name, becomes))
            for name in (one.name for one in fields(SchoolRecord))
            if (title := TITLES.get(name) or _OTHER_TITLES.get(name))
            and (was := getattr(before, name)) != (becomes := getattr(after, name))
        ]

    def _shown(self, name: str, value: Any) -> str:
        match name, value:
            case "municipality", int():
                return self._labels.get(value, "другая организация")
            case "level", int() if value in self._levels:
                return str(self._levels[value])
            case _, bool():
                return "да" if value else "нет"
            case _, None | "":
                return "—"
        return str(value)
