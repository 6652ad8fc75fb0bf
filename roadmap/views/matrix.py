"""The matrix as a heat map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from obligations.views.scope import person
from roadmap.aggregates import matrix_of
from roadmap.filters import MatrixFilters
from roadmap.views.access import get_roadmap, seen_as_list

# A region's parts fit on one page. Organizations come by a screenful: a municipality has a dozen or a thousand.
PARTS_ON_PAGE, ORGANIZATIONS_ON_PAGE = 32, 20


@require_GET
def matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """Show municipalities, or the organizations of one, against the items of an edition."""
    roadmap = get_roadmap(request, pk)
    if elsewhere := seen_as_list(roadmap):
        return elsewhere
    today = roadmap.region.today()
    filters = MatrixFilters(request.GET, sections=list(roadmap.sections.all()))
    viewer = person(request)
    laid_out = matrix_of(
        viewer,
        roadmap=roadmap,
        today=today,
        section=filters.section_chosen,
        sort=filters.chosen("sort"),
        size=PARTS_ON_PAGE if viewer.sees_whole_region(roadmap.region_id) else ORGANIZATIONS_ON_PAGE,
        page=request.GET.get("page") or 1,
    )
    context = {
        "roadmap": roadmap,
        "filters": filters,
        "measure": filters.chosen("measure") or "accepted",
        "matrix": laid_out,
        "page": laid_out.page,
        "today": today,
        "tab": "matrix",
    }
    return render(request, "roadmap/matrix.html", context)
