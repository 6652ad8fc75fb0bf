"""«Выгрузки»: order a file, watch it being built, take it."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.addresses import page_before
from accounts.models import User
from exports import registry
from exports.actions import order_export, retry_export
from exports.models import Export, ExportFormat, ExportState

PAGE_SIZE = 20


def _get(request: HttpRequest, pk: UUID) -> Export:
    """Fetch an export of the person's own or answer 404."""
    export: Export = get_object_or_404(Export.objects.visible_to(request.user).select_related("region"), pk=pk)
    return export


@require_GET
@never_cache
def export_list(request: HttpRequest) -> HttpResponse:
    """List the person's exports, newest first."""
    exports = Export.objects.visible_to(request.user).select_related("region")
    page = Paginator(exports, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "exports/export_list.html", {"page": page})


@require_GET
@never_cache
def export_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far one export is; the page may be left, the file will wait."""
    return render(request, "exports/export_detail.html", {"export": _get(request, pk)})


@require_GET
@never_cache
def export_status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of the page that asks again while the file is being built."""
    return render(request, "exports/_status.html", {"export": _get(request, pk)})


@require_GET
@never_cache
def export_download(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    """Hand the file over under its own name."""
    export = _get(request, pk)
    if export.state != ExportState.READY:
        messages.info(request, "Файл ещё не готов.")
        return redirect(export)
    try:
        return FileResponse(export.file.open("rb"), as_attachment=True, filename=export.filename)
    except FileNotFoundError:
        messages.error(request, "Файл больше не хранится. Закажите выгрузку заново.")
        return redirect(export)


@require_POST
def export_create(request: HttpRequest) -> HttpResponse:
    """Order a report as a file and lead to the page where it can be watched."""
    user = cast("User", request.user)
    try:
        report = registry.get(request.POST.get("report", ""))
        file_format = ExportFormat(request.POST.get("format", ""))
    except (KeyError, ValueError):
        # No form of ours sends this.
        raise BadRequest("Такого отчёта или формата нет.") from None
    if file_format not in report.formats:
        raise BadRequest("В таком виде этот отчёт не строится.")
    try:
        wanted = report.clean(user=user, sent=request.POST)
    except registry.OutOfScope as unknown:
        raise Http404(str(unknown)) from None
    except registry.ReportUnavailable as refusal:
        messages.error(request, str(refusal))
        return redirect(page_before(request) or "exports:list")
    export = order_export(
        report=report,
        file_format=file_format,
        parameters=wanted.parameters,
        title=wanted.title,
        by=user,
        region=wanted.region,
        now=timezone.now(),
    )
    return redirect(export)


@require_POST
def export_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Try again what failed."""
    export = _get(request, pk)
    if not retry_export(export=export, now=timezone.now()):
        messages.info(request, "Эта выгрузка уже строится или готова.")
    return redirect(export)
