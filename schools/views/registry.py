"""«Школы»: the registry as a list, and the page of one school."""

from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.academic_years import AcademicYear
from accounts.models import Membership, Organization, Trait, User
from accounts.rules import staffs
from obligations import aggregates
from obligations.models import Obligation
from schools import rules
from schools.forms import SchoolFilters
from schools.models import SchoolYear
from schools.querysets import schools

PAGE_SIZE = 30
SHOWN_OBLIGATIONS = 5


@require_safe
def school_list(request: HttpRequest) -> HttpResponse:
    """List the open schools in the person's sight, with search and filters."""
    user = cast("User", request.user)
    year = _current_year(user)
    visible = schools().visible_to(user).active()
    filters = SchoolFilters(request.GET, visible=visible, academic_year=year.start_year)
    shown = filters.apply(visible).for_list(academic_year=year.start_year)
    page = Paginator(shown.order_by("parent__short_name", "short_name", "pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "filters": filters, "year": year, "may_import": rules.may_import(user)}
    return render(request, "schools/list.html", context)


@require_safe
def school_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the registry keeps of one school and what it owes this year."""
    user = cast("User", request.user)
    school = get_object_or_404(schools().visible_to(user).select_related("parent", "region", "school_profile"), pk=pk)
    today = school.region.today()
    year = AcademicYear.of(today)
    owed = Obligation.objects.visible_to(user).filter(organization=school).in_year(year.start_year)
    context = {
        "school": school,
        "profile": getattr(school, "school_profile", None),
        "years": _years(school),
        "people": Membership.objects.active().filter(organization=school).select_related("user"),
        "status_changes": school.status_changes.select_related("by"),
        "may_change_status": rules.may_change_status(user, school),
        "may_staff": staffs(user, school),
        "today": today,
        "year": year,
        "progress": aggregates.tally_of(owed, region=school.region, today=today),
        "burning": list(owed.with_owner().with_order().by_urgency(today).for_page()[:SHOWN_OBLIGATIONS]),
    }
    return render(request, "schools/detail.html", context)


def _current_year(user: User) -> AcademicYear:
    """The academic year that runs where the person works."""
    memberships = user.active_memberships
    return AcademicYear.of(memberships[0].organization.region.today() if memberships else timezone.localdate())


def _years(school: Organization) -> list[tuple[AcademicYear, SchoolYear | None, bool]]:
    """Level and «Билет в будущее» by academic year, the newest first."""
    levels = {row.academic_year: row for row in SchoolYear.objects.filter(organization=school).select_related("level")}
    tickets = set(school.traits.filter(trait=Trait.TICKET_TO_FUTURE).values_list("academic_year", flat=True))
    return [
        (AcademicYear(year), levels.get(year), year in tickets) for year in sorted({*levels, *tickets}, reverse=True)
    ]
