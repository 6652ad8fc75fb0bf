"""One edition: its items with their status bars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.models import User
from obligations.aggregates import Tally
from obligations.views.scope import person
from roadmap import rules
from roadmap.actions import edition_above
from roadmap.aggregates import ItemRow, Origin, coverage_of, item_rows
from roadmap.filters import ItemFilters
from roadmap.models import Roadmap, RoadmapState, Section
from roadmap.views.access import get_roadmap
from roadmap.views.deriving import Derivation

PAGE_SIZE = 50


@dataclass(frozen=True)
class SectionWork:
    """A section: what all its items have come to, and those of them that are shown."""

    section: Section
    tally: Tally
    rows: Sequence[ItemRow]


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one edition: every item, its dates and bodies, and how far it has come in the person's sight."""
    roadmap = get_roadmap(request, pk)
    if roadmap.is_draft:
        return redirect("roadmap:draft", pk=roadmap.pk)
    user, today = person(request), roadmap.region.today()
    rows = item_rows(user, coverage=coverage_of(roadmap), today=today)
    filters = ItemFilters(request.GET, rows=rows, today=today, first=roadmap.year.start)
    page = Paginator(filters.apply(rows), PAGE_SIZE).get_page(request.GET.get("page"))
    in_order = not filters.chosen("sort")
    context = {
        "roadmap": roadmap,
        "filters": filters,
        "page": page,
        "groups": list(_sections(page, rows)) if in_order else [SectionWork(Section(), Tally(), list(page))],
        "in_order": in_order,
        "total": Tally.total(row.tally for row in rows),
        "owes": any(row.own for row in rows),
        "successor": _successor(roadmap),
        "can_withdraw": rules.can_withdraw(user, roadmap),
        "can_carry_over": rules.can_carry_over(user, roadmap),
        "derivation": Derivation.of(user, roadmap),
        "today": today,
        "tab": "detail",
    }
    if roadmap.is_own:
        context |= _own(user, roadmap, rows)
    return render(request, "roadmap/own.html" if roadmap.is_own else "roadmap/detail.html", context)


def _own(user: User, roadmap: Roadmap, rows: Sequence[ItemRow]) -> dict[str, object]:
    """What a municipality's or a school's roadmap has over the region's: how it relates to the edition above."""
    above = edition_above(roadmap)
    return {
        "above": above,
        "is_behind": roadmap.is_in_force and above is not None and above.pk != roadmap.parent_id,
        "keeps": rules.keeps(user, roadmap),
        "origins": [(origin, sum(row.origin == origin for row in rows)) for origin in Origin],
    }


def _sections(shown: Iterable[ItemRow], rows: Sequence[ItemRow]) -> Iterable[SectionWork]:
    """Put the rows that are shown under their sections; a section's tally is of all its items."""
    groups: dict[int, list[ItemRow]] = {}
    for row in shown:
        groups.setdefault(row.item.section_id, []).append(row)
    for section_id, group in groups.items():
        tally = Tally.total(row.tally for row in rows if row.item.section_id == section_id)
        yield SectionWork(group[0].item.section, tally, group)


def _successor(roadmap: Roadmap) -> Roadmap | None:
    """Return the edition in force that replaced this one."""
    if roadmap.state != RoadmapState.SUPERSEDED:
        return None
    siblings = Roadmap.objects.approved().siblings_of(roadmap)
    return siblings.first() or Roadmap.objects.filter(replaces__in=[roadmap]).first()
