"""Page, workbook and PDF of «О ходе исполнения дорожной карты» say the same figures."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from html import unescape
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from accounts.models import Organization, Region, User
from exports import registry
from exports.actions import order_export
from exports.building import run_export
from exports.cells import share_label
from exports.documents import Document, StackedBars
from exports.models import Export, ExportFormat
from exports.registry import OutOfScope, ReportUnavailable
from exports.writers.pdf import write_pdf
from exports.writers.xlsx import write_xlsx
from reporting.exports.roadmap_progress import TITLE
from roadmap.models import Occurrence, Roadmap
from tests import factories
from tests.exports.test_writers import pages

SignIn = Callable[[User], Client]

# Item → obligations, accepted, under review, open, overdue, on-time rate.
EXPECTED: dict[str, tuple[int, int, int, int, int, float | None]] = {
    "1.1": (1, 1, 0, 0, 0, 0.0),
    "1.2": (5, 1, 2, 2, 2, 0.6),
    "1.3": (0, 0, 0, 0, 0, None),
    "2.1": (4, 1, 1, 2, 0, 1.0),
    "2.2": (0, 0, 0, 0, 0, None),
}
TOTALS = (10, 3, 3, 4, 2, 0.625)
BONDARSKY = (5, 2, 1, 2, 1, 0.75)


@pytest.fixture(autouse=True)
def _that_day(now: datetime) -> Iterator[None]:
    """Pages are opened on the day on which the stories play."""
    with time_machine.travel(now, tick=False):
        yield


def build(user: User, road: Roadmap, now: datetime, municipality: Organization | None = None) -> Document:
    """Build the report for a person, as the worker does."""
    return registry.get("roadmap").build(
        user=user,
        region=road.region,
        parameters={"roadmap": road.pk, "municipality": municipality.pk if municipality else None},
        now=now,
        progress=lambda _percent, _stage: None,
    )


def written(figures: tuple[int | float | None, ...]) -> str:
    """Figures as people read them, in one line."""
    *counts, rate = figures
    return " ".join([*map(str, counts), share_label(rate).replace("\u00a0", " ")])


def cells(values: list[Any]) -> tuple[Any, ...]:
    """The figures of a row read back by calamine: whole numbers come as floats, an empty share as a dash."""
    *counts, rate = values
    return (*map(int, counts), None if rate == "—" else pytest.approx(rate))


def rows_of(content: bytes, sheet: str) -> list[list[Any]]:
    """The rows of a sheet below its head."""
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(sheet).to_python()[3:]


def page_rows(client: Client, query: Mapping[str, Any] | None = None) -> list[str]:
    """The rows of every table of the page, each as one line of words."""
    html = client.get(reverse("reporting:roadmap_progress"), query or {}).content.decode()
    lines = [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"<tr[^>]*>(.*?)</tr>", html, flags=re.DOTALL)]
    return [" ".join(unescape(line).replace("\u00a0", " ").split()) for line in lines]


# --- the same figures everywhere --------------------------------------------------------------
def test_the_workbook_says_the_figures(road: Roadmap, story: dict[str, Occurrence], anna: User, now: datetime) -> None:
    rows = rows_of(write_xlsx(build(anna, road, now)), "Мероприятия")
    assert {row[0]: cells(row[5:11]) for row in rows if row[0] in EXPECTED} == EXPECTED
    assert [cells(row[5:11]) for row in rows if row[1] == "Всего"] == [TOTALS]
    assert [row[1] for row in rows if str(row[1]).startswith("Итого")] == ["Итого по разделу I", "Итого по разделу II"]


def test_the_page_says_the_figures(road: Roadmap, story: dict[str, Occurrence], anna: User, sign_in: SignIn) -> None:
    lines = page_rows(sign_in(anna))
    for number, figures in EXPECTED.items():
        (line,) = [line for line in lines if line.startswith(f"{number} ")]
        assert line.endswith(written(figures))
    assert f"Всего {written(TOTALS)}" in lines
    assert f"Бондарский {written(BONDARSKY)}" in lines


def test_the_pdf_says_the_figures(road: Roadmap, story: dict[str, Occurrence], anna: User, now: datetime) -> None:
    text = " ".join(pages(write_pdf(build(anna, road, now))))
    for number, figures in EXPECTED.items():
        assert re.search(rf"{number} Мероприятие {number} .*? {re.escape(written(figures))}", text), number
    assert f"Всего {written(TOTALS)}" in text
    assert f"Бондарский {written(BONDARSKY)}" in text
    assert f"Региональное подчинение {written((1, 0, 1, 0, 0, 1.0))}" in text


def test_a_municipality_reads_the_same_on_its_sheet_its_page_and_its_pdf(
    road: Roadmap,
    story: dict[str, Occurrence],
    anna: User,
    boris: User,
    bondarsky: Organization,
    now: datetime,
    sign_in: SignIn,
) -> None:
    sheet = rows_of(write_xlsx(build(anna, road, now)), "Бондарский")
    assert cells(sheet[-1][5:11]) == BONDARSKY
    own = write_xlsx(build(boris, road, now))
    assert [row[:11] for row in rows_of(own, "Мероприятия")] == [row[:11] for row in sheet]
    assert cells(rows_of(own, "Организации")[-1][1:7]) == BONDARSKY
    assert f"Всего {written(BONDARSKY)}" in page_rows(sign_in(anna), {"municipality": bondarsky.pk})
    assert f"Всего {written(BONDARSKY)}" in page_rows(sign_in(boris))
    text = " ".join(pages(write_pdf(build(anna, road, now, bondarsky))))
    assert f"Всего {written(BONDARSKY)}" in text
    assert f"Школа Пахотная {written((2, 1, 0, 1, 1, 0.5))}" in text
    assert "Школа Моршанская" not in text


def test_sheets_of_the_parts_add_up_to_the_regions(
    road: Roadmap, story: dict[str, Occurrence], anna: User, now: datetime
) -> None:
    content = write_xlsx(build(anna, road, now))
    parts = ["Бондарский", "Моршанский", "Региональное подчинение", "Региональный уровень"]
    names = CalamineWorkbook.from_filelike(BytesIO(content)).sheet_names
    assert names == ["Сводка", "Мероприятия", "Муниципалитеты", *parts]
    last = [rows_of(content, part)[-1] for part in parts]
    assert tuple(int(sum(row[column] for row in last)) for column in range(5, 10)) == TOTALS[:5]
    compared = rows_of(content, "Муниципалитеты")
    assert [row[0] for row in compared[:5]] == [*parts, "Тамбовская область"]
    assert [cells(row[1:7]) for row in compared[:4]] == [cells(row[5:11]) for row in last]


# --- what the document says besides -----------------------------------------------------------
def test_the_header_names_order_cut_off_and_scope(
    road: Roadmap, story: dict[str, Occurrence], anna: User, bondarsky: Organization, now: datetime
) -> None:
    first = pages(write_pdf(build(anna, road, now, bondarsky)))[0]
    for text in (TITLE, "2023/2024 учебный год", "приказ № 2381 от 25.08.2023", "16.10.2023 12:00 (МСК)", "Бондарский"):
        assert text in first
    assert "Просрочка" in first or "просрочка начинается назавтра" in first


def test_dates_of_items_are_dates(road: Roadmap, story: dict[str, Occurrence], anna: User, now: datetime) -> None:
    book = load_workbook(BytesIO(write_xlsx(build(anna, road, now))))
    dates = {row[0].value: row[3].value for row in book["Мероприятия"].iter_rows(min_row=4)}
    assert dates["1.1"] == datetime(2023, 7, 10)  # noqa: DTZ001
    assert dates["1.3"] is None


def test_the_chart_divides_each_section_without_remainder(
    road: Roadmap, story: dict[str, Occurrence], anna: User, now: datetime
) -> None:
    (chart,) = build(anna, road, now).charts
    assert isinstance(chart, StackedBars)
    assert {bar.label: tuple(bar.values) for bar in chart.bars} == {
        "I. Организация": (2, 2, 0, 2),
        "II. Внедрение": (1, 1, 2, 0),
    }


def test_the_file_is_named_for_people(road: Roadmap, story: dict[str, Occurrence], anna: User, now: datetime) -> None:
    Region.objects.update(name='Область "А/Б"')
    assert build(anna, Roadmap.objects.get(), now).filename == "Дорожная карта 2023-2024, Область  А Б , 16.10.2023"


def test_a_municipality_named_like_a_formula_stays_a_name(
    road: Roadmap, story: dict[str, Occurrence], anna: User, bondarsky: Organization, now: datetime
) -> None:
    Organization.objects.filter(pk=bondarsky.pk).update(short_name='=cmd|"/c calc"!A1')
    book = load_workbook(BytesIO(write_xlsx(build(anna, road, now))))
    assert not [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert '=cmd|"/c calc"!A1' in [cell.value for cell in book["Муниципалитеты"]["A"]]


# --- ordering ---------------------------------------------------------------------------------
def test_an_order_from_the_page_becomes_the_file(
    road: Roadmap, story: dict[str, Occurrence], boris: User, sign_in: SignIn, now: datetime
) -> None:
    browser = sign_in(boris)
    page = browser.get(reverse("reporting:roadmap_progress")).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(report|roadmap)" value="([^"]+)"', page))
    response = browser.post(reverse("exports:create"), hidden | {"format": "xlsx"}, follow=True)
    export = Export.objects.get()
    assert response.redirect_chain == [(export.get_absolute_url(), 302)]
    assert export.title == f"{TITLE}, 2023/2024 учебный год. Бондарский"
    run_export(export_id=export.pk, clock=lambda: now)
    export.refresh_from_db()
    with export.file.open() as file:
        assert cells(rows_of(file.read(), "Мероприятия")[-1][5:11]) == BONDARSKY
    assert export.filename == "Дорожная карта 2023-2024, Бондарский, 16.10.2023.xlsx"


@pytest.mark.parametrize("wanted", ["", "0", "-1", "x", "99999", str(2**63), "1e3"])
def test_a_roadmap_that_is_not_there_cannot_be_ordered(road: Roadmap, anna: User, sign_in: SignIn, wanted: str) -> None:
    response = sign_in(anna).post(reverse("exports:create"), {"report": "roadmap", "format": "xlsx", "roadmap": wanted})
    assert response.status_code == 404
    assert not Export.objects.exists()


def test_strangers_and_neighbours_cannot_order_what_is_not_theirs(
    road: Roadmap, boris: User, viktor: User, morshansky: Organization, sign_in: SignIn
) -> None:
    order = {"report": "roadmap", "format": "pdf", "roadmap": road.pk}
    assert sign_in(viktor).post(reverse("exports:create"), order).status_code == 404
    neighbours = order | {"municipality": morshansky.pk}
    assert sign_in(boris).post(reverse("exports:create"), neighbours).status_code == 404
    assert not Export.objects.exists()


def test_a_draft_cannot_be_reported_on(region: Region, anna: User) -> None:
    draft = factories.RoadmapFactory(region=region)
    with pytest.raises(OutOfScope):
        registry.get("roadmap").clean(user=anna, sent={"roadmap": draft.pk})


def test_who_lost_their_post_meanwhile_gets_no_file(
    road: Roadmap, story: dict[str, Occurrence], boris: User, region: Region, now: datetime
) -> None:
    export = order_export(
        report=registry.get("roadmap"),
        file_format=ExportFormat.XLSX,
        parameters={"roadmap": road.pk, "municipality": None},
        by=boris,
        region=region,
        now=now,
    )
    boris.memberships.update(ended_on=now.date())
    built = run_export(export_id=export.pk, clock=lambda: now)
    assert built is not None
    assert (built.state, built.failure) == ("failed", "Дорожная карта не найдена или больше не действует.")


def test_a_roadmap_of_another_region_is_refused(
    road: Roadmap, stranger_ministry: Organization, anna: User, now: datetime
) -> None:
    with pytest.raises(ReportUnavailable, match="другому субъекту"):
        registry.get("roadmap").build(
            user=anna,
            region=stranger_ministry.region,
            parameters={"roadmap": road.pk},
            now=now,
            progress=lambda _percent, _stage: None,
        )


def test_the_pdf_can_be_read_aloud(road: Roadmap, story: dict[str, Occurrence], anna: User, now: datetime) -> None:
    reader = PdfReader(BytesIO(write_pdf(build(anna, road, now))))
    assert reader.metadata is not None
    assert reader.metadata.title == TITLE
    catalog = reader.trailer["/Root"].get_object()
    assert catalog["/Lang"] == "ru"  # type: ignore[index]
    assert "/StructTreeRoot" in catalog  # type: ignore[operator]
