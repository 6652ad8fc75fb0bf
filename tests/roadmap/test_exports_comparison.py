"""The comparison of two editions as a workbook, its changed words marked."""

from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from openpyxl.cell.rich_text import CellRichText, TextBlock

from accounts.models import Organization, User
from exports import registry
from exports.documents import Document
from exports.models import Export
from exports.registry import OutOfScope
from exports.writers.xlsx import write_xlsx
from roadmap.actions import approve
from roadmap.models import Roadmap
from tests.conftest import NOW
from tests.roadmap.stories import MUNICIPALITIES, SCHOOLS, draft_of, order_of
from tests.roadmap.test_exports import cells
from tests.roadmap.test_levels import own_draft, stricter

REPORT = "roadmap_comparison"
FIRST = (
    ("3.1", "Приказ о реализации профминимума", "До 20.10.2023 г.", SCHOOLS),
    ("3.2", "Родительское собрание о выборе профессии", "До 01.11.2023 г.", SCHOOLS),
    ("3.3", "Совещание", "До 10.11.2023 г.", SCHOOLS),
)
SECOND = (
    ("3.1", "Приказ о начале реализации профминимума", "До 25.10.2023 г.", f"{SCHOOLS} {MUNICIPALITIES}"),
    ("3.3", "Родительское собрание о выборе профессии", "До 01.11.2023 года", SCHOOLS),
    ("3.4", "=Экскурсия", "До 20.12.2023 г.", SCHOOLS),
)


@pytest.fixture
def editions(ministry: Organization, bondarskaya: Organization, anna: User) -> tuple[Roadmap, Roadmap]:
    """An edition in force and the draft of the next one."""
    first = draft_of(ministry.region, order_of(*FIRST))
    approve(roadmap=first, by=anna, now=NOW)
    return first, draft_of(ministry.region, order_of(*SECOND))


def built(user: User, before: Roadmap, after: Roadmap) -> Document:
    """Order the file and build it, as the page and the worker do."""
    report = registry.get(REPORT)
    wanted = report.clean(user=user, sent={"before": str(before.pk), "after": str(after.pk)})
    return report.build(
        user=user, region=wanted.region, parameters=wanted.parameters, now=NOW, progress=lambda _percent, _stage: None
    )


def test_each_kind_of_change_has_its_sheet(editions: tuple[Roadmap, Roadmap], anna: User) -> None:
    document = built(anna, *editions)
    assert [table.sheet_name or table.title for table in document.tables] == [
        "Изменены",
        "Добавлены",
        "Исключены",
        "Новые номера",
        "Только оформление",
    ]
    assert [[str(cell) for cell in row] for row in cells(document)] == [
        [
            "3.1",
            "3.1",
            "Приказ о начале реализации профминимума",
            what,
            before,
            after,
        ]
        for what, before, after in (
            ("Даты", "20.10.2023", "25.10.2023"),
            ("Мероприятие", "Приказ о реализации профминимума", "Приказ о начале реализации профминимума"),
            ("Срок, как в документе", "До 20.10.2023 г.", "До 25.10.2023 г."),
            ("Ответственные", SCHOOLS, f"{SCHOOLS}; {MUNICIPALITIES}"),
        )
    ]
    assert [row[0] for row in cells(document, 1)] == ["3.4"]
    assert [row[1] for row in cells(document, 2)] == ["Совещание"]
    assert cells(document, 3) == [["3.2", "3.3", "Родительское собрание о выборе профессии"]]
    assert [row[3] for row in cells(document, 4)] == ["Срок, как в документе"]


def test_changed_words_are_marked_in_their_cells(editions: tuple[Roadmap, Roadmap], anna: User) -> None:
    book = openpyxl.load_workbook(BytesIO(write_xlsx(built(anna, *editions))), rich_text=True)
    sheet = book["Изменены"]
    title = sheet["F5"].value
    assert isinstance(title, CellRichText)
    marked = [str(run) for run in title if isinstance(run, TextBlock) and run.font.u]
    assert marked == ["начале "]
    assert sheet["E4"].font.strike, "a date that went is struck through as a whole"
    assert sheet["F4"].font.u
    assert book["Добавлены"]["B4"].value == "=Экскурсия"
    assert book["Добавлены"]["B4"].data_type == "s"


def test_an_own_roadmap_is_compared_with_the_one_above(
    editions: tuple[Roadmap, Roadmap], bondarsky: Organization, boris: User, viktor: User
) -> None:
    own = own_draft(editions[0], bondarsky, boris)
    stricter(own, "3.1", "До 18.10.2023 г.", boris)
    assert [row[3] for row in cells(built(boris, editions[0], own))] == ["Даты", "Срок, как в документе"]
    for person, pair in ((viktor, (editions[0], own)), (boris, editions)):
        with pytest.raises(OutOfScope):
            built(person, *pair)


def test_the_page_orders_the_file(
    editions: tuple[Roadmap, Roadmap], anna: User, browser_of: Callable[[User], Client]
) -> None:
    client, (before, after) = browser_of(anna), editions
    page = client.get(reverse("roadmap:compare", args=[before.pk, after.pk])).content.decode()
    assert f'name="report" value="{REPORT}"' in page
    sent = {"report": REPORT, "before": before.pk, "after": after.pk, "format": "xlsx"}
    assert client.post(reverse("exports:create"), sent).status_code == 302
    assert Export.objects.get().parameters == {"before": before.pk, "after": after.pk}
    assert client.post(reverse("exports:create"), sent | {"format": "pdf"}).status_code == 400
