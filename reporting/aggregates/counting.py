"""The one GROUP BY behind a report on a roadmap: what the pages of the roadmap count, divided as a report needs it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from accounts.models import User
from obligations.aggregates import Tally, tally_rows
from reporting.querysets import owed_below
from roadmap.aggregates import Coverage

# Tallies by the item's id.
ByItem = Mapping[int, Tally]


def by_organization(
    *, coverage: Coverage, user: User, today: date, municipality_id: int | None = None
) -> dict[int, ByItem]:
    """Tally items for each organization; ``municipality_id`` leaves that municipality and what is below it."""
    owed = coverage.obligations(user)
    if municipality_id:
        owed = owed.filter(owed_below(municipality_id))
    tallies: defaultdict[int, defaultdict[int, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for row in tally_rows(owed, by=("organization", "requirement"), region=coverage.roadmap.region, today=today):
        tallies[row["organization"]][coverage.item_of(row["requirement"])] += row["tally"]
    return dict(tallies)


def sum_by_item(parts: Iterable[ByItem]) -> ByItem:
    """Add the parts up, item by item."""
    whole: defaultdict[int, Tally] = defaultdict(Tally)
    for part in parts:
        for item, tally in part.items():
            whole[item] += tally
    return whole
