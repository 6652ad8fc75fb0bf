"""Handing evidence out: only to those who may know of it, and never to be run by a browser."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from obligations.evidence import content_type_of
from obligations.models import Evidence, EvidenceKind


@require_safe
@never_cache
def evidence_file(request: HttpRequest, pk: int) -> FileResponse:
    """Stream one attached file as a download under the name people know it by."""
    piece = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk, kind=EvidenceKind.FILE)
    try:
        content = piece.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("The file is not in storage.") from error
    response = FileResponse(
        content, as_attachment=True, filename=piece.title, content_type=content_type_of(piece.title)
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
