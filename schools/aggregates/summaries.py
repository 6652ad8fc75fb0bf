"""Schools added up by whom they answer to: levels, pupils, «Билет в будущее», what is missing. One query."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Q, Sum

from accounts.models import Organization, OrganizationKind
from accounts.russian import natural_key
from schools.imports.places import REGIONAL
from schools.models import Level
from schools.querysets import SchoolQuerySet


@dataclass(frozen=True)
class Summary:
    """A municipality, the schools on the regional budget, or a whole region, in an academic year."""

    name: str
    parent_id: int | None = None
    schools: int = 0
    by_level: Mapping[int, int] = field(default_factory=dict)
    """How many schools work at the level of so many hours."""
    with_enrolment: int = 0
    pupils: int = 0
    with_disabilities: int = 0
    with_ticket: int = 0
    with_classes: int = 0
    without_contact: int = 0
    is_regional: bool = False

    @property
    def without_level(self) -> int:
        """Schools whose level nobody has named."""
        return self.schools - sum(self.by_level.values())

    @property
    def without_enrolment(self) -> int:
        """Schools that have told of no grade."""
        return self.schools - self.with_enrolment

    def at(self, level: Level) -> int:
        """How many schools work at the level."""
        return self.by_level.get(level.hours, 0)


_COUNTED = (
    "schools",
    "with_enrolment",
    "pupils",
    "with_disabilities",
    "with_ticket",
    "with_classes",
    "without_contact",
)


def summaries(shown: SchoolQuerySet, *, academic_year: int) -> list[Summary]:
    """Add up schools that are annotated with whom they answered to (``in_year``), the regional budget last."""
    rows = (
        shown.for_list(academic_year=academic_year)
        .order_by()
        .values("parent_then", "level_hours")
        .annotate(
            schools=Count("pk"),
            with_enrolment=Count("pk", filter=Q(pupils__isnull=False)),
            all_pupils=Sum("pupils"),
            with_disabilities=Sum("pupils_with_disabilities"),
            with_ticket=Count("pk", filter=Q(has_ticket=True)),
            with_classes=Count("pk", filter=Q(has_classes=True)),
            without_contact=Count("pk", filter=Q(school_profile=None) | Q(school_profile__contact_name="")),
        )
    )
    counted: dict[int, Counter[str]] = {}
    levels: dict[int, Counter[int]] = {}
    for row in rows:
        parent = row["parent_then"]
        sums = counted.setdefault(parent, Counter())
        sums.update({name: row["all_pupils" if name == "pupils" else name] or 0 for name in _COUNTED})
        if row["level_hours"] is not None:
            levels.setdefault(parent, Counter())[row["level_hours"]] += row["schools"]
    named = Organization.objects.filter(pk__in=counted).values_list("pk", "short_name", "kind")
    found = [
        _summary(REGIONAL if regional else name, counted[pk], levels.get(pk, {}), parent=pk, is_regional=regional)
        for pk, name, kind in named
        for regional in [kind == OrganizationKind.MINISTRY]
    ]
    return sorted(found, key=lambda one: (one.is_regional, natural_key(one.name)))


def whole(parts: Iterable[Summary], *, name: str) -> Summary:
    """Add up parts that share no school."""
    sums: Counter[str] = Counter()
    levels: Counter[int] = Counter()
    for part in parts:
        sums.update({field: getattr(part, field) for field in _COUNTED})
        levels.update(part.by_level)
    return _summary(name, sums, levels)


def _summary(
    name: str,
    sums: Mapping[str, int],
    levels: Mapping[int, int],
    *,
    parent: int | None = None,
    is_regional: bool = False,
) -> Summary:
    """Make a summary of sums, by the names of ``_COUNTED``."""
    return Summary(
        name=name,
        parent_id=parent,
        schools=sums["schools"],
        by_level=dict(levels),
        with_enrolment=sums["with_enrolment"],
        pupils=sums["pupils"],
        with_disabilities=sums["with_disabilities"],
        with_ticket=sums["with_ticket"],
        with_classes=sums["with_classes"],
        without_contact=sums["without_contact"],
        is_regional=is_regional,
    )
