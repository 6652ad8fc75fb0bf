"""The calendar of the academic year, month by month."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from obligations.views.scope import person
from roadmap.aggregates import coverage_of, month_of
from roadmap.filters import MonthFilters
from roadmap.views.access import get_roadmap, seen_elsewhere


@require_GET
def month(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is due in a month: to the ministry everything, to those who owe their own."""
    roadmap = get_roadmap(request, pk)
    if elsewhere := seen_elsewhere(roadmap):
        return elsewhere
    user, today = person(request), roadmap.region.today()
    filters = MonthFilters(request.GET, roadmap=roadmap, user=user, today=today)
    coverage = coverage_of(roadmap)
    shown = month_of(user, coverage=coverage, first=filters.first, only_own=filters.only_own, today=today)
    context = {
        "roadmap": roadmap,
        "filters": filters,
        "month": shown,
        "days": shown.sheet(today),
        "previous": filters.neighbour(shown.previous),
        "following": filters.neighbour(shown.following),
        "marked": coverage.marked,
        "today": today,
        "tab": "calendar",
    }
    return render(request, "roadmap/calendar.html", context)
