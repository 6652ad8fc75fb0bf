"""A document of another year: its dates are moved into the draft's own, each to be looked at."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Organization, User
from accounts.working_days import is_working_day
from roadmap.actions import RoadmapRefused, approve, derive, foreign_dates, shift_dates
from roadmap.actions.cautions import dates_outside
from roadmap.imports.reader import read_roadmap
from roadmap.models import DateOrigin, Item, Occurrence, Roadmap
from tests.conftest import NOW
from tests.roadmap.documents import ORDER
from tests.roadmap.stories import SCHOOLS, draft_of, item_of, order_of
from tests.roadmap.test_views_import import body

Browser = Callable[[User], Client]
ROWS = (
    ("3.1", "Приказ", "До 20.10.2023 г.", SCHOOLS),
    ("3.2", "Занятия", "Ежемесячно", SCHOOLS),
    ("3.3", "Месячник", "Февраль 2024 г.", SCHOOLS),
    ("3.4", "Итоги", "До 15.07.2024 г.", SCHOOLS),
    ("3.5", "Праздник", "До 12.06.2024 г.", SCHOOLS),
    ("3.6", "По приказу прошлых лет", "До 20.05.2019 г.", SCHOOLS),
)


def dates_of(roadmap: Roadmap, number: str) -> list[tuple[date | None, date, date | None, str]]:
    rows = item_of(roadmap, number).occurrences.all()
    return [(one.start_on, one.due_on, one.moved_from, one.moved_why) for one in rows]


def test_dates_that_speak_of_another_year_move_and_the_rest_stays(ministry: Organization, anna: User) -> None:
    draft = draft_of(ministry.region, order_of(*ROWS), year=2024)
    before = {number: dates_of(draft, number) for number in ("3.2", "3.6")}
    assert shift_dates(roadmap=draft, by=anna) == 4
    # 20 October 2024 is a Sunday; the nearest working day is Monday.
    assert dates_of(draft, "3.1") == [(None, date(2024, 10, 21), date(2023, 10, 20), DateOrigin.DAY_OFF)]
    assert item_of(draft, "3.1").deadline_text == "До 21.10.2024 г."
    assert item_of(draft, "3.1").doubts == []
    assert dates_of(draft, "3.3") == [
        (date(2025, 2, 1), date(2025, 2, 28), date(2024, 2, 29), DateOrigin.MONTH_END),
    ]
    # A July that could prepare the draft's own year goes with the others: the document closes its year with it.
    assert dates_of(draft, "3.4") == [(None, date(2025, 7, 15), date(2024, 7, 15), DateOrigin.SAME_DAY)]
    assert dates_of(draft, "3.5")[0][1] == date(2025, 6, 11)
    # What was read for the draft's own year stays, and so does what belongs to neither.
    assert {number: dates_of(draft, number) for number in before} == before
    assert "вне 2024/2025 учебного года" in item_of(draft, "3.6").doubts[0]["message"]
    assert foreign_dates([date(2024, 10, 21), date(2025, 7, 15)], 2024) is None


def test_the_whole_order_comes_into_another_year(ministry: Organization, anna: User) -> None:
    draft = draft_of(ministry.region, ORDER, year=2026)
    items = Item.objects.filter(section__roadmap=draft)
    occurrences = Occurrence.objects.filter(item__section__roadmap=draft)
    found = foreign_dates(occurrences.values_list("due_on", flat=True), 2026)
    assert found is not None
    assert found.year == 2023
    assert shift_dates(roadmap=draft, by=anna) >= found.dates
    assert dates_outside(occurrences.values_list("due_on", flat=True), 2026) == []
    assert not [item for item in items if any("учебного года" in doubt["message"] for doubt in item.doubts)]
    for one in occurrences.exclude(moved_why=""):
        assert one.moved_why in (DateOrigin.MONTH_END, DateOrigin.WEEKDAY) or is_working_day(one.due_on), one
    with pytest.raises(RoadmapRefused, match="Сдвигать нечего"):
        shift_dates(roadmap=draft, by=anna)


@given(st.lists(st.dates(date(2000, 1, 1), date(2060, 12, 31)), max_size=8), st.integers(2022, 2030))
def test_the_year_that_dates_speak_of_holds_some_of_them(days: list[date], year: int) -> None:
    found = foreign_dates(days, year)
    assert (found is None) == (not dates_outside(days, year))
    if found:
        assert found.year != year
        assert 1 <= found.dates <= len(days)


def test_what_an_own_roadmap_inherits_is_not_moved(
    ministry: Organization, bondarsky: Organization, boris: User
) -> None:
    approve(roadmap=draft_of(ministry.region, order_of(*ROWS[:2])), by=None, now=NOW)
    own = derive(
        parent=Roadmap.objects.get(),
        owner=bondarsky,
        order_number="15",
        order_date=date(2023, 9, 4),
        title="План",
        by=boris,
        now=NOW,
        plan=read_roadmap(order_of(("1", "Совещание", "До 20.10.2021 г.", "Отдел образования"))),
    )
    assert shift_dates(roadmap=own, by=boris) == 1
    assert dates_of(own, "М1") == [(None, date(2023, 10, 20), date(2021, 10, 20), DateOrigin.SAME_DAY)]
    assert dates_of(own, "3.1") == [(None, date(2023, 10, 20), None, "")]


def test_anna_moves_the_dates_with_one_button_and_looks_at_each(
    ministry: Organization, anna: User, browser_of: Browser
) -> None:
    draft, client = draft_of(ministry.region, order_of(*ROWS), year=2024), browser_of(anna)
    page = client.get(reverse("roadmap:draft", args=[draft.pk]))
    assert "Сдвинуть даты на 2024/2025 учебный год" in body(page)
    assert "к 2023/2024 учебному году, а проект — на 2024/2025" in body(page)
    address = reverse("roadmap:shift_dates", args=[draft.pk])
    moved = body(client.post(address, follow=True))
    assert "Сдвинуто на 2024/2025 учебный год: 4 срока. Проверьте каждый." in moved
    assert "3.1 Приказ" in moved
    assert "20.10.2023, пт" in moved
    page = client.get(reverse("roadmap:draft", args=[draft.pk]))
    assert "Проверить перенесённые сроки" in body(page)
