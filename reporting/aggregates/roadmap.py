"""Progress of a roadmap: counted once, laid out by page, Excel and PDF.

Everything is added up from the answer to one query, so parts and totals cannot disagree, and the number of
queries is the same for three schools and for three thousand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import OrganizationKind, User
from accounts.russian import natural_key
from obligations.aggregates import Tally
from reporting.aggregates.counting import ByItem, by_organization, sum_by_item
from reporting.aggregates.figures import (
    NO_BODY,
    NO_DATE,
    NO_OBLIGATIONS,
    SOME_BODIES,
    ItemProgress,
    OrganizationProgress,
    RoadmapProgress,
    ScopeProgress,
    SectionProgress,
)
from reporting.querysets import organizations_below, reportable_municipalities
from reporting.scopes import Scope, ScopeKind
from roadmap.aggregates import Coverage, coverage_of
from roadmap.aggregates.parts import (
    REGIONAL_BUDGET,
    REGIONAL_BUDGET_LABEL,
    REGIONAL_LEVEL,
    REGIONAL_LEVEL_LABEL,
    tallies_of_parts,
)
from roadmap.models import ItemBody, Roadmap, Section
from schools.aggregates.names import short_names_then


def roadmap_progress(*, roadmap: Roadmap, scope: Scope, user: User, now: datetime) -> RoadmapProgress:
    """Count how the obligations of an approved roadmap stand, for what ``user`` may see of ``scope``."""
    cut_off = roadmap.region.local(now)
    today = cut_off.date()
    coverage = coverage_of(roadmap)
    outline = _outline(coverage)
    by_municipality: tuple[ScopeProgress, ...] = ()
    organizations: tuple[OrganizationProgress, ...] = ()
    if scope.kind is ScopeKind.REGION:
        parts = tallies_of_parts(coverage, today=today)
        whole = sum_by_item(parts.values())
        by_municipality = tuple(_parts(roadmap, user, outline, parts))
    else:
        owed = by_organization(coverage=coverage, user=user, today=today, municipality_id=scope.municipality_id)
        whole = sum_by_item(owed.values())
        organizations = tuple(_organizations(coverage, user, scope, owed, today))
    sections = tuple(section.filled(whole) for section in outline)
    return RoadmapProgress(
        roadmap=roadmap,
        scope=scope,
        cut_off=cut_off,
        totals=Tally.total(section.tally for section in sections),
        sections=sections,
        by_municipality=by_municipality,
        organizations=organizations,
    )


# --- outline of the roadmap -------------------------------------------------------------------
@dataclass(frozen=True)
class _ItemOutline:
    """An item without figures."""

    pk: int
    number: str
    title: str
    deadline_text: str
    last_due_on: date | None
    bodies: tuple[ItemBody, ...]

    def filled(self, tallies: ByItem) -> ItemProgress:
        """Put the figures in."""
        tally = tallies.get(self.pk, Tally())
        return ItemProgress(
            pk=self.pk,
            number=self.number,
            title=self.title,
            deadline_text=self.deadline_text,
            last_due_on=self.last_due_on,
            bodies="; ".join(body.text for body in self.bodies),
            note=self._note(tally),
            tally=tally,
        )

    def _note(self, tally: Tally) -> str:
        """Say why the row is empty, or not the whole of it."""
        resolved = [body.is_resolved for body in self.bodies]
        if self.last_due_on is None:
            return NO_DATE
        if not any(resolved):
            return NO_BODY
        if not all(resolved):
            return SOME_BODIES
        return "" if tally.obligations else NO_OBLIGATIONS


@dataclass(frozen=True)
class _SectionOutline:
    """A section without figures."""

    number: str
    title: str
    items: tuple[_ItemOutline, ...]

    def filled(self, tallies: ByItem) -> SectionProgress:
        """Put the figures in."""
        items = tuple(item.filled(tallies) for item in self.items)
        return SectionProgress(self.number, self.title, items, Tally.total(item.tally for item in items))


def _outline(coverage: Coverage) -> list[_SectionOutline]:
    """Lay the sections and items of the roadmap out, in its order."""
    items: dict[int, list[_ItemOutline]] = {}
    for item in coverage.items:
        row = _ItemOutline(
            pk=item.pk,
            number=item.number,
            title=item.title,
            deadline_text=item.deadline_text,
            last_due_on=max((one.due_on for one in item.occurrences.all()), default=None),
            bodies=tuple(item.bodies.all()),
        )
        items.setdefault(item.section_id, []).append(row)
    return [
        _SectionOutline(section.number, section.title, tuple(items.get(section.pk, ())))
        for section in Section.objects.filter(roadmap=coverage.roadmap).order_by("position")
    ]


# --- parts of the whole -----------------------------------------------------------------------
def _parts(
    roadmap: Roadmap, user: User, outline: list[_SectionOutline], tallies: Mapping[str, ByItem]
) -> Iterable[ScopeProgress]:
    """Divide a region: each municipality, then the schools on the regional budget, then the regional level."""
    municipalities = reportable_municipalities(user, roadmap.region_id)
    scopes = [
        (str(municipality.pk), Scope(ScopeKind.MUNICIPALITY, municipality.short_name, municipality.pk))
        for municipality in sorted(municipalities, key=lambda municipality: natural_key(municipality.short_name))
        # A closed municipality is shown as long as anything is counted there: the sum must hold.
        if municipality.is_active or str(municipality.pk) in tallies
    ]
    scopes += [
        (REGIONAL_BUDGET, Scope(ScopeKind.REGIONAL_BUDGET, REGIONAL_BUDGET_LABEL)),
        (REGIONAL_LEVEL, Scope(ScopeKind.REGIONAL_LEVEL, REGIONAL_LEVEL_LABEL)),
    ]
    for part, scope in scopes:
        sections = tuple(section.filled(tallies.get(part, {})) for section in outline)
        yield ScopeProgress(scope, sections, Tally.total(section.tally for section in sections))


def _organizations(
    coverage: Coverage, user: User, scope: Scope, tallies: Mapping[int, ByItem], today: date
) -> Iterable[OrganizationProgress]:
    """Divide anything smaller than a region: the municipal authority first, then its schools by name.

    A year that is over is told with the organizations that owed in it, by the names they had at its end.
    """
    year = coverage.roadmap.year
    is_over = today > year.end
    organizations = coverage.organizations(user)
    if scope.municipality_id:
        organizations = organizations.filter(organizations_below(scope.municipality_id))
    shown = [one for one in organizations if one.pk in tallies or (one.is_active and not is_over)]
    then = short_names_then([one.pk for one in shown], year.end) if is_over else {}
    names = {one.pk: then.get(one.pk, one.short_name) for one in shown}
    shown.sort(key=lambda one: (one.kind != OrganizationKind.MUNICIPALITY, natural_key(names[one.pk])))
    if len(shown) == 1:
        # One organization is the whole: its row would say the totals again.
        return
    for organization in shown:
        tally = Tally.total(tallies.get(organization.pk, {}).values())
        yield OrganizationProgress(names[organization.pk], tally)
