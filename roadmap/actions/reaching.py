"""Whom the bodies of an edition's items reach, counted by level, and by when each level owes. Reads only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from accounts.querysets import OrganizationQuerySet
from obligations.fan_out import organizations_of
from obligations.levels import Level, level_by_kind
from obligations.models import Requirement
from roadmap.actions.succession import BodyOf, asked_bodies, level_dues
from roadmap.models import Item, Occurrence, Roadmap

#: How many organizations stand on each level; those on none under "".
ByLevel = Mapping[str, int]


@dataclass(frozen=True)
class LevelShare:
    """How many organizations of a level owe a date of an item by which day; '' is all that stand on none."""

    level: str
    organizations: int
    due_on: date

    @property
    def label(self) -> str:
        """Name the level."""
        return Level(self.level).label


@dataclass(frozen=True)
class Deadline:
    """A date of an item, and by when whom it will be asked of."""

    occurrence: Occurrence
    shares: Sequence[LevelShare]
    is_fresh: bool = True
    """It does not go on from the edition in force."""

    @property
    def is_split(self) -> bool:
        """Somebody owes it by another day than the region's."""
        return any(share.due_on != self.occurrence.due_on for share in self.shares)

    @property
    def other_levels(self) -> list[LevelShare]:
        """The levels that owe it by a day of their own."""
        return [share for share in self.shares if share.due_on != self.occurrence.due_on]

    def overdue(self, today: date) -> int:
        """For how many organizations it has passed."""
        return sum(share.organizations for share in self.shares if share.due_on < today)


class Reaching:
    """Counts whom items reach; each set of bodies is asked for once, however many items name it."""

    def __init__(self, roadmap: Roadmap) -> None:
        self.roadmap = roadmap
        self._known: dict[frozenset[BodyOf], ByLevel] = {}

    def of(self, item: Item) -> ByLevel:
        """Count the organizations that an item asks; one that is named and in a group as well counts once."""
        bodies = frozenset(asked_bodies(item))
        if bodies not in self._known:
            self._known[bodies] = self._count(bodies)
        return self._known[bodies]

    def levels(self, item: Item) -> list[Level]:
        """Return the levels that an item asks anything of."""
        counts = self.of(item)
        return [level for level in Level if counts.get(level)]

    def _count(self, bodies: frozenset[BodyOf]) -> ByLevel:
        if len(bodies) == 1:
            kinds = self._organizations(*next(iter(bodies))).order_by().values("kind", "parent__kind")
            rows = kinds.annotate(number=Count("pk")).values_list("kind", "parent__kind", "number")
            counts: Counter[str] = Counter()
            for kind, parent_kind, number in rows:
                counts[level_by_kind(kind, parent_kind) or ""] += number
            return counts
        reached = {
            pk: level_by_kind(kind, parent_kind) or ""
            for body in bodies
            for pk, kind, parent_kind in self._organizations(*body).values_list("pk", "kind", "parent__kind")
        }
        return Counter(reached.values())

    def _organizations(self, organization_id: int | None, group: str) -> OrganizationQuerySet:
        return organizations_of(
            region_id=self.roadmap.region_id,
            academic_year=self.roadmap.academic_year,
            organization_id=organization_id,
            group=group,
            issuer_id=self.roadmap.owner_id,
        )


def shares_of(occurrence: Occurrence, by_level: ByLevel, inherited: Requirement | None) -> list[LevelShare]:
    """By when each level owes a date, those on none at the end."""
    dues = level_dues(occurrence, inherited)
    return [
        LevelShare(level, by_level[level], dues.get(level, occurrence.due_on))
        for level in (*Level.values, "")
        if by_level.get(level)
    ]
