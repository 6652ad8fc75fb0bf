"""The list of roadmaps."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from obligations.aggregates import Tally
from obligations.views.scope import person, today_of
from roadmap import rules
from roadmap.aggregates import item_counts, roadmap_tallies
from roadmap.models import Roadmap

LIST_SIZE = 20


@require_GET
def roadmap_list(request: HttpRequest) -> HttpResponse:
    """List the editions in the person's sight with how far each has come there."""
    user = person(request)
    editions = Roadmap.objects.visible_to(user).select_related("region", "owner").defer("source_text")
    page = Paginator(editions, LIST_SIZE).get_page(request.GET.get("page"))
    tallies = roadmap_tallies(user, roadmaps=page, today=today_of(user))
    items = item_counts(page)
    context = {
        "page": page,
        "rows": [(roadmap, items.get(roadmap.pk, 0), tallies.get(roadmap.pk, Tally())) for roadmap in page],
        "may_import": bool(rules.managed_regions(user)),
    }
    return render(request, "roadmap/list.html", context)
