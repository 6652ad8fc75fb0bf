"""One item: municipalities with their totals, and organizations with their states."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.models import User
from obligations.aggregates import Tally
from obligations.models import Obligation
from obligations.views.scope import person
from roadmap import rules
from roadmap.aggregates import item_parts, item_tally, parts_of
from roadmap.aggregates.items import ITEM
from roadmap.filters import OrganizationFilters
from roadmap.models import Item
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
    whole_region = user.sees_whole_region(roadmap.region_id)
    parts = parts_of(user, region_id=roadmap.region_id) if whole_region else []
    filters = OrganizationFilters(request.GET, occurrences=list(item.occurrences.all()), parts=parts)
    by_part = whole_region and not filters.by_organization
    context: dict[str, Any] = {
        "item": item,
        "roadmap": roadmap,
        "tally": item_tally(user, item, today=today),
        "filters": filters,
        "whole_region": whole_region,
        "by_part": by_part,
        "can_date": rules.can_date(user, item),
        "can_set_form": rules.can_set_form(user, item),
        "today": today,
    }
    if by_part:
        rows = item_parts(item, parts, due_on=filters.due_chosen, today=today)
        context["page"] = Paginator(filters.in_order(rows), PAGE_SIZE).get_page(request.GET.get("page"))
        context["sum"] = Tally.total(row.tally for row in rows)
    else:
        context["page"] = _organizations(user, item, filters, today).get_page(request.GET.get("page"))
    return render(request, "roadmap/item.html", context)


def _organizations(user: User, item: Item, filters: OrganizationFilters, today: date) -> "Paginator[Obligation]":
    """Page through the obligations of an item in the person's sight."""
    visible = Obligation.objects.visible_to(user).filter(Q(**{ITEM: item}))
    return Paginator(filters.apply(visible, today=today).for_page(), PAGE_SIZE)
