"""Looking at a roadmap with real clicks: from the whole region down to one school, and a link sent to a colleague."""

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.reference import load_region
from obligations.models import Obligation
from roadmap.actions import approve
from tests import factories
from tests.e2e.conftest import Installation
from tests.roadmap.stories import MUNICIPALITIES, SCHOOLS, draft_of, order_of

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
Enter = Callable[[str], Page]


def test_from_the_matrix_down_to_a_school(enter: Enter, installation: Installation, tmp_path: Path) -> None:
    directory = load_region()
    bondarskiy = directory.by_code["bondarskiy"]
    anna = factories.person("anna", "ministry", directory.ministry)
    factories.person("boris", "coordinator", bondarskiy)
    for name in ("Школа Бондарская", "Школа Берёзовская"):
        factories.SchoolFactory(parent=bondarskiy, short_name=name)
    rows = (
        ("3.1", "Самодиагностика готовности", "До 10.10.2023 г.", SCHOOLS),
        ("3.2", "План муниципалитета", "До 20.10.2023 г.", MUNICIPALITIES),
    )
    roadmap = draft_of(directory.region, order_of(*rows))
    approve(roadmap=roadmap, by=anna, now=timezone.now())
    done = Obligation.objects.get(requirement__number="3.1", organization__short_name="Школа Бондарская")
    Obligation.objects.filter(pk=done.pk).update(
        state="accepted", first_submitted_at=timezone.now(), submitted_at=timezone.now(), decided_at=timezone.now()
    )
    assert done.due_on == date(2023, 10, 10)

    # Anna looks for an item in capitals; the address keeps what she chose, and Boris opens the same.
    page = enter("anna@example.test")
    page.goto(installation.url + roadmap.get_absolute_url())
    page.get_by_label("Слова или номер").fill("ГОТОВНОСТИ")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("link", name="3.1 Самодиагностика готовности")).to_be_visible()
    expect(page.get_by_role("link", name="3.2 План муниципалитета")).to_have_count(0)
    colleague = enter("boris@example.test")
    colleague.goto(page.url)
    expect(colleague.get_by_label("Слова или номер")).to_have_value("ГОТОВНОСТИ")
    expect(colleague.get_by_role("img", name="принято 1 из 2, просрочено 1").first).to_be_visible()
    page.get_by_role("link", name="Сбросить").click()
    expect(page.get_by_role("link", name="3.2 План муниципалитета")).to_be_visible()

    # From the matrix through a cell to the schools, one of them found without the dots of «ё».
    page.get_by_role("navigation", name="Виды дорожной карты").get_by_role("link", name="Матрица").click()
    page.get_by_role("link", name=re.compile(r"3\.1, Бондарский")).click()
    expect(page.get_by_role("link", name="Школа Бондарская")).to_be_visible()
    page.get_by_label("Организация").fill("березовская")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("link", name="Школа Берёзовская")).to_be_visible()
    expect(page.get_by_role("link", name="Школа Бондарская")).to_have_count(0)

    # What she sees she takes away: the same school, its due date a date.
    page.get_by_role("button", name="Скачать Excel").click()
    link = page.get_by_role("link", name="Скачать").first
    link.wait_for(timeout=120_000)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "item.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "item.xlsx")["Организации"]
    found = [row for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]
    assert [row[0] for row in found] == ["Школа Берёзовская"]
    assert found[0][3] == datetime(2023, 10, 10)  # noqa: DTZ001 - Excel knows no time zones

    # The timeline leads from a mark to what is behind it; on a phone a list takes its place.
    page.goto(installation.url + roadmap.get_absolute_url() + "timeline/")
    page.get_by_role("link", name=re.compile(r"^3\.1, срок 10\.10\.2023: есть просрочка")).click()
    expect(page).to_have_url(re.compile(r"due=2023-10-10"))
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(installation.url + roadmap.get_absolute_url() + "timeline/")
    expect(page.locator(".timeline-list")).to_be_visible()
    expect(page.locator("svg.timeline")).to_be_hidden()
