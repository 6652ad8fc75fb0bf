"""One item: municipalities with their totals, and organizations with their states."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.models import User
from obligations.aggregates import Tally
from obligations.models import Obligation
from obligations.views.scope import person
from roadmap import rules
from roadmap.aggregates import Coverage, coverage_of_item, item_parts, item_tally, parts_of
from roadmap.filters import OrganizationFilters
from roadmap.views.access import get_item

PAGE_SIZE = 50


@require_GET
def item_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one item: totals by municipality to who sees the region, organizations to everybody."""
    item = get_item(request, pk)
    roadmap = item.section.roadmap
    if roadmap.is_draft:
        return redirect("roadmap:item_edit", pk=item.pk)
    user, today = person(request), roadmap.region.today()
    coverage = coverage_of_item(item)
    is_parted = coverage.is_parted(user)
    parts = parts_of(user, region_id=roadmap.region_id) if is_parted else []
    filters = OrganizationFilters(request.GET, occurrences=list(item.occurrences.all()), parts=parts)
    by_part = is_parted and not filters.by_organization
    context: dict[str, Any] = {
        "item": item,
        "roadmap": roadmap,
        "tally": item_tally(user, coverage=coverage, today=today),
        "filters": filters,
        "is_parted": is_parted,
        "origin": coverage.origin_of(item),
        "above": item.inherited_from,
        "school_dates": coverage.school_dates,
        "by_part": by_part,
        "can_date": rules.can_date(user, item),
        "can_set_form": rules.can_set_form(user, item),
        "today": today,
    }
    if by_part:
        rows = item_parts(coverage, parts, due_on=filters.due_chosen, today=today)
        context["page"] = Paginator(filters.in_order(rows), PAGE_SIZE).get_page(request.GET.get("page"))
        context["sum"] = Tally.total(row.tally for row in rows)
    else:
        context["page"] = _organizations(user, coverage, filters, today).get_page(request.GET.get("page"))
    return render(request, "roadmap/item.html", context)


def _organizations(
    user: User, coverage: Coverage, filters: OrganizationFilters, today: date
) -> "Paginator[Obligation]":
    """Page through the obligations of an item in the person's sight."""
    visible = coverage.obligations(user, due_on=filters.due_chosen)
    return Paginator(filters.apply(visible, today=today).for_page(), PAGE_SIZE)
