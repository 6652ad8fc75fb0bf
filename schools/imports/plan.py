"""Step four: the plan of changes, and what came of an import, for people and for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from schools.imports.columns import SCHOOLS
from schools.imports.problems import ImportProblem
from schools.imports.reading import ListRow
from schools.imports.records import SchoolRecord
from schools.imports.resource import Findings
from schools.models import Level, SchoolImport

_OTHER_TITLES = {"is_active": "Действует"}


@dataclass(frozen=True)
class FieldChange:
    """One field of a school: what it was and what it becomes, in words."""

    title: str
    was: str
    becomes: str


class PlannedSchool(NamedTuple):
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
    disputed: frozenset[str] = frozenset()
    """Taxpayer numbers that stand in several rows."""
    only_good: bool = False
    """Only the rows in which nothing is wrong were asked for."""

    @property
    def is_refused(self) -> bool:
        """Something is wrong, so nothing is taken."""
        return bool(self.problems) and not (self.only_good and self.is_partly_good)

    @property
    def good_rows(self) -> int:
        """How many rows can be taken over as they are, whatever becomes of the others."""
        planned = (*self.to_create, *self.to_change, *self.to_keep)
        return sum(1 for one in planned if one.inn not in self.disputed) if self.disputed else len(planned)

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
    """Puts what was found into words."""

    def __init__(self, *, labels: Mapping[int, str], levels: Mapping[int, Level]) -> None:
        self._labels = labels
        self._levels = {hours: str(level) for hours, level in levels.items()}

    def outcome(
        self,
        findings: Findings,
        *,
        problems: Sequence[ImportProblem],
        remarks: Sequence[str],
        record: SchoolImport | None,
        only_good: bool = False,
    ) -> ImportOutcome:
        """The plan of the rows that are in order; `problems` were there before the rows."""
        return ImportOutcome(
            to_create=tuple(self._planned(row, after) for row, after in findings.created),
            to_change=tuple(
                self._planned(row, after, tuple(self._changes(before, after)))
                for row, before, after in findings.changed
            ),
            to_keep=tuple(self._planned(row, after) for row, after in findings.unchanged),
            problems=(*problems, *findings.problems),
            remarks=tuple(remarks),
            record=record,
            disputed=frozenset(findings.disputed),
            only_good=only_good,
        )

    def _planned(self, row: ListRow, record: SchoolRecord, changes: tuple[FieldChange, ...] = ()) -> PlannedSchool:
        return PlannedSchool(
            row,
            record.inn,
            record.name,
            record.short_name,
            self._shown("municipality", record.municipality),
            self._shown("level", record.level),
            record.contact_name,
            changes,
        )

    def _changes(self, before: SchoolRecord, after: SchoolRecord) -> list[FieldChange]:
        return [
            FieldChange(title, self._shown(name, was), self._shown(name, becomes))
            for name, was, becomes in zip(SchoolRecord._fields, before, after, strict=True)
            if was != becomes and (title := SCHOOLS.titles.get(name) or _OTHER_TITLES.get(name))
        ]

    def _shown(self, name: str, value: Any) -> str:
        match name, value:
            case "municipality", int():
                return self._labels.get(value, "другая организация")
            case "level", int() if value in self._levels:
                return self._levels[value]
            case _, bool():
                return "да" if value else "нет"
            case _, None | "":
                return "—"
        return str(value)
