"""«Какая графа что значит»: what the columns of an uploaded table mean, remembered for the next one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from schools.actions import forget_mapping, remember_mapping
from schools.forms import ColumnsForm
from schools.imports.listings import RESOURCES
from schools.imports.uploads import read_upload
from schools.models import ColumnMapping, SchoolUpload
from schools.views.imports import INVALID, own_upload
from sheets.headings import head_key


@dataclass(frozen=True)
class _Explained:
    """A table of the file: its form, the sheets that share its head, what is remembered of it."""

    index: int
    form: ColumnsForm
    sheets: list[str]
    mapping: ColumnMapping | None

    @property
    def caption(self) -> str:
        """The name of the table of its columns."""
        return f"Столбцы листа «{self.sheets[0]}»"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def import_columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how the columns were understood; take what a person says and remember it for such heads."""
    upload = own_upload(request, pk)
    if upload.outcome or upload.is_pending:
        return redirect(upload)
    explained = _explained(request, upload)
    asked = request.POST.get("table", "")
    sent = next((one for one in explained if str(one.index) == asked), None)
    if request.method == "POST" and sent is not None and sent.form.is_valid():
        titles = sent.form.table.heading.titles
        remember_mapping(
            region=upload.region,
            kind=upload.listing,
            head=head_key(titles),
            titles=[title for title in titles if title],
            fields=sent.form.meanings(),
            by=cast("User", request.user),
            now=timezone.now(),
        )
        messages.success(request, "Запомнили. Таблицы с такими же заголовками портал теперь прочитает так же.")
        return redirect(upload)
    context = {"upload": upload, "explained": explained}
    return render(request, "schools/import_columns.html", context, status=INVALID if sent else 200)


@require_POST
def mapping_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Read tables with such a head by their titles alone again."""
    user = cast("User", request.user)
    mappings = ColumnMapping.objects.visible_to(user).select_related("region")
    forget_mapping(mapping=get_object_or_404(mappings, pk=pk), by=user)
    messages.success(request, "Забыли. Портал снова узнаёт столбцы по заголовкам.")
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("schools:import")


def _explained(request: HttpRequest, upload: SchoolUpload) -> list[_Explained]:
    """The tables of the file, one for each head, each with its form; the one that was sent is bound."""
    tables = read_upload(upload, _head_rows(request.GET)).tables
    heads: dict[str, list[int]] = {}
    for index, table in enumerate(tables):
        heads.setdefault(head_key(table.heading.titles), []).append(index)
    known = ColumnMapping.objects.filter(region=upload.region, kind=upload.listing, head__in=heads).select_related("by")
    mappings = {one.head: one for one in known}
    layout = RESOURCES[upload.listing].layout
    return [
        _Explained(
            index=first,
            form=ColumnsForm(
                request.POST if request.POST.get("table") == str(first) else None,
                table=tables[first],
                layout=layout,
                prefix=f"t{first}",
            ),
            sheets=[tables[index].sheet for index in same],
            mapping=mappings.get(head),
        )
        for head, same in heads.items()
        for first in same[:1]
    ]


def _head_rows(asked: Mapping[str, str]) -> dict[str, int]:
    """Where the person says the head of a sheet stands."""
    row = asked.get("row", "")
    return {asked["sheet"]: int(row)} if asked.get("sheet") and row.isdecimal() and len(row) < 8 else {}
