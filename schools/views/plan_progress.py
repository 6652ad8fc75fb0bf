"""«Планы школ»: levels and hours by municipality, down to the schools of one."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Region
from accounts.roles import Role
from obligations.views.scope import person
from schools.aggregates.plan_progress import parts_owing, plan_progress, plan_rows, plans_owed
from schools.exports.plan_charts import levels_chart
from schools.exports.plan_progress import NOTES, figures
from schools.forms.plan_progress import PlanFilters

PAGE_SIZE = 50


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """Show the plans of everything the person sees: by municipality, or school by school once one is chosen."""
    user = person(request)
    region = region_of(request)
    today = region.today()
    every = plans_owed(user, region=region)
    filters = PlanFilters(request.GET, parts=parts_owing(every), today=today)
    year = filters.academic_year
    context: dict[str, Any] = {"region": region, "year": year, "filters": filters, "today": today}
    # A deputy head looks for the plan of one's own school, not for sums over one.
    if filters.by_school or {one.role for one in user.active_memberships} == {Role.DEPUTY}:
        owed = filters.apply(every.in_year(year.start_year))
        context["page"] = Paginator(plan_rows(owed), PAGE_SIZE).get_page(request.GET.get("page"))
    else:
        progress = plan_progress(user, region=region, year=year, now=timezone.now())
        context |= {
            "progress": progress,
            "chart": levels_chart(progress),
            "figures": figures(progress),
            "notes": NOTES,
        }
    return render(request, "schools/plans.html", context)


def region_of(request: HttpRequest) -> Region:
    """The region the person works in; who serves nobody sees the first they may know of."""
    user = person(request)
    if user.active_memberships:
        return user.active_memberships[0].organization.region
    region = Region.objects.visible_to(user).first()
    if region is None:
        raise PermissionDenied
    return region
