"""What the files about a roadmap have in common: whom they are about, their heads, the columns of a tally."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.models import Region, User
from exports.documents import (
    Bar,
    Cell,
    Column,
    ColumnKind,
    Document,
    Figure,
    SeriesRole,
    StackedBars,
    Table,
)
from exports.naming import file_name
from exports.registry import OutOfScope, ReportUnavailable, Request
from obligations.aggregates import Tally
from roadmap.aggregates import dates_with_origin
from roadmap.filters import Filters
from roadmap.models import Item, Roadmap
from roadmap.querysets import RoadmapQuerySet

COUNT_COLUMNS = (
    Column("Поручений", ColumnKind.NUMBER, 13),
    Column("Принято", ColumnKind.NUMBER, 11),
    Column("На проверке", ColumnKind.NUMBER, 12),
    Column("Не сдано", ColumnKind.NUMBER, 10),
    Column("из них просрочено", ColumnKind.NUMBER, 15),
)
TALLY_COLUMNS = (*COUNT_COLUMNS, Column("Принято, %", ColumnKind.SHARE, 11))
_LONGEST_CHOICE = 200


def count_cells(tally: Tally) -> list[Cell]:
    """The cells of ``COUNT_COLUMNS``."""
    return [tally.obligations, tally.accepted, tally.under_review, tally.open, tally.overdue]


def tally_cells(tally: Tally) -> list[Cell]:
    """The cells of ``TALLY_COLUMNS``."""
    return [*count_cells(tally), tally.accepted_rate]


def figures(tally: Tally) -> tuple[Figure, ...]:
    """The headline figures."""
    return (
        Figure("Поручений", tally.obligations),
        Figure("Принято", tally.accepted),
        Figure("На проверке", tally.under_review),
        Figure("Не сдано", tally.open),
        Figure("Просрочено", tally.overdue, note="из не сданных"),
        Figure("Принято от всех", tally.accepted_rate, ColumnKind.SHARE),
    )


def bars(title: str, tallies: Sequence[tuple[str, Tally]]) -> StackedBars:
    """The status bars of the page, in the paints of the page."""
    return StackedBars(
        title,
        (
            ("Принято", SeriesRole.DONE),
            ("На проверке", SeriesRole.REVIEW),
            ("В работе", SeriesRole.OPEN),
            ("Просрочено", SeriesRole.OVERDUE),
        ),
        [
            Bar(label, (tally.accepted, tally.under_review, tally.in_progress, tally.overdue))
            for label, tally in tallies
        ],
    )


def _of_files(user: User) -> RoadmapQuerySet:
    """Editions that files are made of: the region's and those of municipalities and schools, once approved."""
    visible = Roadmap.objects.visible_to(user).exclude(state="draft")
    return visible.select_related("region", "owner__parent")


def roadmap_of(user: User, sent: Mapping[str, Any]) -> Roadmap:
    """Read the edition in question; raises OutOfScope for what the person cannot see, and for drafts."""
    pk = number_sent(sent.get("roadmap"))
    roadmap = _of_files(user).filter(pk=pk).first()
    if roadmap is None:
        raise OutOfScope("Дорожная карта не найдена.")
    return roadmap


def item_of(user: User, sent: Mapping[str, Any]) -> Item:
    """Read the item in question; raises OutOfScope for what the person cannot see, and for items of drafts."""
    items = Item.objects.visible_to(user).exclude(section__roadmap__state="draft")
    items = items.select_related("section__roadmap__region", "section__roadmap__owner__parent")
    items = items.prefetch_related(dates_with_origin(), "bodies__organization")
    item = items.filter(pk=number_sent(sent.get("item"))).first()
    if item is None:
        raise OutOfScope("Мероприятие не найдено.")
    return item


def request_for(roadmap: Roadmap, *, title: str, sent: Mapping[str, Any], filters: type[Filters]) -> Request:
    """Make an order of what was sent: the edition, perhaps the item, and what the page's filters know."""
    wanted = {"roadmap", "item", *filters.base_fields}
    parameters = {name: str(sent[name])[:_LONGEST_CHOICE] for name in sorted(wanted) if sent.get(name)}
    return Request(
        region=roadmap.region,
        parameters={**parameters, "roadmap": roadmap.pk},
        title=f"{title}, {roadmap.year} учебный год"[:300],
    )


def in_region(roadmap: Roadmap, region: Region) -> None:
    """Raise ReportUnavailable when the edition is of another region than the order."""
    if roadmap.region_id != region.pk:
        raise ReportUnavailable("Дорожная карта относится к другому субъекту РФ.")


def document(
    roadmap: Roadmap,
    *,
    title: str,
    now: datetime,
    tables: Sequence[Table],
    total: Tally,
    facts: Sequence[tuple[str, str]] = (),
    chosen: str = "",
    charts: Sequence[StackedBars] = (),
) -> Document:
    """Put a file together under one head."""
    cut_off = roadmap.region.local(now)
    shown = [("Основание", roadmap.order_label), ("Субъект РФ", roadmap.region.name), *facts]
    if chosen:
        shown.append(("Отбор", chosen))
    year = f"{roadmap.academic_year}-{roadmap.academic_year + 1}"
    name = f"{title}, {year}, {cut_off:%d.%m.%Y}"
    return Document(
        title=title,
        subtitle=f"{roadmap.year} учебный год",
        facts=tuple(shown),
        figures=figures(total),
        charts=tuple(charts),
        tables=tuple(tables),
        cut_off=cut_off,
        filename=file_name(name),
        notes=(
            "Поручение — одно мероприятие с одним сроком, порученное одной организации. Снятые не учитываются.",
            "Просрочено — из не сданных те, срок которых прошёл. День срока входит в срок.",
        ),
    )


def number_sent(sent: Any) -> int:
    """Read an id; raises OutOfScope for what cannot be one."""
    text = str(sent or "")
    if not text.isdecimal() or len(text) > 18:
        raise OutOfScope("Такой выгрузки нет.")
    return int(text)
