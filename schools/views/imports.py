"""«Загрузка школ»: choose a file, look at what it would do, take it over."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from schools import rules
from schools.actions import ask_for, keep_upload
from schools.exports.list_template import FILENAMES, build_template
from schools.forms import SeenForm, UploadForm
from schools.imports.importing import checksum_of
from schools.imports.listings import RESOURCES
from schools.imports.undoing import SHOWN, Undo
from schools.imports.uploads import preview_upload
from schools.models import ColumnMapping, ListKind, SchoolImport, SchoolUpload

SHOWN_ROWS = 50
SHOWN_PROBLEMS = 2000
SHOWN_IMPORTS = 10
PAGE_SIZE = 30
INVALID = 422
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def upload_list(request: HttpRequest) -> HttpResponse:
    """Ask for a file; keep the one that can be read and lead to its preview."""
    user = _administrator(request)
    regions = list(rules.importable_regions(user))
    if not regions:
        return render(request, "schools/import_nowhere.html")
    listing = _listing(request)
    today = regions[0].today()
    form = UploadForm(request.POST or None, request.FILES or None, regions=regions, today=today, listing=listing)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["list_file"]
        return redirect(
            keep_upload(
                region=form.region_chosen,
                academic_year=form.year_chosen,
                data=data,
                filename=form.cleaned_data["filename"],
                checksum=checksum_of(data),
                by=user,
                now=timezone.now(),
                listing=listing,
            )
        )
    mappings = ColumnMapping.objects.visible_to(user).filter(kind=listing).select_related("by", "region")
    imports = SchoolImport.objects.visible_to(user).select_related("by", "region")[:SHOWN_IMPORTS]
    shown = {"listing": listing, "layout": RESOURCES[listing].layout, "kinds": ListKind.choices}
    context = shown | {"form": form, "imports": imports, "mappings": mappings}
    return render(request, "schools/import.html", context, status=INVALID if form.errors else 200)


@require_safe
@never_cache
def import_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what the uploaded list would do; while it is being imported how far that is; then lead to what it did."""
    upload = own_upload(request, pk)
    if upload.outcome:
        return redirect(upload.outcome)
    if upload.is_pending:
        return render(request, "schools/import_progress.html", {"upload": upload})
    outcome = preview_upload(upload=upload, now=timezone.now())
    context = {
        "upload": upload,
        "outcome": outcome,
        "form": SeenForm(initial=outcome.good),
        "shown": SHOWN_ROWS,
        "shown_problems": SHOWN_PROBLEMS,
    }
    return render(request, "schools/import_preview.html", context)


@require_POST
def import_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have exactly the file that was previewed imported; a worker does it, and the page may be left."""
    upload = own_upload(request, pk)
    form = SeenForm(request.POST)
    seen = form.cleaned_data if form.is_valid() else {}
    only_good = "only_good" in request.POST
    if upload.outcome or not ask_for(upload, now=timezone.now(), seen=seen, only_good=only_good):
        messages.info(request, "Этот файл уже загружен или загружается.")
    return redirect(upload)


@require_safe
@never_cache
def import_status(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of the page that asks again while the list is being imported; in the end the whole page comes anew."""
    upload = own_upload(request, pk)
    response = render(request, "schools/_import_status.html", {"upload": upload})
    if not upload.is_pending:
        response.headers["HX-Refresh"] = "true"
    return response


@require_safe
@never_cache
def import_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what came of an import, and how far its undoing is."""
    record = _imported(request, pk)
    upload = SchoolUpload.objects.filter(outcome=record).first()
    rest = SchoolUpload.objects.visible_to(request.user).filter(rest_of=record, outcome=None).first()
    return render(request, "schools/import_result.html", {"record": record, "upload": upload, "rest": rest})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what undoing an import would do, or why it cannot be undone; have it undone by a worker."""
    record = _imported(request, pk)
    if request.method == "POST":
        if record.undone_at or not ask_for(record, now=timezone.now(), undo_asked_by=request.user):
            messages.info(request, "Эта загрузка уже отменена или отменяется.")
        return redirect(record)
    return render(request, "schools/import_undo.html", {"record": record, "plan": Undo(record).look(), "shown": SHOWN})


@require_safe
@never_cache
def undo_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that asks again while an import is being undone."""
    record = _imported(request, pk)
    response = render(request, "schools/_undo_status.html", {"record": record})
    if not record.is_pending:
        response.headers["HX-Refresh"] = "true"
    return response


@require_safe
@never_cache
def import_history(request: HttpRequest) -> HttpResponse:
    """List the imports of the regions whose registry one keeps, newest first."""
    imports = SchoolImport.objects.visible_to(_administrator(request)).select_related("region", "by")
    page = Paginator(imports, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "schools/imports.html", {"page": page})


@require_safe
def import_template(request: HttpRequest) -> HttpResponse | FileResponse:
    """Hand out the empty list to be filled in."""
    region = rules.importable_regions(_administrator(request)).first()
    if region is None:
        raise PermissionDenied
    listing = _listing(request)
    response = HttpResponse(
        build_template(region, listing),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=FILENAMES[listing]
    )
    return response


def _listing(request: HttpRequest) -> ListKind:
    """Which list the address asks for; 404 for one there isn't."""
    try:
        return ListKind(request.GET.get("list", ListKind.SCHOOLS))
    except ValueError:
        raise Http404("Такого списка нет.") from None


def _administrator(request: HttpRequest) -> User:
    """Return the person, who must keep a registry."""
    user = cast("User", request.user)
    if not rules.may_import(user):
        raise PermissionDenied
    return user


def _imported(request: HttpRequest, pk: int) -> SchoolImport:
    """Fetch an import into a region whose registry one keeps, or answer 404."""
    imports = SchoolImport.objects.visible_to(request.user).select_related("region", "by", "undo_asked_by", "revision")
    record: SchoolImport = get_object_or_404(imports, pk=pk)
    return record


def own_upload(request: HttpRequest, pk: UUID) -> SchoolUpload:
    """Fetch one's own upload or answer 404: to anybody else it does not exist."""
    uploads = SchoolUpload.objects.visible_to(cast("User", request.user)).select_related("region", "outcome__by", "by")
    upload: SchoolUpload = get_object_or_404(uploads, pk=pk)
    return upload
