"""The matrix: who beside what. A region divides into municipalities, a municipality into its schools."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.russian import natural_key
from obligations.aggregates import Tally, tally_rows
from obligations.models import Obligation
from roadmap.aggregates.coverage import Coverage, Origin
from roadmap.aggregates.parts import Part, parts_of, sums_of_parts, tallies_of_parts
from roadmap.models import Item


@dataclass(frozen=True)
class MatrixRow:
    """A municipality or a school with its tallies by the item's id; ``key`` names it in addresses."""

    key: str
    name: str
    tallies: Mapping[int, Tally]
    total: Tally

    def cells(self, items: Sequence[Item]) -> list[tuple[Item, Tally]]:
        """Pair the columns with the tallies in them."""
        return [(item, self.tallies.get(item.pk, Tally())) for item in items]


@dataclass(frozen=True)
class Matrix:
    """A page of rows, the columns, and the sums over all rows, those of other pages too."""

    items: Sequence[Item]
    rows: Sequence[MatrixRow]
    page: Page[Part]
    totals: MatrixRow
    is_of_organizations: bool
    marked: Mapping[int, Origin]
    """Items that an own roadmap makes stricter or adds, by their ids."""


def matrix_of(
    user: User,
    *,
    coverage: Coverage,
    today: date,
    section: int | None = None,
    sort: str = "",
    size: int,
    page: str | int,
) -> Matrix:
    """Lay out an edition for the person; ``sort`` is «» (by name), «overdue» or «accepted» (what is behind first).

    Only the rows of the page are counted cell by cell; the sums come from the tallies. Columns are the items of
    one section or of all.
    """
    items = [item for item in coverage.items if section is None or item.section_id == section]
    is_parted = coverage.is_parted(user)
    rows_of = _parts if is_parted else _organizations
    shown = Paginator(rows_of(user, coverage, items, today=today, sort=sort), size).get_page(page)
    counted = _count(coverage, list(shown), items, today=today, is_parted=is_parted)
    sums = coverage.tallies(user, today=today)
    return Matrix(
        items=items,
        rows=[_row(part.key, part.name, counted.get(part.key, {}), items) for part in shown],
        page=shown,
        totals=_row("", "Всего", sums, items),
        is_of_organizations=not is_parted,
        marked=coverage.marked,
    )


def _row(key: str, name: str, tallies: Mapping[int, Tally], items: Sequence[Item]) -> MatrixRow:
    """Put a row together; its total is about the columns that are shown."""
    return MatrixRow(key, name, tallies, Tally.total(tallies[item.pk] for item in items if item.pk in tallies))


def _behind(total: Tally, sort: str) -> tuple[float, ...]:
    """Sort what is most behind first; rows that owe nothing come last."""
    rate = 2.0 if total.accepted_rate is None else total.accepted_rate
    return (-total.overdue, rate) if sort == "overdue" else (rate, -total.overdue)


def _parts(user: User, coverage: Coverage, items: Sequence[Item], *, today: date, sort: str) -> list[Part]:
    """Name the parts of the region in the order asked for."""
    parts = parts_of(user, region_id=coverage.roadmap.region_id)
    if not sort:
        return parts
    sums = sums_of_parts(coverage, items=items, today=today)
    return sorted(parts, key=lambda part: _behind(sums.get(part.key, Tally()), sort))


def _organizations(user: User, coverage: Coverage, items: Sequence[Item], *, today: date, sort: str) -> list[Part]:
    """Name the organizations the person sees, in the order asked for.

    By name, the owner of the roadmap, or else what they serve themselves, comes before what is below. What is overdue
    is counted in the same query, from an index that holds nothing else; those with as much come by name.
    """
    overdue: Combinable = Value(0)
    if sort == "overdue":
        requirements = coverage.requirements(items)
        owed = Obligation.objects.overdue(today).filter(organization=OuterRef("pk"), requirement__in=requirements)
        counts = owed.order_by().values("organization").annotate(overdue=Count("*"))
        overdue = Coalesce(Subquery(counts.values("overdue")), 0)
    owner = coverage.roadmap.owner_id
    first = {owner} if owner else {membership.organization_id for membership in user.active_memberships}
    rows = coverage.organizations(user).annotate(overdue=overdue).values_list("pk", "short_name", "overdue")
    ordered = sorted(rows, key=lambda row: (-row[2], row[0] not in first, natural_key(row[1])))
    parts = [Part(str(pk), name) for pk, name, _overdue in ordered]
    if sort != "accepted":
        return parts
    owed = coverage.obligations(user, items)
    counted = tally_rows(owed, by=("organization",), region=coverage.roadmap.region, today=today)
    sums = {str(row["organization"]): row["tally"] for row in counted}
    return sorted(parts, key=lambda part: _behind(sums.get(part.key, Tally()), sort))


def _count(
    coverage: Coverage, parts: Sequence[Part], items: Sequence[Item], *, today: date, is_parted: bool
) -> Mapping[str, Mapping[int, Tally]]:
    """Tally the items for each of the rows, which were all found in the person's sight."""
    if is_parted:
        return tallies_of_parts(coverage, today=today, keys=[part.key for part in parts])
    organizations = [int(part.key) for part in parts]
    owed = Obligation.objects.filter(requirement__in=coverage.requirements(items), organization__in=organizations)
    found: defaultdict[str, defaultdict[int, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for row in tally_rows(owed, by=("organization", "requirement"), region=coverage.roadmap.region, today=today):
        found[str(row["organization"])][coverage.item_of(row["requirement"])] += row["tally"]
    return found
