"""A municipality summed up: its schools by level, pupils, what is missing, who coordinates it."""

from datetime import date
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.academic_years import AcademicYear
from accounts.models import Membership, Organization, OrganizationKind, User
from accounts.roles import Role
from exports.documents import CountBars
from obligations import aggregates
from obligations.models import Obligation
from schools import rules
from schools.aggregates.summaries import Summary, summaries
from schools.imports.places import REGIONAL
from schools.models import Level
from schools.querysets import schools

KINDS = (OrganizationKind.MUNICIPALITY, OrganizationKind.MINISTRY)


@require_safe
def municipality(request: HttpRequest, pk: int) -> HttpResponse:
    """Sum up the schools that answer to a municipality, or to the ministry itself, in a year."""
    user = cast("User", request.user)
    parents = Organization.objects.visible_to(user).filter(kind__in=KINDS).select_related("region")
    parent = get_object_or_404(parents, pk=pk)
    today = parent.region.today()
    year = rules.year_asked(request.GET.get("year"), today=today)
    shown = schools().visible_to(user).filter(region=parent.region_id).in_year(year, today=today)
    found = summaries(shown.filter(parent_then=parent.pk), academic_year=year.start_year)
    is_regional = parent.kind == OrganizationKind.MINISTRY
    name = REGIONAL if is_regional else parent.short_name
    summary = found[0] if found else Summary(name=name, parent_id=parent.pk)
    levels = list(Level.objects.all())
    context = {
        "parent": parent,
        "name": name,
        "is_regional": is_regional,
        "summary": summary,
        "levels": [(level, summary.at(level)) for level in levels],
        "chart": _chart(summary, levels),
        "year": year,
        "years": rules.years_to_show(today),
        "coordinators": _coordinators(parent),
        "progress": _owed(user, parent, year, today),
        "today": today,
    }
    return render(request, "schools/municipality.html", context)


def _chart(summary: Summary, levels: list[Level]) -> CountBars:
    """Schools by level."""
    bars = [(str(level), summary.at(level)) for level in levels]
    return CountBars("Школы по уровням", [*bars, ("Уровень не указан", summary.without_level)])


def _coordinators(parent: Organization) -> list[Membership]:
    """Who coordinates the municipality on the portal."""
    serving = Membership.objects.active().filter(organization=parent, role=Role.COORDINATOR).select_related("user")
    return list(serving.order_by("user__last_name", "pk"))


def _owed(user: User, parent: Organization, year: AcademicYear, today: date) -> aggregates.Tally:
    """How the obligations of its schools stand in the year."""
    owed = Obligation.objects.visible_to(user).filter(
        organization__parent=parent, organization__kind=OrganizationKind.SCHOOL
    )
    return aggregates.tally_of(owed.in_year(year.start_year), region=parent.region, today=today)
