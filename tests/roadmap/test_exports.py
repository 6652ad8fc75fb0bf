"""Each view of a roadmap as a file: the same figures under the same filters, in the same sight."""

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from exports import registry
from exports.documents import Document, RowKind
from exports.models import Export
from exports.registry import OutOfScope, ReportUnavailable
from exports.writers.xlsx import write_xlsx
from obligations.models import Obligation
from roadmap.actions import approve
from roadmap.models import Roadmap
from tests.conftest import NOW
from tests.roadmap.stories import MUNICIPALITIES, SCHOOLS, draft_of, item_of, order_of
from tests.roadmap.test_actions import hand_in

Browser = Callable[[User], Client]
NAMES = ("roadmap_items", "roadmap_item", "roadmap_matrix", "roadmap_timeline", "roadmap_calendar")


@pytest.fixture
def in_force(
    ministry: Organization,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    lyceum: Organization,
    anna: User,
    elena: User,
) -> Roadmap:
    """Two items; Елена has handed in what was due on 20 October."""
    rows = (
        ("3.1", "Самодиагностика", "До 10.10.2023 г.", SCHOOLS),
        ("3.2", "=Приказ", "До 20.10.2023 г.", f"{SCHOOLS} {MUNICIPALITIES}"),
    )
    roadmap = draft_of(ministry.region, order_of(*rows))
    approve(roadmap=roadmap, by=anna, now=NOW)
    hand_in(Obligation.objects.get(requirement__number="3.2", organization=bondarskaya), elena)
    return roadmap


def built(name: str, user: User, roadmap: Roadmap, **sent: Any) -> Document:
    """Order a file and build it, as the page and the worker do."""
    report = registry.get(name)
    wanted = report.clean(user=user, sent={"roadmap": roadmap.pk, **sent})
    return report.build(
        user=user, region=wanted.region, parameters=wanted.parameters, now=NOW, progress=lambda _percent, _stage: None
    )


def cells(document: Document, table: int = 0) -> list[list[Any]]:
    """The data of a table of the document."""
    return [list(row.cells) for row in document.tables[table].rows if row.kind is RowKind.DATA]


def test_items_come_under_the_filters_of_their_page(in_force: Roadmap, anna: User, boris: User) -> None:
    document = built("roadmap_items", anna, in_force)
    rows = cells(document)
    assert [row[0] for row in rows] == ["3.1", "3.2"]
    assert rows[0][3] == date(2023, 10, 10)
    assert rows[0][5:] == [4, 0, 0, 4, 4, 0.0]
    assert rows[1][5:] == [6, 0, 1, 5, 0, 0.0]
    narrow = built("roadmap_items", anna, in_force, q="приказ", state="nonsense")
    assert [row[0] for row in cells(narrow)] == ["3.2"]
    assert ("Отбор", "Слова или номер: приказ") in narrow.facts
    assert cells(built("roadmap_items", boris, in_force))[0][5] == 2
    flat = built("roadmap_items", anna, in_force, sort="-due")
    assert [row[0] for row in cells(flat)] == ["3.2", "3.1"]
    assert not flat.charts


def test_an_item_comes_with_municipalities_and_organizations(
    in_force: Roadmap, bondarsky: Organization, anna: User, boris: User
) -> None:
    item = item_of(in_force, "3.2").pk
    document = built("roadmap_item", anna, in_force, item=item)
    assert [row[:2] for row in cells(document)] == [
        ["Бондарский", 3],
        ["Моршанский", 2],
        ["Региональное подчинение", 1],
    ]
    organizations = {row[0]: row for row in cells(document, 1)}
    assert len(organizations) == 6
    assert organizations["Школа Бондарская"][3:] == [date(2023, 10, 20), "На проверке", date(2023, 10, 16), None, None]
    narrow = built("roadmap_item", anna, in_force, item=item, part=bondarsky.pk)
    assert {row[0] for row in cells(narrow)} == {"Бондарский", "Школа Бондарская", "Школа Пахотная"}
    assert {row[0] for row in cells(built("roadmap_item", boris, in_force, item=item))} == {
        "Бондарский",
        "Школа Бондарская",
        "Школа Пахотная",
    }
    overdue = built("roadmap_item", anna, in_force, item=item_of(in_force, "3.1").pk, state="overdue")
    assert {row[7] for row in cells(overdue)} == {6}


def test_the_matrix_comes_with_both_measures(in_force: Roadmap, anna: User, elena: User) -> None:
    document = built("roadmap_matrix", anna, in_force, measure="overdue")
    assert [table.title for table in document.tables] == ["Просрочено, поручений", "Принято, доля поручений"]
    assert cells(document)[0] == ["Бондарский", 2, 2, 0]
    assert cells(document, 1)[0] == ["Бондарский", 0.0, 0.0, 0.0]
    assert cells(document)[-1] == ["Региональный уровень", None, None, None]
    assert [row[0] for row in cells(built("roadmap_matrix", elena, in_force))] == ["Школа Бондарская"]


