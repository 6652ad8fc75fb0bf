"""«Школы»: the registry as a list, and the page of one school."""

from datetime import date
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.academic_years import AcademicYear
from accounts.models import Membership, Organization, User
from accounts.rules import staffs
from obligations import aggregates
from obligations.models import Obligation
from schools import rules
from schools.aggregates.cards import card_of, history
from schools.aggregates.plan_progress import plans_owed
from schools.filters import SchoolFilters
from schools.models import RegistryChange, Reorganization
from schools.querysets import schools

PAGE_SIZE = 30
SHOWN_OBLIGATIONS = 5
SHOWN_CHANGES = 20
CHANGES_PAGE_SIZE = 100


@require_safe
def school_list(request: HttpRequest) -> HttpResponse:
    """List the schools in the person's sight, with search, filters and order, all of it in the address."""
    user = cast("User", request.user)
    visible = schools().visible_to(user)
    filters = SchoolFilters(request.GET, visible=visible, today=_today(user))
    page = Paginator(filters.apply(visible), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "filters": filters, "year": filters.academic_year, "may_import": rules.may_import(user)}
    return render(request, "schools/list.html", context)


@require_safe
def school_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the card of one school in a year, what it owes now, and what changed last."""
    user = cast("User", request.user)
    school = _school(user, pk)
    today = school.region.today()
    year = rules.year_asked(request.GET.get("year"), today=today)
    context = {
        "school": school,
        "card": card_of(school, year=year, today=today),
        "year": year,
        "years": rules.years_to_show(today),
        "people": Membership.objects.active().filter(organization=school).select_related("user"),
        "may_edit": _may_edit(user, school, year, today),
        "status_changes": school.status_changes.select_related("by"),
        "may_see_parent": Organization.objects.visible_to(user).filter(children=school.pk).exists(),
        "reorganizations": Reorganization.objects.of(school).prefetch_related("parties"),
        "may_change_status": rules.may_change_status(user, school),
        "may_staff": staffs(user, school),
        "history": history(_changes(school)[:SHOWN_CHANGES]),
        "today": today,
        "plan_owed": _plan_owed(user, school, year),
        "is_current": year == AcademicYear.of(today),
        **_owed(user, school, year, today),
    }
    return render(request, "schools/detail.html", context)


@require_safe
def school_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show everything that changed in the registry about the school."""
    school = _school(cast("User", request.user), pk)
    page = Paginator(_changes(school), CHANGES_PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "schools/history.html", {"school": school, "page": page, "history": history(page)})


def _plan_owed(user: User, school: Organization, year: AcademicYear) -> Obligation | None:
    """The obligation that the school's plan of a year closes."""
    return plans_owed(user, region=school.region).in_year(year.start_year).filter(organization=school).first()


def _school(user: User, pk: int) -> Organization:
    """The school, where the person may know of it."""
    return get_object_or_404(schools().visible_to(user).select_related("parent", "region"), pk=pk)


def _changes(school: Organization) -> QuerySet[RegistryChange]:
    """The history of the school, the newest first."""
    return RegistryChange.objects.filter(organization=school).select_related("by")


def _may_edit(user: User, school: Organization, year: AcademicYear, today: date) -> dict[str, bool]:
    """Which parts of the card the person may fill in for the year."""
    is_open = rules.is_open_year(year.start_year, today=today)
    return {
        section.value: rules.may_edit(user, school, section) and (is_open or section not in rules.YEARLY_SECTIONS)
        for section in rules.Section
    }


def _owed(user: User, school: Organization, year: AcademicYear, today: date) -> dict[str, Any]:
    """What the school owes in the year, and what of it burns."""
    owed = Obligation.objects.visible_to(user).filter(organization=school).in_year(year.start_year)
    return {
        "progress": aggregates.tally_of(owed, region=school.region, today=today),
        "burning": list(owed.with_owner().with_order().by_urgency(today).for_page()[:SHOWN_OBLIGATIONS]),
    }


def _today(user: User) -> date:
    """The day where the person works."""
    memberships = user.active_memberships
    return memberships[0].organization.region.today() if memberships else timezone.localdate()
