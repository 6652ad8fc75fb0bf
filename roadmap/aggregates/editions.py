"""How far editions have come, for the list of them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q

from accounts.models import Region, User
from obligations.aggregates import Countable, Tally, countable, is_summed_up, tallies_by, tally_rows
from obligations.models import Obligation, TallyEntry
from roadmap.models import Item, Occurrence, Roadmap

_ROADMAP = "requirement__occurrence__item__section__roadmap"
# The requirements behind a date of a school's own roadmap: its own, its municipality's, the region's.
_BEHIND = ("requirement", "inherited_from__requirement", "inherited_from__inherited_from__requirement")


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
    """Tally, in the person's sight, each roadmap that has any obligation; the same queries however many there are."""
    by_region: dict[int, list[Roadmap]] = {}
    for roadmap in roadmaps:
        by_region.setdefault(roadmap.region_id, []).append(roadmap)
    found: dict[int, Tally] = {}
    for editions in by_region.values():
        region = editions[0].region
        regional = [one.pk for one in editions if not one.is_own]
        counted = countable(user, region).filter(Q(**{f"{_ROADMAP}__in": regional}))
        found |= tallies_by(counted, _ROADMAP, region=region, today=today)
        own = [one for one in editions if one.is_own]
        found |= _own_tallies(user, own, region=region, today=today) if own else {}
    return found


def _own_tallies(user: User, roadmaps: list[Roadmap], *, region: Region, today: date) -> dict[int, Tally]:
    """Tally what own roadmaps cover: those of whole municipalities from entries, the rest as it is; three queries."""
    covered: defaultdict[int, set[int]] = defaultdict(set)
    dates = Occurrence.objects.filter(item__section__roadmap__in=roadmaps)
    for pk, *requirements in dates.values_list("item__section__roadmap", *_BEHIND):
        covered[pk] |= {requirement for requirement in requirements if requirement}
    everything = set().union(*covered.values())
    whole = {one.owner_id for one in roadmaps if one.owner and is_summed_up(user, one.owner)}
    rest = {one.owner_id for one in roadmaps} - whole
    sources: list[tuple[Countable, tuple[str, ...]]] = [
        (TallyEntry.objects.by_authority().filter(authority__in=whole), ("authority",)),
        (
            Obligation.objects.visible_to(user).filter(Q(organization__in=rest) | Q(organization__parent__in=rest)),
            ("organization", "organization__parent"),
        ),
    ]
    sums: defaultdict[tuple[int, int], Tally] = defaultdict(Tally)
    for counted, owners in sources:
        counted = counted.filter(requirement__in=everything)  # noqa: PLW2901 - the same, narrowed
        for row in tally_rows(counted, by=(*owners, "requirement"), region=region, today=today):
            for owner in {row[path] for path in owners} & (whole if owners == ("authority",) else rest):
                sums[owner, row["requirement"]] += row["tally"]
    tallies = {
        one.pk: Tally.total(sums[one.owner_id or 0, requirement] for requirement in covered[one.pk]) for one in roadmaps
    }
    return {pk: tally for pk, tally in tallies.items() if tally.obligations}
