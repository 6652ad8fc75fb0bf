"""The registry as an Excel file that may be imported back: nothing then changes.

What the import would not take (a school without INN or level, a closed one) stands on a sheet of its own, whose head
it does not read.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import OrganizationKind, Region, User
from exports.documents import Column, Document, Figure, Row, Table
from exports.models import ExportFormat
from exports.registry import Progress, Report, ReportUnavailable, Request
from schools.filters import SchoolFilters
from schools.imports.columns import COLUMNS
from schools.imports.places import REGIONAL
from schools.querysets import SchoolQuerySet, schools

TITLE = "Реестр школ"
_WIDTHS = tuple(Column(column.title, width=column.width) for column in COLUMNS)
_KEPT_OUT = (
    Column("Какая школа", width=60),
    Column("Где", width=24),
    Column("Почему не на первом листе", width=60),
)
_LONGEST_CHOICE = 100
_CHUNK = 2000


def clean(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: the filters of the page as they are."""
    region = Region.objects.visible_to(user).first()
    if region is None:
        raise ReportUnavailable("Портал не знает, по какому субъекту РФ составить реестр.")
    known = SchoolFilters.base_fields
    chosen = {name: str(sent[name])[:_LONGEST_CHOICE] for name in sorted(known) if sent.get(name)}
    return Request(region=region, parameters=chosen, title=TITLE)


def build(*, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress) -> Document:
    """List the schools that ``user`` may see; one query for all of them."""
    local = region.local(now)
    visible = schools().visible_to(user).filter(region=region)
    filters = SchoolFilters(parameters, visible=visible, today=local.date())
    progress(20, "Читаем реестр")
    listed, kept_out = _rows(filters.apply(visible))
    progress(80, "Составляем таблицу")
    tables = [Table("Школы", _WIDTHS, listed)]
    if kept_out:
        tables.append(Table("Не загружаются обратно", _KEPT_OUT, kept_out))
    return Document(
        title=TITLE,
        subtitle=f"{filters.academic_year} учебный год",
        facts=(("Субъект РФ", region.name), ("Отбор", filters.words() or "все действующие")),
        figures=(Figure("Школ", len(listed) + len(kept_out)), Figure("на листе для загрузки", len(listed))),
        charts=(),
        tables=tables,
        cut_off=local,
        filename=f"Реестр школ, {local:%d.%m.%Y}",
        notes=(
            "Лист «Школы» можно поправить и загрузить обратно: изменится только то, что вы изменили.",
            "Наименования — нынешние, уровень и участие — выбранного учебного года.",
        ),
    )


def _rows(shown: SchoolQuerySet) -> tuple[list[Row], list[Row]]:
    """The schools that an import takes back, and the others with what is the matter."""
    listed, kept_out = [], []
    for school in shown.iterator(chunk_size=_CHUNK):
        cells = _cells(school)
        if obstacle := _obstacle(school, cells):
            kept_out.append(Row([cells["name"], cells["municipality"], obstacle]))
        else:
            listed.append(Row([cells[column.field] for column in COLUMNS]))
    return listed, kept_out


def _cells(school: Any) -> dict[str, str]:
    """A school as a row of a list, by field."""
    profile = getattr(school, "school_profile", None)
    regional = school.parent.kind == OrganizationKind.MINISTRY
    return {
        "municipality": REGIONAL if regional else school.parent.short_name,
        "name": school.name,
        "short_name": school.short_name,
        "inn": school.inn,
        "ogrn": school.ogrn,
        "level": f"{school.level_title} ({school.level_hours} ч)" if school.level_title else "",
        "ticket": "да" if school.has_ticket else "нет",
        "contact_name": profile.contact_name if profile else "",
        "contact_post": profile.contact_post if profile else "",
        "contact_email": profile.contact_email if profile else "",
        "contact_phone": profile.contact_phone if profile else "",
        "site": school.site,
    }


def _obstacle(school: Any, cells: Mapping[str, str]) -> str:
    """Why an import would not leave the school as it is; empty where it would."""
    reasons = []
    if not school.is_active:
        reasons.append("школа закрыта")
    if not cells["inn"]:
        reasons.append("нет ИНН")
    if not cells["level"]:
        reasons.append("не указан уровень")
    return ", ".join(reasons)


SCHOOL_REGISTRY = Report(
    name="school_registry", title=TITLE, clean=clean, build=build, formats=frozenset({ExportFormat.XLSX})
)
