"""A deputy's ten minutes with the plan: totals follow the typing, and what is typed can be handed in."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.reference import load_region
from tests import factories
from tests.e2e.axe import violations
from tests.e2e.conftest import Installation
from tests.schools.plans import accepted_plan, plan_asked

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
Enter = Callable[[str], Page]


def test_totals_follow_the_typing(enter: Enter, installation: Installation) -> None:
    bondarskiy = load_region().by_code["bondarskiy"]
    school = factories.SchoolFactory(parent=bondarskiy, short_name="Школа Бондарская")
    factories.person("elena", "deputy", school)
    running = accepted_plan(school)
    year = running.requirement.academic_year + 1
    owed = plan_asked(school, academic_year=year)

    page = enter("elena@example.test")
    page.goto(installation.url + owed.get_absolute_url())
    page.get_by_role("link", name="Открыть план школы").click()
    expect(page.get_by_text("Уровень не выбран")).to_be_visible()
    page.get_by_label("Основной").check()
    page.get_by_role("button", name="Взять типовой план уровня").click()
    total = page.locator("[data-plan-sum]")
    expect(total).to_contain_text("набраны")

    hours = page.locator("[data-direction=lessons]").get_by_label("Часы").first
    hours.fill("2")
    expect(total).to_contain_text("не хватает 3")
    expect(page.locator("[data-direction=lessons] [data-plan-norm]")).to_contain_text("не хватает 3")
    why = page.locator("[data-direction=lessons]").get_by_label("Почему часов меньше рекомендованного")
    expect(why).to_be_visible()
    page.get_by_label("Продвинутый").check()
    expect(page.locator("[data-direction=profile_classes] [data-plan-norm]")).to_contain_text("партнёрское соглашение")
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("Основной").check()
    hours.fill("5")
    page.get_by_role("button", name="Сдать на проверку").first.click()
    expect(page.get_by_text("План сдан на проверку.")).to_be_visible()

    page.goto(f"{installation.url}/schools/plans/{running.pk}/")
    expect(page.get_by_role("heading", name="План и факт")).to_be_visible()
    assert violations(page) == []
    for address in ("/schools/plans/", "/schools/plans/norms/"):
        page.goto(installation.url + address)
        assert violations(page) == []
