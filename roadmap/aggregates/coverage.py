"""What an edition covers: the requirements behind each of its dates, and whose obligations count under it.

The region's edition covers its own requirements, owed by everybody. A municipality's or a school's covers what it
inherits, owed by its owner and those right below it, and what it adds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch, Q

from accounts.models import GROUP_KIND, Organization, OrganizationKind, User
from accounts.querysets import OrganizationQuerySet
from obligations.aggregates import Countable, Tally, countable, countable_under, tallies_by, tally_rows
from obligations.levels import Level, level_of
from obligations.models import LevelDue, Obligation, Requirement, Tightening
from obligations.querysets import ObligationQuerySet
from roadmap.models import Item, ItemBody, Occurrence, Roadmap


class Origin(StrEnum):
    """What an item of an own roadmap is against the edition above."""

    INHERITED = "inherited"
    STRICTER = "stricter"
    ADDED = "added"


@dataclass(frozen=True)
class Coverage:
    """Items of an edition with the requirements behind their dates."""

    roadmap: Roadmap
    items: Sequence[Item]
    occurrences: Mapping[int, Occurrence]
    """By the id of a requirement; several may stand behind one date of an own roadmap."""
    school_dates: Mapping[int, date]
    """By the id of an occurrence: by when schools owe what the municipality itself owes later."""

    def origin_of(self, item: Item) -> Origin | None:
        """Tell what an item of an own roadmap is against the edition above; None in the region's."""
        if not self.roadmap.is_own:
            return None
        if not item.is_inherited:
            return Origin.ADDED
        stricter = any(occurrence.is_stricter for occurrence in item.occurrences.all())
        return Origin.STRICTER if stricter else Origin.INHERITED

    @property
    def marked(self) -> dict[int, Origin]:
        """The items that an own roadmap makes stricter or adds, by their ids."""
        origins = {item.pk: self.origin_of(item) for item in self.items}
        return {pk: origin for pk, origin in origins.items() if origin and origin != Origin.INHERITED}

    def item_of(self, requirement: int) -> int:
        """The id of the item that a requirement is counted under."""
        return self.occurrences[requirement].item_id

    def requirements(self, items: Iterable[Item] | None = None, *, due_on: date | None = None) -> list[int]:
        """Ids of the requirements behind all dates, or behind those of some items, or behind one date."""
        wanted = None if items is None else {item.pk for item in items}
        return [
            pk
            for pk, occurrence in self.occurrences.items()
            if (wanted is None or occurrence.item_id in wanted) and (due_on is None or occurrence.due_on == due_on)
        ]

    def is_parted(self, user: User) -> bool:
        """Municipalities stand side by side: the person sees the whole region, and it is the region's edition."""
        return not self.roadmap.is_own and user.sees_whole_region(self.roadmap.region_id)

    def counted(self, user: User) -> Countable:
        """What to count for the person, the cheapest that gives just what they may see."""
        owner = self.roadmap.owner
        source = countable_under(user, owner) if owner else countable(user, self.roadmap.region)
        return source.filter(requirement__in=list(self.occurrences))

    def obligations(
        self, user: User, items: Iterable[Item] | None = None, *, due_on: date | None = None
    ) -> ObligationQuerySet:
        """The obligations themselves that the person may see, of all items or some, of all dates or one."""
        visible = Obligation.objects.visible_to(user).filter(requirement__in=self.requirements(items, due_on=due_on))
        return visible.filter(under(self.roadmap.owner)) if self.roadmap.owner else visible

    def organizations(self, user: User) -> OrganizationQuerySet:
        """Those whose obligations count and whom the person may see."""
        visible = Organization.objects.visible_to(user).filter(region=self.roadmap.region_id)
        if self.roadmap.owner is None:
            return visible
        return visible.filter(Q(pk=self.roadmap.owner_id) | Q(parent=self.roadmap.owner_id))

    def by_item(self, tallies: Mapping[int, Tally]) -> dict[int, Tally]:
        """Add tallies by requirement up by item."""
        found: defaultdict[int, Tally] = defaultdict(Tally)
        for requirement, tally in tallies.items():
            found[self.item_of(requirement)] += tally
        return dict(found)

    def tallies(self, user: User, *, today: date) -> dict[int, Tally]:
        """Tally, in the person's sight, each item that has any obligation; one query."""
        return self.by_item(tallies_by(self.counted(user), "requirement", region=self.roadmap.region, today=today))

    def tallies_by_date(self, user: User, *, today: date) -> dict[int, dict[date, Tally]]:
        """Tally what is owed by date, for each occurrence by its id: an extension has a date of its own; one query."""
        found: defaultdict[int, defaultdict[date, Tally]] = defaultdict(lambda: defaultdict(Tally))
        for row in tally_rows(
            self.counted(user), by=("requirement", "due_on"), region=self.roadmap.region, today=today
        ):
            found[self.occurrences[row["requirement"]].pk][row["due_on"]] += row["tally"]
        return {pk: dict(dates) for pk, dates in found.items()}


