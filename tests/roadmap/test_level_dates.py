"""Dates of levels in a draft: proposed below the region's, accepted or changed, carried out by approving."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from obligations.levels import Level
from obligations.models import LevelDue, Obligation, ReviewStep
from obligations.states import Act
from obligations.tightening import set_level_dues
from roadmap.actions import (
    RoadmapRefused,
    accept_levels,
    approve,
    carry_over,
    correct_dates,
    correct_item,
    decide_levels,
    level_dates,
    preview_approval,
)
from roadmap.models import Occurrence, Roadmap
from tests.conftest import NOW, TODAY
from tests.roadmap.stories import MINISTRY, MUNICIPALITIES, SCHOOLS, draft_of, item_of, order_of, row_counts
from tests.roadmap.test_actions import words_of
from tests.roadmap.test_views_import import body

Browser = Callable[[User], Client]
ORDER = order_of(
    ("3.1", "Перечень школ", "До 20.12.2023 г.", MINISTRY),
    ("3.2", "Приказ о реализации", "До 20.12.2023 г.", f"{SCHOOLS}\n{MUNICIPALITIES}"),
    ("3.3", "Отчёт", "До 18.10.2023 г.", SCHOOLS),
)
# 20 December 2023, three working days for the region, five for the municipality.
MUNICIPAL, SCHOOL = date(2023, 12, 15), date(2023, 12, 8)


@pytest.fixture
def draft(
    ministry: Organization,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    lyceum: Organization,
    morshansky: Organization,
) -> Roadmap:
    """Two municipalities, two schools of one of them, a lyceum of the region's own."""
    return draft_of(ministry.region, ORDER)


def accept(draft: Roadmap, by: User) -> int:
    return accept_levels(roadmap=draft, today=TODAY, review={}, by=by)


def owed(number: str) -> dict[str, date]:
    rows = Obligation.objects.filter(requirement__number=number)
    return dict(rows.values_list("organization__short_name", "due_on"))


def test_every_date_that_levels_owe_has_a_proposal_unless_there_is_no_time(draft: Roadmap) -> None:
    before = row_counts()
    rows = {row.item.number: row for row in level_dates(draft, today=TODAY)}
    assert row_counts() == before
    assert set(rows) == {"3.2", "3.3"}
    assert dict(rows["3.2"].shown) == {
        Level.MUNICIPALITY: MUNICIPAL,
        Level.SCHOOL: SCHOOL,
        # It hands in to the ministry itself and needs no municipal review.
        Level.REGIONAL_SCHOOL: MUNICIPAL,
    }
    # Two days before the region's date nobody has time to review: nothing that would be overdue is proposed.
    assert dict(rows["3.3"].shown) == {Level.SCHOOL: None, Level.REGIONAL_SCHOOL: None}
    [longer] = level_dates(draft, today=TODAY, item=item_of(draft, "3.2"), review={"regional_review": 0})
    assert longer.proposed[Level.MUNICIPALITY] == date(2023, 12, 20)


def test_approving_carries_what_was_accepted(draft: Roadmap, anna: User) -> None:
    assert preview_approval(roadmap=draft).unaccepted(TODAY) == 1
    seen = preview_approval(roadmap=draft).fingerprint
    assert accept(draft, anna) == 1
    assert accept(draft, anna) == 0
    preview = preview_approval(roadmap=draft)
    assert (preview.unaccepted(TODAY), preview.fingerprint == seen) == (0, False)
    [row] = preview.split
    assert [(share.label, share.organizations, share.due_on) for share in row.deadlines[0].other_levels] == [
        ("Муниципалитеты", 2, MUNICIPAL),
        ("Школы муниципалитетов", 2, SCHOOL),
        ("Школы регионального подчинения", 1, MUNICIPAL),
    ]
    assert preview.overdue(date(2023, 12, 11)) == 2 + 3
    approve(roadmap=draft, by=anna, now=NOW)
    assert owed("3.2") == {
        "Школа Бондарская": SCHOOL,
        "Школа Пахотная": SCHOOL,
        "Лицей областной": MUNICIPAL,
        "Бондарский": MUNICIPAL,
        "Моршанский": MUNICIPAL,
    }
    assert set(owed("3.3").values()) == {date(2023, 10, 18)}
    assert not ReviewStep.objects.exists()


def test_nothing_accepted_means_the_regions_date_for_all(draft: Roadmap, anna: User) -> None:
    approve(roadmap=draft, by=anna, now=NOW)
    assert set(owed("3.2").values()) == {date(2023, 12, 20)}
    assert not LevelDue.objects.exists()


def test_a_date_that_moves_takes_its_decision_along_or_loses_it(draft: Roadmap, anna: User) -> None:
    accept(draft, anna)
    item = item_of(draft, "3.2")
    # Other words, the same date: what was decided stands.
    correct_item(item=item, words=words_of(item, title="Приказ школы о реализации"), by=anna)
    kept = item.occurrences.get()
    assert (kept.levels_decided, kept.school_due_on) == (True, SCHOOL)
    correct_dates(roadmap=draft, dates={kept.pk: (None, date(2023, 12, 27))}, by=anna)
    moved = item.occurrences.get()
    assert (moved.levels_decided, moved.school_due_on) == (False, None)
    accept(draft, anna)
    item = item_of(draft, "3.2")
    correct_item(item=item, words=words_of(item, deadline_text="До 22.12.2023 г."), by=anna)
    assert not Occurrence.objects.filter(levels_decided=True).exists()