def test_a_wide_matrix_is_whole_on_a_sheet_and_in_sections_on_paper(ministry: Organization, anna: User) -> None:
    rows = [(f"3.{n}", f"Мероприятие {n}", "До 20.10.2023 г.", MUNICIPALITIES) for n in range(1, 23)]
    roadmap = draft_of(ministry.region, order_of(*rows))
    approve(roadmap=roadmap, by=anna, now=NOW)
    document = built("roadmap_matrix", anna, roadmap)
    shapes = [(table.sheet_only, len(table.columns)) for table in document.tables]
    assert shapes == [(True, 24), (True, 24), (False, 24)]
    assert document.tables[2].sheet_name == "Раздел 3"


def test_a_wide_matrix_is_parted_over_pages_with_its_names_on_each(ministry: Organization, anna: User) -> None:
    rows = [(f"3.{n}", f"Мероприятие {n}", "До 20.10.2023 г.", MUNICIPALITIES) for n in range(1, 45)]
    roadmap = draft_of(ministry.region, order_of(*rows))
    approve(roadmap=roadmap, by=anna, now=NOW)
    book = openpyxl.load_workbook(BytesIO(write_xlsx(built("roadmap_matrix", anna, roadmap))))
    sheet = book.worksheets[1]
    assert (sheet.print_title_cols, sheet.print_title_rows) == ("$A:$B", "$3:$3")
    assert sheet.page_setup.scale == 75
    breaks = [one.id for one in sheet.col_breaks.brk]
    assert len(breaks) == 3
    assert all(later - earlier <= 14 for earlier, later in zip([2, *breaks], [*breaks, 46], strict=True))


def test_the_year_and_a_month_come_as_lists_of_dates(in_force: Roadmap, anna: User, elena: User) -> None:
    year = cells(built("roadmap_timeline", anna, in_force))
    assert [(row[0], row[3], row[6]) for row in year] == [
        (date(2023, 10, 10), "3.1", "Есть просрочка"),
        (date(2023, 10, 20), "3.2", "В работе"),
    ]
    assert len(cells(built("roadmap_timeline", anna, in_force, q="приказ"))) == 1
    assert len(cells(built("roadmap_calendar", anna, in_force, month="2023-10"))) == 2
    assert cells(built("roadmap_calendar", anna, in_force, month="2024-01")) == []
    own = built("roadmap_calendar", elena, in_force, month="2023-10")
    assert [row[7] for row in cells(own)] == [1, 1]
    assert ("Что показано", "Мои поручения") in own.facts


@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_holds_real_dates_and_numbers_and_no_formula(in_force: Roadmap, anna: User, name: str) -> None:
    document = built(name, anna, in_force, item=item_of(in_force, "3.2").pk)
    book = openpyxl.load_workbook(BytesIO(write_xlsx(document)))
    sheet = book.worksheets[1]
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref
    assert sheet.page_setup.orientation == "landscape"
    values = [cell for row in sheet.iter_rows(min_row=4) for cell in row if cell.value is not None]
    assert any(isinstance(cell.value, int | float) for cell in values)
    assert not any(cell.data_type == "f" for cell in values)
    if name in ("roadmap_items", "roadmap_timeline", "roadmap_calendar"):
        assert any(isinstance(cell.value, datetime) for cell in values)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_orders_what_they_cannot_see(in_force: Roadmap, anna: User, viktor: User, name: str) -> None:
    item = item_of(in_force, "3.2").pk
    with pytest.raises(OutOfScope):
        registry.get(name).clean(user=viktor, sent={"roadmap": in_force.pk, "item": item})
    for nonsense in ("", "x", "9" * 30, "-1"):
        with pytest.raises(OutOfScope):
            registry.get(name).clean(user=anna, sent={"roadmap": nonsense, "item": nonsense})
    draft = draft_of(in_force.region, order_number="2400")
    with pytest.raises(OutOfScope):
        registry.get(name).clean(user=anna, sent={"roadmap": draft.pk, "item": item_of(draft, "3.2").pk})


@pytest.mark.parametrize("name", NAMES)
def test_an_order_of_another_region_is_not_built(
    in_force: Roadmap, stranger_ministry: Organization, anna: User, name: str
) -> None:
    parameters = {"roadmap": in_force.pk, "item": item_of(in_force, "3.2").pk}
    with pytest.raises(ReportUnavailable):
        registry.get(name).build(
            user=anna,
            region=stranger_ministry.region,
            parameters=parameters,
            now=NOW,
            progress=lambda _percent, _stage: None,
        )


def test_the_button_takes_the_filters_of_the_address_along(in_force: Roadmap, anna: User, browser_of: Browser) -> None:
    client = browser_of(anna)
    html = client.get(in_force.get_absolute_url(), {"state": "overdue", "q": "само"}).content.decode()
    assert '<input type="hidden" name="state" value="overdue">' in html
    sent = {"report": "roadmap_items", "roadmap": in_force.pk, "state": "overdue", "q": "само", "format": "xlsx"}
    assert client.post(reverse("exports:create"), sent).status_code == 302
    export = Export.objects.get()
    assert export.parameters == {"roadmap": in_force.pk, "state": "overdue", "q": "само"}
    assert export.title == "Мероприятия дорожной карты, 2023/2024 учебный год"
