"""The matrix as a heat map."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from obligations.views.scope import person
from roadmap.aggregates import coverage_of, matrix_of
from roadmap.filters import MatrixFilters
from roadmap.views.access import get_roadmap, seen_elsewhere

# A region's parts fit on one page. Organizations come by a screenful: a municipality has a dozen or a thousand.
PARTS_ON_PAGE, ORGANIZATIONS_ON_PAGE = 32, 20


@require_GET
def matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """Show municipalities, or the organizations of one, against the items of an edition."""
    roadmap = get_roadmap(request, pk)
    if elsewhere := seen_elsewhere(roadmap):
        return elsewhere
    if not roadmap.has_matrix:
        messages.info(request, "Матрица сравнивает организации между собой, а в этой дорожной карте организация одна.")
        return redirect(roadmap)
    today = roadmap.region.today()
    filters = MatrixFilters(request.GET, sections=list(roadmap.sections.all()))
    viewer, coverage = person(request), coverage_of(roadmap)
    laid_out = matrix_of(
        viewer,
        coverage=coverage,
        today=today,
        section=filters.section_chosen,
        sort=filters.chosen("sort"),
        size=PARTS_ON_PAGE if coverage.is_parted(viewer) else ORGANIZATIONS_ON_PAGE,
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
