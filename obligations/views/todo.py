"""«Мои поручения»: what the person's organizations owe, what burns first."""

from itertools import groupby
from operator import attrgetter

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.academic_years import AcademicYear
from obligations.aggregates import own_counts
from obligations.forms import TodoFilters
from obligations.models import Obligation
from obligations.states import Urgency
from obligations.views.scope import organizations_served, person, today_of

PAGE_SIZE = 25


@require_GET
def todo(request: HttpRequest) -> HttpResponse:
    """List what the person's organizations owe in one academic year, in groups by urgency."""
    user = person(request)
    today = today_of(user)
    owed = Obligation.objects.owed_by(user)
    served = organizations_served(user)
    filters = TodoFilters(
        request.GET,
        years=owed.academic_years(),
        organizations=served,
        current_year=AcademicYear.of(today).start_year,
    )
    shown = filters.apply(owed.by_urgency(today)).for_page().with_asked_until().with_order()
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "groups": [(Urgency(key), list(rows)) for key, rows in groupby(page, key=attrgetter("urgency"))],
        "filters": filters,
        "counts": own_counts(filters.of_organization(owed), today=today, academic_year=filters.chosen_year),
        "year": AcademicYear(filters.chosen_year),
        "show_owner": len(served) > 1,
        "today": today,
    }
    return render(request, "obligations/todo.html", context)
