"""What closes an item: guessed from the order's words, corrected by people, carried to the requirement."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, Region, User
from obligations.models import Requirement, RequirementForm
from roadmap.actions import approve, carry_over
from roadmap.imports.closing import suggest_form
from roadmap.imports.reader import read_roadmap
from tests.conftest import NOW
from tests.roadmap.stories import SCHOOLS, draft_of, item_of, order_of

PLAN = "Разработка плана профориентационной работы в образовательной организации"


@pytest.mark.parametrize("name", ["roadmap_2381.txt", "roadmap_2381_earlier_edition.txt"])
def test_of_the_order_only_the_plan_and_the_self_check_have_forms(name: str) -> None:
    items = read_roadmap(Path(settings.BASE_DIR, "fixtures", name).read_text()).items

    forms = {item.number: suggest_form(item.title) for item in items}

    assert {number: form for number, form in forms.items() if form != RequirementForm.EVIDENCE} == {
        "3.1": RequirementForm.SELF_CHECK,
        "3.6": RequirementForm.PLAN,
    }
    assert suggest_form("Мониторинг планов профориентационной работы школ") == RequirementForm.EVIDENCE


def test_approval_and_the_next_year_carry_the_form_and_the_ministry_may_change_it_in_force(
    region: Region,
    ministry: Organization,
    bondarskaya: Organization,
    anna: User,
    sign_in: Callable[[User], Client],
) -> None:
    draft = draft_of(region, order_of(("3.6", PLAN, "До 25.09.2023 г.", SCHOOLS)))
    browser = sign_in(anna)
    page = browser.get(reverse("roadmap:draft", args=[draft.pk])).content.decode()
    assert "Закрывается формой портала: план школы" in page
    approve(roadmap=draft, by=anna, now=NOW)
    requirement = Requirement.objects.get(number="3.6")
    assert requirement.form == RequirementForm.PLAN
    item = item_of(draft, "3.6")

    address = reverse("roadmap:item_form", args=[item.pk])
    assert "План школы" in browser.get(address).content.decode()
    browser.post(address, {"form": "evidence"})

    requirement.refresh_from_db()
    item.refresh_from_db()
    assert (requirement.form, item.form) == (RequirementForm.EVIDENCE, RequirementForm.EVIDENCE)
    browser.post(address, {"form": "plan"})
    copy = carry_over(
        roadmap=draft, academic_year=2024, order_number="9", order_date=draft.order_date, by=anna, now=NOW
    )
    assert item_of(copy, "3.6").form == RequirementForm.PLAN
    assert (
        browser.post(reverse("roadmap:item_form", args=[item_of(copy, "3.6").pk]), {"form": "plan"}).status_code == 403
    )
