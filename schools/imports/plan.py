"""Step four: the plan of changes, and what came of an import, for people and for programs."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from schools.imports.columns import SCHOOLS, Layout
from schools.imports.engine import NOTHING_BESIDE, Beside, Findings, ListResource, Repair
from schools.imports.problems import ImportProblem
from schools.imports.reading import ListRow, SchoolList, Table
from schools.models import SchoolImport

_OTHER_TITLES = {"is_active": "Действует"}


@dataclass(frozen=True)
class FieldChange:
    """One field of a school: what it was and what it becomes, in words."""

    title: str
    was: str
    becomes: str


class PlannedRow(NamedTuple):
    """A row that is in order: what it is known by, where it stands in the file, what changes (nothing of a new one)."""

    row: ListRow
    key: Any
    name: str
    facts: tuple[tuple[str, str], ...]
    """What a preview shows of it: title and value of the fields of ``Layout.summary``."""
    changes: tuple[FieldChange, ...] = ()


@dataclass(frozen=True)
class ImportOutcome:
    """What an import did or, as a preview, would do. With problems nothing is or would be written."""

    to_create: tuple[PlannedRow, ...] = ()
    to_change: tuple[PlannedRow, ...] = ()
    to_keep: tuple[PlannedRow, ...] = ()
    problems: tuple[ImportProblem, ...] = ()
    remarks: tuple[str, ...] = ()
    record: SchoolImport | None = None
    """The audit row; None in a preview and in a refused import."""
    disputed: frozenset[Any] = frozenset()
    """Keys, taxpayer numbers of schools, that stand in several rows."""
    only_good: bool = False
    """Only the rows in which nothing is wrong were asked for."""
    layout: Layout = SCHOOLS
    held: tuple[ListRow, ...] = ()
    """Rows in order by themselves that wait where only good rows are taken: their key stands in others too."""
    repairs: tuple[Repair, ...] = ()
    """Cells that were put right because it is sure what was meant."""
    beside: Beside = NOTHING_BESIDE
    tables: tuple[Table, ...] = ()
    """The tables of the file as they were read."""

    @property
    def summary(self) -> list[str]:
        """The titles of what is shown of each row."""
        titles = {**self.layout.titles, **self.layout.told}
        return [titles[name] for name in self.layout.summary]

    @property
    def is_refused(self) -> bool:
        """Something is wrong, so nothing is taken."""
        return bool(self.problems) and not (self.only_good and self.is_partly_good)

    @property
    def good(self) -> dict[str, int]:
        """How many rows would be created, changed and kept if only those without errors were taken."""
        kinds = {"created": self.to_create, "changed": self.to_change, "unchanged": self.to_keep}
        return {name: sum(1 for one in rows if one.key not in self.disputed) for name, rows in kinds.items()}

    @property
    def good_rows(self) -> int:
        """How many rows can be taken over as they are, whatever becomes of the others."""
        return sum(self.good.values())

    @property
    def faulty_rows(self) -> int:
        """How many rows cannot be taken over as they are."""
        places = {(problem.sheet, problem.row) for problem in self.problems if problem.row is not None}
        return len(places | {(row.sheet, row.number) for row in self.held})

    @property
    def is_unread(self) -> bool:
        """No row was read, and a person could change that by saying what the columns mean."""
        return not self.is_partly_good and any(table.may_be_explained for table in self.tables)

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


def outcome_of(
    resource: ListResource,
    findings: Findings,
    *,
    listed: SchoolList,
    record: SchoolImport | None,
    only_good: bool = False,
    beside: Beside | None = None,
) -> ImportOutcome:
    """Put what was found into words."""
    planner = _Planner(resource)
    return ImportOutcome(
        to_create=tuple(planner.planned(row, after) for row, after in findings.created),
        to_change=tuple(
            planner.planned(row, after, tuple(planner.changes(before, after)))
            for row, before, after in findings.changed
        ),
        to_keep=tuple(planner.planned(row, after) for row, after in findings.unchanged),
        problems=(*listed.problems, *findings.problems),
        remarks=listed.remarks,
        record=record,
        disputed=frozenset(findings.disputed),
        only_good=only_good,
        layout=resource.layout,
        held=tuple(findings.held or findings.undisputed(resource.key).held),
        repairs=tuple(findings.repairs),
        beside=beside or NOTHING_BESIDE,
        tables=listed.tables,
    )


class _Planner:
    def __init__(self, resource: ListResource) -> None:
        self._resource = resource
        self._fields = resource.nothing._fields
        titles = {**resource.layout.titles, **resource.layout.told}
        self._facts = [(titles[name], name, self._fields.index(name)) for name in resource.layout.summary]

    def planned(self, row: ListRow, record: Any, changes: tuple[FieldChange, ...] = ()) -> PlannedRow:
        resource = self._resource
        facts = tuple((title, resource.shown(name, record[at])) for title, name, at in self._facts)
        return PlannedRow(row, resource.key(record), resource.title(record), facts, changes)

    def changes(self, before: Any, after: Any) -> list[FieldChange]:
        titles, shown = self._resource.layout.titles, self._resource.shown
        return [
            FieldChange(title, shown(name, was), shown(name, becomes))
            for name, was, becomes in zip(self._fields, before, after, strict=True)
            if was != becomes and (title := titles.get(name) or _OTHER_TITLES.get(name))
        ]