def test_the_next_edition_begins_with_the_dates_in_force_and_may_change_them(draft: Roadmap, anna: User) -> None:
    accept(draft, anna)
    approve(roadmap=draft, by=anna, now=NOW)
    asked = Obligation.objects.filter(requirement__number="3.2").select_related("requirement")[0].requirement
    set_level_dues(requirement=asked, dues={Level.SCHOOL: date(2023, 12, 6)}, by=anna, at=NOW)
    again = carry_over(
        roadmap=draft, academic_year=2023, order_number="2381", order_date=draft.order_date, by=anna, now=NOW
    )
    item = item_of(again, "3.2")
    [row] = level_dates(again, today=TODAY, item=item)
    assert (row.is_decided, row.dues[Level.SCHOOL]) == (True, date(2023, 12, 6))
    dues = {**row.dues, Level.SCHOOL: None, Level.REGIONAL_SCHOOL: date(2023, 12, 18)}
    decide_levels(item=item, dues={row.occurrence.pk: dues}, by=anna)
    preview = preview_approval(roadmap=again)
    assert preview.affected.moved == 3
    # On the 19th: the lyceum and both municipalities, and three schools under 3.3.
    assert preview.overdue(date(2023, 12, 19)) == 6
    assert approve(roadmap=again, by=anna, now=NOW).moved == 3
    assert owed("3.2") == {
        "Школа Бондарская": date(2023, 12, 20),
        "Школа Пахотная": date(2023, 12, 20),
        "Лицей областной": date(2023, 12, 18),
        "Бондарский": MUNICIPAL,
        "Моршанский": MUNICIPAL,
    }


def test_an_edition_that_was_read_anew_leaves_the_dates_in_force_standing(draft: Roadmap, anna: User) -> None:
    accept(draft, anna)
    approve(roadmap=draft, by=anna, now=NOW)
    again = draft_of(draft.region, ORDER.replace("Отчёт", "Отчёт о работе"))
    [row] = preview_approval(roadmap=again).split
    assert row.item.number == "3.2"
    approve(roadmap=again, by=anna, now=NOW)
    assert owed("3.2")["Школа Пахотная"] == SCHOOL
    assert not ReviewStep.objects.filter(obligation__requirement__number="3.2", act=Act.MOVE_DUE).exists()


def test_a_level_cannot_owe_later_than_the_region(draft: Roadmap, anna: User) -> None:
    item = item_of(draft, "3.2")
    pk = item.occurrences.get().pk
    for gone, due in ((pk, date(2023, 12, 21)), (pk + 1000, SCHOOL)):
        with pytest.raises(RoadmapRefused, match="сроки мероприятия изменились"):
            decide_levels(item=item, dues={gone: {Level.SCHOOL: due}}, by=anna)


class TestThePages:
    def test_anna_accepts_what_is_proposed_and_changes_one(
        self, draft: Roadmap, anna: User, browser_of: Browser
    ) -> None:
        client, address = browser_of(anna), reverse("roadmap:level_dates", args=[draft.pk])
        item = item_of(draft, "3.2")
        form = body(client.get(reverse("roadmap:item_edit", args=[item.pk])))
        said = "муниципалитеты — до 15.12.2023, школы муниципалитетов — до 08.12.2023"
        assert f"к 20.12.2023: {said}, школы регионального подчинения — до 15.12.2023 (предложено)" in form
        approving = body(client.get(reverse("roadmap:approve", args=[draft.pk])))
        assert "Для 1 срока предложено" in approving
        page = body(client.get(address))
        assert "Предложения ждут решения для 1 срока; для 1 срока времени на проверку уже не остаётся" in page
        answer = client.post(address, {"municipal_review": "1", "regional_review": "3"}, follow=True)
        assert "Сроки по уровням приняты для 1 срока." in body(answer)
        own = reverse("roadmap:item_levels", args=[item.pk])
        pk = item.occurrences.get().pk
        assert client.get(own).context["form"][f"school_{pk}"].value() == date(2023, 12, 14)
        sent = {f"school_{pk}": "2023-12-15", f"municipality_{pk}": "2023-12-14", f"regional_school_{pk}": "2023-12-16"}
        refused = client.post(own, sent)
        assert refused.status_code == 422
        assert refused.context["form"].errors == {
            f"school_{pk}": ["Школы сдают не позже муниципалитетов."],
            f"regional_school_{pk}": ["Этот день — выходной. Укажите рабочий день."],
        }
        sent |= {f"regional_school_{pk}": ""}
        answer = client.post(own, sent | {f"school_{pk}": "2023-12-01"}, follow=True)
        assert "Мероприятие 3.2: сроки по уровням приняты." in body(answer)
        approving = body(client.get(reverse("roadmap:approve", args=[draft.pk])))
        assert "Школы муниципалитетов (2) — до 01.12.2023" in approving
        answer = client.post(address, {"drop": "1"}, follow=True)
        assert "Решения отменены для 1 срока" in body(answer)
        assert "предложены, ещё не приняты" in body(client.get(reverse("roadmap:draft", args=[draft.pk])))

    def test_the_page_costs_the_same_for_three_items_as_for_one(
        self, draft: Roadmap, anna: User, browser_of: Browser, django_assert_max_num_queries: Any
    ) -> None:
        client = browser_of(anna)
        longer = draft_of(
            draft.region,
            order_of(*[(f"3.{n}", f"Дело {n}", "До 20.12.2023 г.", SCHOOLS) for n in range(1, 4)]),
            order_number="2382",
        )
        shorter = draft_of(draft.region, order_of(("3.1", "Дело", "До 20.12.2023 г.", SCHOOLS)), order_number="2383")
        counts = []
        for roadmap in (longer, shorter):
            with django_assert_max_num_queries(40) as captured:
                client.get(reverse("roadmap:level_dates", args=[roadmap.pk]))
            counts.append(len(captured))
        assert counts[0] == counts[1]
