"""The year as a line."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from obligations.views.scope import person
from roadmap.aggregates import timeline_of
from roadmap.filters import TimelineFilters
from roadmap.views.access import get_roadmap, seen_as_list


@require_GET
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the items of an edition against the months of its year, with today's line."""
    roadmap = get_roadmap(request, pk)
    if elsewhere := seen_as_list(roadmap):
        return elsewhere
    today = roadmap.region.today()
    rows = timeline_of(person(request), roadmap=roadmap, today=today)
    filters = TimelineFilters(request.GET, items=[item for item, _ in rows])
    context = {
        "roadmap": roadmap,
        "filters": filters,
        "rows": filters.apply(rows),
        "today": today,
        "tab": "timeline",
    }
    return render(request, "roadmap/timeline.html", context)
