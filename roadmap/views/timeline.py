"""The year as a line."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from obligations.views.scope import person
from roadmap.aggregates import coverage_of, timeline_of
from roadmap.filters import TimelineFilters
from roadmap.views.access import get_roadmap, seen_elsewhere


@require_GET
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the items of an edition against the months of its year, with today's line."""
    roadmap = get_roadmap(request, pk)
    if elsewhere := seen_elsewhere(roadmap):
        return elsewhere
    today = roadmap.region.today()
    coverage = coverage_of(roadmap)
    rows = timeline_of(person(request), coverage=coverage, today=today)
    filters = TimelineFilters(request.GET, items=[item for item, _ in rows])
    shown = filters.apply(rows)
    context = {
        "roadmap": roadmap,
        "filters": filters,
        "rows": shown,
        "undated": [item for item, dues in shown if not dues],
        "marked": coverage.marked,
        "today": today,
        "tab": "timeline",
    }
    return render(request, "roadmap/timeline.html", context)