def under(owner: Organization) -> Q:
    """The condition under which an obligation is owed by an organization or by those right below it."""
    return Q(organization=owner) | Q(organization__parent=owner)


def coverage_of(roadmap: Roadmap) -> Coverage:
    """Read an edition; the same number of queries whatever its length. Its dates are those that bind (``_bind``)."""
    bodies = Prefetch("bodies", ItemBody.objects.select_related("organization"))
    items = Item.objects.filter(section__roadmap=roadmap).select_related("section")
    return _covering(roadmap, list(items.prefetch_related(dates_with_origin(), bodies)))


def dates_with_origin() -> "Prefetch[str, Any, str]":
    """Fetch the dates of items with those that they inherit: a school's from its municipality's from the region's."""
    return Prefetch("occurrences", Occurrence.objects.select_related("inherited_from__inherited_from"))


def coverage_of_item(item: Item) -> Coverage:
    """What one item covers; its section, edition, dates and bodies are best fetched with it."""
    return _covering(item.section.roadmap, [item])


def _covering(roadmap: Roadmap, items: Sequence[Item]) -> Coverage:
    found = {pk: one for item in items for one in item.occurrences.all() for pk in _behind(one)}
    return Coverage(
        roadmap, items, found, _bind(roadmap, items, found) if roadmap.is_own and roadmap.is_in_force else {}
    )


def _behind(occurrence: Occurrence) -> Iterator[int]:
    """Ids of the requirements behind a date: its own, and those of the dates that it inherits."""
    one: Occurrence | None = occurrence
    while one is not None:
        if one.requirement_id:
            yield one.requirement_id
        one = one.inherited_from


def _bind(roadmap: Roadmap, items: Sequence[Item], found: Mapping[int, Occurrence]) -> dict[int, date]:
    """Put in place of each date of an own roadmap the one that binds its owner; return the earlier ones of schools.

    Since the edition was approved the one above, or the ministry with dates for levels, may have asked for an
    earlier date. The occurrences are changed in memory alone, for showing.
    """
    owner = roadmap.owner
    assert owner is not None  # noqa: S101 - asked of own roadmaps only
    named: defaultdict[int, list[date]] = defaultdict(list)
    asked_above = Requirement.objects.filter(pk__in=list(found)).exclude(issuer=owner)
    for pk, due in asked_above.values_list("pk", "due_on"):
        named[found[pk].pk].append(due)
    above = Tightening.objects.filter(requirement__in=list(found), organization=owner.parent_id)
    for pk, due in above.values_list("requirement", "due_on"):
        named[found[pk].pk].append(due)
    levels: defaultdict[tuple[int, str], list[date]] = defaultdict(list)
    of_levels = LevelDue.objects.filter(requirement__in=list(found))
    for pk, level, due in of_levels.values_list("requirement", "level", "due_on"):
        levels[found[pk].pk, level].append(due)
    schools: dict[int, date] = {}
    for item in items:
        kinds = _asked_kinds(item)
        asks_schools = OrganizationKind.SCHOOL in kinds
        bound = level_of(owner) if owner.kind in kinds or not asks_schools else Level.SCHOOL
        for one in item.occurrences.all():
            limits = [*named[one.pk], *levels[one.pk, bound or ""]]
            if one.latest_on:
                one.latest_on = min([one.latest_on, *limits])
            one.due_on = min([one.due_on, *limits])
            if one.start_on and one.start_on > one.due_on:
                one.start_on = None
            earlier = min([one.due_on, *levels[one.pk, Level.SCHOOL]])
            if earlier < one.due_on and asks_schools and owner.kind == OrganizationKind.MUNICIPALITY:
                schools[one.pk] = earlier
    return schools


def _asked_kinds(item: Item) -> set[str]:
    """Kinds of organizations that an item asks."""
    return {
        str(body.organization.kind if body.organization else GROUP_KIND[body.group])
        for body in item.bodies.all()
        if body.is_resolved
    }
