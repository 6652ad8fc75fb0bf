"""One edition: its items with their status bars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from obligations.aggregates import Tally
from obligations.views.scope import person
from roadmap import rules
from roadmap.aggregates import ItemRow, item_rows
from roadmap.filters import ItemFilters
from roadmap.models import Roadmap, RoadmapState, Section
from roadmap.views.access import get_roadmap
from roadmap.views.deriving import Derivation
from roadmap.views.levels import own_detail

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
    if roadmap.is_own:
        return own_detail(request, roadmap)
    user, today = person(request), roadmap.region.today()
    rows = item_rows(user, roadmap=roadmap, today=today)
    filters = ItemFilters(request.GET, items=[row.item for row in rows], today=today)
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
    return render(request, "roadmap/detail.html", context)


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
