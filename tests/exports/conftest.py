"""A small report of two figures, ordered by Anna: enough to watch a file being built."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Region, User
from exports import registry
from exports.actions import order_export
from exports.documents import (
    Bar,
    Column,
    ColumnKind,
    Document,
    Figure,
    Row,
    RowKind,
    SeriesRole,
    StackedBars,
    Table,
)
from exports.models import Export, ExportFormat

MOSCOW = ZoneInfo("Europe/Moscow")
ATTACK = '=HYPERLINK("http://evil.test","Школа")'


def sample_document(**changes: Any) -> Document:
    """A document with every kind of cell, row and part."""
    columns = (
        Column("Школа", width=40),
        Column("Сдано", ColumnKind.NUMBER, 10),
        Column("В срок", ColumnKind.SHARE, 10),
        Column("Срок", ColumnKind.DATE, 12),
    )
    rows = [
        Row(["I. Первый раздел"], RowKind.GROUP),
        Row(["Школа № 1", 1234, 0.875, date(2023, 10, 20)]),
        Row([ATTACK, 0, None, None]),
        Row(["Всего", 1234, 0.5, None], RowKind.TOTAL),
    ]
    parts: dict[str, Any] = {
        "title": "О сдаче",
        "subtitle": "2023/2024 учебный год",
        "facts": (("Основание", "приказ № 2381"), ("Охват", "Тамбовская область")),
        "figures": (Figure("Сдано", 1234), Figure("В срок", 0.875, ColumnKind.SHARE, "из наступивших")),
        "charts": (
            StackedBars(
                "По разделам",
                (("Принято", SeriesRole.DONE), ("Просрочено", SeriesRole.OVERDUE)),
                (Bar("I. Первый раздел", (900, 334)), Bar("II. Второй раздел", (0, 0))),
            ),
        ),
        "tables": (
            Table("Школы", columns, rows, note="Снятые не считаются."),
            Table("Школы: Бондарский", columns, rows, sheet_name="Бондарский", sheet_only=True),
        ),
        "cut_off": datetime(2023, 10, 16, 12, 0, tzinfo=MOSCOW),
        "filename": "О сдаче 2023-2024",
        "notes": ("Просрочка начинается на следующий день.",),
    }
    return Document(**(parts | changes))


@dataclass
class SampleReport:
    """A report whose building a story can watch, refuse or break."""

    before: Callable[[], None] = field(default=lambda: None)
    built_for: list[tuple[User, Mapping[str, Any], datetime]] = field(default_factory=list)

    def clean(self, *, user: User, sent: Mapping[str, Any]) -> registry.Request:
        """Take the school's name; there is no such thing as a secret school."""
        name = str(sent.get("school", ""))
        if name == "Тайная":
            raise registry.OutOfScope("Не найдено.")
        if name == "Пустая":
            raise registry.ReportUnavailable("По этой школе данных нет.")
        return registry.Request(Region.objects.visible_to(user)[0], {"school": name}, f"О сдаче: {name}")

    def build(
        self,
        *,
        user: User,
        region: Region,
        parameters: Mapping[str, Any],
        now: datetime,
        progress: registry.Progress,
    ) -> Document:
        """Build the sample document at the moment given."""
        progress(50, "Считаем школы")
        self.before()
        self.built_for.append((user, parameters, now))
        return sample_document(cut_off=region.local(now))


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> SampleReport:
    """The sample report, known to the registry for the length of a story."""
    report = SampleReport()
    known = registry.Report(name="sample", title="О сдаче", clean=report.clean, build=report.build)
    monkeypatch.setattr(registry, "_reports", {**registry._reports, "sample": known})
    return report


@pytest.fixture
def ordered(sample: SampleReport, anna: User, region: Region, now: datetime) -> Export:
    """Anna has ordered the sample as Excel."""
    return order_export(
        report=registry.get("sample"),
        file_format=ExportFormat.XLSX,
        parameters={"school": "Школа № 1"},
        by=anna,
        region=region,
        now=now,
    )
