"""Returns counted by reason: the same figures on the page, in Excel and in PDF, each person their own part."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, Region, User
from exports import registry
from exports.charts import draw
from exports.documents import CountBars
from exports.registry import ReportUnavailable
from obligations.exports.returns import document
from obligations.returns import Returns, count_returns
from obligations.states import Act
from obligations.workflow import advance
from tests import factories

SINCE, UNTIL = date(2023, 9, 1), date(2023, 10, 16)
pytestmark = pytest.mark.usefixtures("october")
Browser = Callable[[User], Client]


@pytest.fixture
def returned(
    requirement: Any,
    bondarskaya: Organization,
    morshanskaya: Organization,
    lyceum: Organization,
    elena: User,
    maria: User,
    pavel: User,
    boris: User,
    galina: User,
    anna: User,
    now: datetime,
) -> None:
    """Бондарская was returned twice, Моршанская once, the lyceum never."""
    at = now - timedelta(days=5)

    def play(school: Organization, owner: User, reviewer: User, *reasons: str) -> None:
        obligation = factories.ObligationFactory(requirement=requirement, organization=school)
        advance(obligation=obligation, act=Act.SUBMIT, by=owner, at=at, note="Готово")
        for number, reason in enumerate(reasons, start=1):
            later = at + timedelta(hours=2 * number)
            advance(obligation=obligation, act=Act.RETURN, by=reviewer, at=later, reason=reason, comment="Дополните")
            advance(obligation=obligation, act=Act.SUBMIT, by=owner, at=later + timedelta(hours=1))

    play(bondarskaya, elena, boris, "no_evidence", "not_signed")
    play(morshanskaya, maria, galina, "not_signed")
    play(lyceum, pavel, anna)


def count(user: User, region: Region, now: datetime, since: date = SINCE, until: date = UNTIL) -> Returns:
    return count_returns(user=user, region=region, since=since, until=until, now=now)


@pytest.mark.usefixtures("returned")
def test_the_ministry_sees_reasons_districts_and_items(anna: User, region: Region, now: datetime) -> None:
    counted = count(anna, region, now)
    assert (counted.total.handed_in, counted.total.returned, counted.total.share) == (6, 3, 0.5)
    assert counted.reasons[:2] == [("Документ не подписан", 2), ("Нет подтверждающих документов", 1)]
    assert sum(number for _, number in counted.reasons) == 3
    assert [(row.label, row.handed_in, row.returned) for row in counted.by_authority] == [
        ("Бондарский", 3, 2),
        ("Моршанский", 2, 1),
        ("Школы на региональном бюджете", 1, 0),
    ]
    [item] = counted.by_item
    assert (item.number, item.returned, item.by_reason["not_signed"]) == ("3.2", 3, 2)


@pytest.mark.usefixtures("returned")
def test_each_sees_their_own_part(boris: User, elena: User, viktor: User, region: Region, now: datetime) -> None:
    assert [row.label for row in count(boris, region, now).by_authority] == ["Бондарский"]
    assert count(boris, region, now).scope == "Бондарский"
    assert count(elena, region, now).total.returned == 2
    assert count(viktor, region, now).total.handed_in == 0


@pytest.mark.usefixtures("returned")
def test_the_days_of_the_period_are_inclusive_on_the_regions_clocks(anna: User, region: Region, now: datetime) -> None:
    day = (now - timedelta(days=5)).date()
    assert count(anna, region, now, since=day, until=day).total.returned == 3
    assert count(anna, region, now, since=day + timedelta(days=1)).total.returned == 0
    region.time_zone = "Asia/Kamchatka"
    assert count(anna, region, now, since=day + timedelta(days=1)).total.returned == 1


@pytest.mark.usefixtures("returned")
def test_it_is_one_query(anna: User, region: Region, now: datetime, django_assert_num_queries: Any) -> None:
    assert anna.active_memberships
    with django_assert_num_queries(1):
        count(anna, region, now)


@pytest.mark.usefixtures("returned")
def test_page_and_document_show_the_same(anna: User, region: Region, now: datetime, browser_of: Browser) -> None:
    page = browser_of(anna).get(reverse("obligations:returns"), {"since": "2023-09-01", "until": "2023-10-16"})
    text = page.content.decode()
    made = document(count(anna, region, now))
    [chart] = made.charts
    assert isinstance(chart, CountBars)
    assert str(draw(chart, name="returns-wide")) in text
    assert "Документ не подписан — 2." in text
    authorities, items = made.tables
    assert [list(row.cells[:3]) for row in authorities.rows] == [
        ["Бондарский", 3, 2],
        ["Моршанский", 2, 1],
        ["Школы на региональном бюджете", 1, 0],
        ["Всего", 6, 3],
    ]
    assert all(len(row.cells) == len(items.columns) for row in items.rows)


@pytest.mark.usefixtures("returned")
def test_it_is_ordered_as_a_file(anna: User, region: Region, now: datetime, browser_of: Browser) -> None:
    sent = {"report": "returns", "since": "2023-09-01", "until": "2023-10-16", "format": "xlsx"}
    assert browser_of(anna).post(reverse("exports:create"), sent).status_code == 302
    report = registry.get("returns")
    parameters = report.clean(user=anna, sent=sent).parameters
    built = report.build(user=anna, region=region, parameters=parameters, now=now, progress=lambda *_: None)
    assert built.figures[1].value == 3
    for wrong in ({}, {"since": "вчера", "until": "2023-10-16"}, {"since": "2023-10-17", "until": "2023-10-16"}):
        with pytest.raises(ReportUnavailable):
            report.clean(user=anna, sent=wrong)


def test_a_quiet_period_says_so(anna: User, browser_of: Browser) -> None:
    page = browser_of(anna).get(reverse("obligations:returns")).content.decode()
    assert "Возвратов нет" in page


@pytest.mark.parametrize("sent", [{"since": "завтра"}, {"since": "2023-10-10", "until": "2023-10-01"}])
def test_a_period_that_makes_no_sense_is_said(anna: User, browser_of: Browser, sent: dict[str, str]) -> None:
    page = browser_of(anna).get(reverse("obligations:returns"), sent)
    assert page.status_code == 200
    assert "error-summary" in page.content.decode()
