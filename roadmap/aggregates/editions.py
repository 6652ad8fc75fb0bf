"""How far editions have come, for the list of them."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q

from accounts.models import User
from obligations.aggregates import Tally, countable, tallies_by
from roadmap.models import Item, Roadmap

_ROADMAP = "requirement__occurrence__item__section__roadmap"


def item_counts(roadmaps: Iterable[Roadmap]) -> dict[int, int]:
    """Count the items of each roadmap that has any, by the roadmap's id."""
    rows = (
        Item.objects.filter(section__roadmap__in=[roadmap.pk for roadmap in roadmaps])
        .order_by()
        .values("section__roadmap")
        .annotate(items=Count("pk"))
    )
    return {row["section__roadmap"]: row["items"] for row in rows}


def roadmap_tallies(user: User, *, roadmaps: Iterable[Roadmap], today: date) -> dict[int, Tally]:
    """Tally, in the person's sight, each roadmap that has any obligation; one query for each region."""
    by_region: dict[int, list[Roadmap]] = {}
    for roadmap in roadmaps:
        by_region.setdefault(roadmap.region_id, []).append(roadmap)
    found: dict[int, Tally] = {}
    for editions in by_region.values():
        region = editions[0].region
        counted = countable(user, region).filter(Q(**{f"{_ROADMAP}__in": [one.pk for one in editions]}))
        found |= tallies_by(counted, _ROADMAP, region=region, today=today)
    return found
