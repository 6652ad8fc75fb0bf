"""The parts a region divides into: municipalities, schools on the regional budget, the regional level."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.models import Organization, OrganizationKind, User
from accounts.russian import natural_key
from obligations.aggregates import Tally, tally_rows
from obligations.models import TallyEntry
from roadmap.aggregates.coverage import Coverage
from roadmap.models import Item

# How the address names the two parts that are no municipality.
REGIONAL_BUDGET, REGIONAL_LEVEL = "budget", "regional"
REGIONAL_BUDGET_LABEL, REGIONAL_LEVEL_LABEL = "Региональное подчинение", "Региональный уровень"


@dataclass(frozen=True)
class Part:
    """A part of a region: a municipality, by its id, or one of the two that are none; ``key`` stands in addresses."""

    key: str
    name: str

    @property
    def municipality_id(self) -> int | None:
        """The municipality, if it is one."""
        return int(self.key) if self.key.isdecimal() else None

    @property
    def organizations(self) -> Q:
        """The condition under which an obligation is owed by an organization of the part."""
        under = Q(organization__parent__kind=OrganizationKind.MUNICIPALITY)
        if municipality := self.municipality_id:
            return Q(organization=municipality) | Q(organization__parent=municipality)
        if self.key == REGIONAL_BUDGET:
            return Q(organization__kind=OrganizationKind.SCHOOL) & ~under
        return ~Q(organization__kind__in=[OrganizationKind.SCHOOL, OrganizationKind.MUNICIPALITY]) & ~under


@dataclass(frozen=True)
class PartRow:
    """A part with its tally."""

    part: Part
    tally: Tally


def parts_of(user: User, *, region_id: int) -> list[Part]:
    """Name the parts of a region the person sees the whole of: municipalities by name, then the other two."""
    municipalities = Organization.objects.visible_to(user).municipalities().filter(region=region_id)
    named = municipalities.values_list("pk", "short_name")
    parts = [Part(str(pk), name) for pk, name in sorted(named, key=lambda row: natural_key(row[1]))]
    return [*parts, Part(REGIONAL_BUDGET, REGIONAL_BUDGET_LABEL), Part(REGIONAL_LEVEL, REGIONAL_LEVEL_LABEL)]


def part_key(row: Mapping[str, Any]) -> str:
    """Tell the part of a row grouped by authority, its kind and the organizations' kind."""
    if row["authority__kind"] == OrganizationKind.MUNICIPALITY:
        return str(row["authority"])
    return REGIONAL_BUDGET if row["kind"] == OrganizationKind.SCHOOL else REGIONAL_LEVEL


def tallies_of_parts(
    coverage: Coverage, *, today: date, keys: Sequence[str] | None = None
) -> dict[str, dict[int, Tally]]:
    """Tally the items of an edition for each part, by its key, in one query; ``keys`` leaves only those parts."""
    entries = TallyEntry.objects.by_authority().filter(requirement__in=coverage.requirements())
    if keys is not None:
        municipalities = [int(key) for key in keys if key.isdecimal()]
        wanted = Q(authority__in=municipalities)
        if len(municipalities) < len(keys):
            wanted |= ~Q(authority__kind=OrganizationKind.MUNICIPALITY)
        entries = entries.filter(wanted)
    found: defaultdict[str, defaultdict[int, Tally]] = defaultdict(lambda: defaultdict(Tally))
    by = ("authority", "authority__kind", "kind", "requirement")
    for row in tally_rows(entries, by=by, region=coverage.roadmap.region, today=today):
        found[part_key(row)][coverage.item_of(row["requirement"])] += row["tally"]
    return {key: dict(items) for key, items in found.items()}


def sums_of_parts(
    coverage: Coverage, *, items: Sequence[Item] | None = None, due_on: date | None = None, today: date
) -> dict[str, Tally]:
    """Tally everything, some items or one date together for each part, by its key, in one query."""
    entries = TallyEntry.objects.by_authority().filter(requirement__in=coverage.requirements(items, due_on=due_on))
    found: defaultdict[str, Tally] = defaultdict(Tally)
    by = ("authority", "authority__kind", "kind")
    for row in tally_rows(entries, by=by, region=coverage.roadmap.region, today=today):
        found[part_key(row)] += row["tally"]
    return dict(found)


def item_parts(coverage: Coverage, parts: Iterable[Part], *, due_on: date | None, today: date) -> list[PartRow]:
    """Tally what is covered, on one of its dates or all, for each part that owes it; for who sees the whole region."""
    found = sums_of_parts(coverage, due_on=due_on, today=today)
    return [PartRow(part, found[part.key]) for part in parts if part.key in found]
