"""The one GROUP BY behind a report on a roadmap: what the pages of the roadmap count, divided as a report needs it."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q

from accounts.models import OrganizationKind, User
from obligations.aggregates import Countable, Tally, tally_rows
from obligations.models import Obligation, TallyEntry
from reporting.scopes import ScopeKind
from roadmap.models import Roadmap

# Tallies by the item's id.
ByItem = Mapping[int, Tally]
# A part of a region: a municipality by its id, or one of the parts that are no municipality.
Part = int | ScopeKind

_Key = TypeVar("_Key", bound=Hashable)
_ITEM = "requirement__occurrence__item"


def by_part(*, roadmap: Roadmap, today: date) -> dict[Part, ByItem]:
    """Tally items for each part of a region: municipalities, schools on the regional budget, regional level.

    For those who see the whole region.
    """
    entries = TallyEntry.objects.by_authority().filter(Q(**{f"{_ITEM}__section__roadmap": roadmap}))

    def part_of(row: Mapping[str, Any]) -> Part:
        if row["authority__kind"] == OrganizationKind.MUNICIPALITY:
            return int(row["authority"])
        return ScopeKind.REGIONAL_BUDGET if row["kind"] == OrganizationKind.SCHOOL else ScopeKind.REGIONAL_LEVEL

    return _tally(entries, ("authority", "authority__kind", "kind"), roadmap, today, part_of)


def by_organization(
    *, roadmap: Roadmap, user: User, today: date, municipality_id: int | None = None
) -> dict[int, ByItem]:
    """Tally items for each organization; ``municipality_id`` leaves that municipality and what is below it."""
    owed = Obligation.objects.visible_to(user).filter(Q(**{f"{_ITEM}__section__roadmap": roadmap}))
    if municipality_id:
        owed = owed.filter(Q(organization=municipality_id) | Q(organization__parent=municipality_id))
    return _tally(owed, ("organization",), roadmap, today, lambda row: int(row["organization"]))


def _tally(
    counted: Countable, by: tuple[str, ...], roadmap: Roadmap, today: date, key_of: Callable[[Mapping[str, Any]], _Key]
) -> dict[_Key, ByItem]:
    """Group, count, and sort the answer by key and item."""
    tallies: defaultdict[_Key, defaultdict[int, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for row in tally_rows(counted, by=(*by, _ITEM), region=roadmap.region, today=today):
        tallies[key_of(row)][row[_ITEM]] += row["tally"]
    return dict(tallies)


def sum_by_item(parts: Iterable[ByItem]) -> ByItem:
    """Add the parts up, item by item."""
    whole: defaultdict[int, Tally] = defaultdict(Tally)
    for part in parts:
        for item, tally in part.items():
            whole[item] += tally
    return whole
