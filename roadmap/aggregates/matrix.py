"""The matrix: who beside what. A region divides into municipalities, a municipality into its schools."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.models import Organization, User
from accounts.russian import natural_key
from obligations.aggregates import Tally, tally_rows
from obligations.models import Obligation
from roadmap.aggregates.items import ITEM, item_tallies, items_of
from roadmap.aggregates.parts import Part, parts_of, sums_of_parts, tallies_of_parts
from roadmap.models import Item, Roadmap


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


def matrix_of(
    user: User, *, roadmap: Roadmap, today: date, section: int | None = None, sort: str = "", size: int, page: str | int
) -> Matrix:
    """Lay out an edition for the person; ``sort`` is «» (by name), «overdue» or «accepted» (what is behind first).

    Only the rows of the page are counted cell by cell; the sums come from the tallies. Columns are the items of
    one section or of all.
    """
    items = [item for item in items_of(roadmap) if section is None or item.section_id == section]
    whole_region = user.sees_whole_region(roadmap.region_id)
    if whole_region:
        parts = _parts(user, roadmap, items, today=today, sort=sort)
    else:
        parts = _organizations(user, roadmap, items, today=today, sort=sort)
    shown = Paginator(parts, size).get_page(page)
    counted = _count(roadmap, list(shown), items, today=today, whole_region=whole_region)
    sums = item_tallies(user, roadmap=roadmap, today=today)
    return Matrix(
        items=items,
        rows=[_row(part.key, part.name, counted.get(part.key, {}), items) for part in shown],
        page=shown,
        totals=_row("", "Всего", sums, items),
        is_of_organizations=not whole_region,
    )


def _row(key: str, name: str, tallies: Mapping[int, Tally], items: Sequence[Item]) -> MatrixRow:
    """Put a row together; its total is about the columns that are shown."""
    return MatrixRow(key, name, tallies, Tally.total(tallies[item.pk] for item in items if item.pk in tallies))


def _behind(total: Tally, sort: str) -> tuple[float, ...]:
    """Sort what is most behind first; rows that owe nothing come last."""
    rate = 2.0 if total.accepted_rate is None else total.accepted_rate
    return (-total.overdue, rate) if sort == "overdue" else (rate, -total.overdue)


def _parts(user: User, roadmap: Roadmap, items: Sequence[Item], *, today: date, sort: str) -> list[Part]:
    """Name the parts of the region in the order asked for."""
    parts = parts_of(user, region_id=roadmap.region_id)
    if not sort:
        return parts
    sums = sums_of_parts(roadmap, items=items, today=today)
    return sorted(parts, key=lambda part: _behind(sums.get(part.key, Tally()), sort))


def _organizations(user: User, roadmap: Roadmap, items: Sequence[Item], *, today: date, sort: str) -> list[Part]:
    """Name the organizations the person sees, in the order asked for.

    By name, what they serve themselves comes before what is below. What is overdue is counted in the same query, from
    an index that holds nothing else; those with as much come by name.
    """
    overdue: Combinable = Value(0)
    if sort == "overdue":
        requirements = [occurrence.requirement_id for item in items for occurrence in item.occurrences.all()]
        owed = Obligation.objects.overdue(today).filter(organization=OuterRef("pk"), requirement__in=requirements)
        counts = owed.order_by().values("organization").annotate(overdue=Count("*"))
        overdue = Coalesce(Subquery(counts.values("overdue")), 0)
    served = {membership.organization_id for membership in user.active_memberships}
    visible = Organization.objects.visible_to(user).filter(region=roadmap.region_id).annotate(overdue=overdue)
    rows = visible.values_list("pk", "short_name", "overdue")
    ordered = sorted(rows, key=lambda row: (-row[2], row[0] not in served, natural_key(row[1])))
    parts = [Part(str(pk), name) for pk, name, _overdue in ordered]
    if sort != "accepted":
        return parts
    owed = Obligation.objects.visible_to(user).filter(Q(**{f"{ITEM}__in": [item.pk for item in items]}))
    counted = tally_rows(owed, by=("organization",), region=roadmap.region, today=today)
    sums = {str(row["organization"]): row["tally"] for row in counted}
    return sorted(parts, key=lambda part: _behind(sums.get(part.key, Tally()), sort))


def _count(
    roadmap: Roadmap, parts: Sequence[Part], items: Sequence[Item], *, today: date, whole_region: bool
) -> Mapping[str, Mapping[int, Tally]]:
    """Tally the items for each of the rows, which were all found in the person's sight."""
    if whole_region:
        return tallies_of_parts(roadmap, today=today, keys=[part.key for part in parts])
    organizations = [int(part.key) for part in parts]
    owed = Obligation.objects.filter(Q(**{f"{ITEM}__in": [item.pk for item in items]}), organization__in=organizations)
    found: defaultdict[str, dict[int, Tally]] = defaultdict(dict)
    for row in tally_rows(owed, by=("organization", ITEM), region=roadmap.region, today=today):
        found[str(row["organization"])][row[ITEM]] = row["tally"]
    return found
