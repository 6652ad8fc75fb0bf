"""The uploaded file taken back: with remarks, or its wrong rows alone."""

from pathlib import PurePath
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from schools.imports.uploads import remarked_upload
from schools.views.imports import own_upload

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_STEM = 150


@require_safe
def import_remarks(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand back the whole file with a column of remarks."""
    return _file(request, pk, "с замечаниями", only_faulty=False)


@require_safe
def import_faulty(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand back the rows that cannot be taken."""
    return _file(request, pk, "строки с ошибками", only_faulty=True)


def _file(request: HttpRequest, pk: UUID, what: str, *, only_faulty: bool) -> HttpResponse:
    upload = own_upload(request, pk)
    data = remarked_upload(upload=upload, now=timezone.now(), only_faulty=only_faulty)
    if data is None:
        messages.error(request, "Файл больше не хранится. Загрузите его ещё раз.")
        return redirect(upload if upload.outcome is None else "schools:import")
    response = HttpResponse(data, content_type=_XLSX)
    name = f"{PurePath(upload.filename).stem[:_LONGEST_STEM]} — {what}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
