"""Pages for everybody: the list of roadmaps, one roadmap with its progress, one item with its organizations."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from obligations.aggregates import Progress
from obligations.models import Obligation
from obligations.querysets import ObligationQuerySet
from obligations.views.scope import person, today_of
from roadmap import rules
from roadmap.aggregates import NOTHING, OwnWork, item_counts, item_progress, own_work, roadmap_progress, total_of
from roadmap.forms import ObligationFilters
from roadmap.models import Item, Roadmap, RoadmapState, Section
from roadmap.views.access import get_item, get_roadmap
from roadmap.views.levels import own_detail

LIST_SIZE, PAGE_SIZE = 20, 50


@dataclass(frozen=True)
class ItemWork:
    """An item with how far it has come in the person's sight, and what they owe for it themselves."""

    item: Item
    progress: Progress
    own: OwnWork | None

    @property
    def shows_progress(self) -> bool:
        """The person sees more than what they owe themselves."""
        return self.progress.total > (self.own.total if self.own else 0)


@dataclass(frozen=True)
class SectionWork:
    """A section with its items."""

    section: Section
    items: list[ItemWork]


@require_GET
def roadmap_list(request: HttpRequest) -> HttpResponse:
    """List the editions in the person's sight with how far each has come there."""
    user = person(request)
    editions = Roadmap.objects.visible_to(user).select_related("region", "owner").defer("source_text")
    page = Paginator(editions, LIST_SIZE).get_page(request.GET.get("page"))
    progress = roadmap_progress(Obligation.objects.visible_to(user), roadmaps=page, today=today_of(user))
    items = item_counts(page)
    context = {
        "page": page,
        "rows": [(roadmap, items.get(roadmap.pk, 0), progress.get(roadmap.pk, NOTHING)) for roadmap in page],
        "may_import": bool(rules.managed_regions(user)),
    }
    return render(request, "roadmap/list.html", context)


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one edition: every item, its dates and bodies, and how far it has come in the person's sight."""
    roadmap = get_roadmap(request, pk)
    if roadmap.is_draft:
        return redirect("roadmap:draft", pk=roadmap.pk)
    if roadmap.is_own:
        return own_detail(request, roadmap)
    user, today = person(request), roadmap.region.today()
    progress = item_progress(Obligation.objects.visible_to(user), roadmap=roadmap, today=today)
    own = own_work(user, roadmap=roadmap, today=today)
    items = Item.objects.prefetch_related("occurrences", "bodies__organization")
    sections = [
        SectionWork(
            section,
            [ItemWork(item, progress.get(item.pk, NOTHING), own.get(item.pk)) for item in section.items.all()],
        )
        for section in roadmap.sections.prefetch_related(Prefetch("items", items))
    ]
    context = {
        "roadmap": roadmap,
        "sections": sections,
        "total": total_of(progress.values()),
        "owes": bool(own),
        "successor": _successor(roadmap),
        "can_carry_over": rules.can_carry_over(user, roadmap),
        "can_derive": bool(rules.may_derive(user, roadmap)),
        "today": today,
    }
    return render(request, "roadmap/detail.html", context)


@require_GET
def item_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one item and the organizations in the person's sight that owe it, with their states."""
    item = get_item(request, pk)
    roadmap = item.section.roadmap
    if roadmap.is_draft:
        return redirect("roadmap:item_edit", pk=item.pk)
    user, today = person(request), roadmap.region.today()
    visible = Obligation.objects.visible_to(user).filter(requirement__occurrence__item=item)
    filters = ObligationFilters(request.GET, occurrences=list(item.occurrences.all()))
    shown = _filtered(visible, filters, request).for_page()
    page = Paginator(shown.order_by("organization__short_name", "organization", "due_on"), PAGE_SIZE)
    context = {
        "item": item,
        "roadmap": roadmap,
        "progress": item_progress(visible, roadmap=roadmap, today=today).get(item.pk, NOTHING),
        "filters": filters,
        "page": page.get_page(request.GET.get("page")),
        "can_date": rules.can_date(user, item),
        "today": today,
    }
    return render(request, "roadmap/item.html", context)


def _filtered(obligations: ObligationQuerySet, filters: ObligationFilters, request: HttpRequest) -> ObligationQuerySet:
    """Narrow the list to what was chosen above it."""
    if filters.due_chosen:
        obligations = obligations.filter(due_on=filters.due_chosen)
    if filters.state_chosen == ObligationFilters.OVERDUE:
        return obligations.overdue(today_of(person(request)))
    return obligations.filter(state=filters.state_chosen) if filters.state_chosen else obligations


def _successor(roadmap: Roadmap) -> Roadmap | None:
    """Return the edition in force that replaced this one."""
    if roadmap.state != RoadmapState.SUPERSEDED:
        return None
    return Roadmap.objects.approved().siblings_of(roadmap).first()
