"""The reviewer's pages: the inbox, what changed, decisions one by one and many at once."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from obligations.models import Obligation, Requirement, ReviewStep
from obligations.states import Act, State
from obligations.workflow import advance, last_step_id
from tests import factories
from tests.obligations import samples
from tests.obligations.samples import upload

Browser = Callable[[User], Client]
Submitted = Callable[..., Obligation]
pytestmark = pytest.mark.usefixtures("october")


def page(browser: Client, name: str, *args: object, **query: str | int) -> str:
    response = browser.get(reverse(f"obligations:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def send(browser: Client, name: str, pk: int, query: str = "", **data: Any) -> Any:
    return browser.post(reverse(f"obligations:{name}", args=[pk]) + query, data)


def accept_many(browser: Client, *ticks: str, query: str = "") -> str:
    answer = browser.post(reverse("obligations:accept_many") + query, {"chosen": ticks}, follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("obligations:inbox"))
    return answer.content.decode()


def tick(obligation: Obligation) -> str:
    return f"{obligation.pk}-{last_step_id(obligation)}"


@pytest.fixture
def submitted(region: object, now: datetime) -> Submitted:
    """Let a deputy hand in an item of their school, with a link, so many hours ago."""

    def _submitted(number: str, by: User, *, hours_ago: int = 1, link: bool = True) -> Obligation:
        school = by.active_memberships[0].organization
        requirement = Requirement.objects.filter(number=number).first() or factories.RequirementFactory(
            region=school.region, number=number
        )
        obligation: Obligation = factories.ObligationFactory(requirement=requirement, organization=school)
        at = now - timedelta(hours=hours_ago)
        if link:
            url = "https://school.example/"
            obligation.evidence.create(kind="link", title="Сайт", url=url, added_at=at, added_by=by)
        advance(obligation=obligation, act=Act.SUBMIT, by=by, at=at, note="Сделано")
        return obligation

    return _submitted


def return_once(obligation: Obligation, by: User, at: datetime) -> None:
    advance(obligation=obligation, act=Act.RETURN, by=by, at=at, reason="incomplete", comment="Дополните")


# --- the story --------------------------------------------------------------------------------
def test_elena_submits_boris_returns_elena_resubmits_boris_accepts(
    obligation: Obligation, elena: User, boris: User, browser_of: Browser, october: Callable[[], None]
) -> None:
    at_elena, at_boris = browser_of(elena), browser_of(boris)
    files = [upload("Проект приказа.docx", samples.docx()), upload("План.pdf")]
    send(at_elena, "submit", obligation.pk, attachments=files, note="Приказ на подписи", seen=0)
    assert obligation.requirement.title in page(at_boris, "inbox")

    october()
    opened = page(at_boris, "detail", obligation.pk)
    assert "Нужно ваше решение" in opened
    assert "Что изменилось" not in opened
    assert opened.count("btn-primary") == 1
    answer = send(
        at_boris,
        "return",
        obligation.pk,
        reason="not_signed",
        comment="Нужен подписанный приказ",
        seen=last_step_id(obligation),
    )
    assert answer.url == reverse("obligations:inbox")
    assert "Всё проверено" in page(at_boris, "inbox")

    october()
    returned = page(at_elena, "detail", obligation.pk)
    assert "Исправьте замечание" in returned
    assert "Документ не подписан" in returned
    assert "Нужен подписанный приказ" in returned
    draft = obligation.evidence.get(title="Проект приказа.docx")
    send(at_elena, "evidence_remove", draft.pk, note="Приказ на подписи")
    send(
        at_elena,
        "submit",
        obligation.pk,
        attachments=[upload("Приказ подписан.pdf", samples.pdf("signed"))],
        note="Приказ подписан",
        seen=last_step_id(obligation),
    )

    october()
    listed = page(at_boris, "inbox")
    assert "Сдано повторно" in listed
    changed = page(at_boris, "detail", obligation.pk).partition("Что изменилось с прошлой сдачи")[2]
    added, removed = changed.partition("Добавлено")[2].partition("Убрано")[::2]
    assert "Приказ подписан.pdf" in added
    assert "План.pdf" not in added
    assert "Проект приказа.docx" in removed.partition("Пояснение переписано")[0]
    words = re.sub(r"<span[^>]*>.*?</span>", "", removed)
    assert "Приказ <del>на подписи</del><ins>подписан</ins>" in words
    send(at_boris, "accept", obligation.pk, seen=last_step_id(obligation))

    obligation.refresh_from_db()
    assert obligation.state == State.ACCEPTED
    shown = page(at_elena, "detail", obligation.pk)
    assert "Поручение принято" in shown
    assert "Что изменилось" not in shown
    told = shown.partition("История</h2>")[2]
    places = [told.index(fact) for fact in ("Поручено", "Сдано на проверку", "Возвращено на доработку", "Принято")]
    assert places == sorted(places)
    assert "Петрова Boris" in told
    assert "16\u00a0октября\u00a02023\u00a0г., 13:00" in told


def test_handed_in_again_unchanged_is_told(
    submitted: Submitted, elena: User, boris: User, browser_of: Browser, now: datetime
) -> None:
    obligation = submitted("1.1", elena, hours_ago=5)
    return_once(obligation, boris, now - timedelta(hours=4))
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now)
    assert "Ничего: файлы, ссылки и пояснение те же" in page(browser_of(boris), "detail", obligation.pk)


# --- the inbox --------------------------------------------------------------------------------
def test_the_inbox_holds_what_its_reviewer_decides_oldest_first(
    submitted: Submitted,
    elena: User,
    ivan: User,
    maria: User,
    pavel: User,
    boris: User,
    galina: User,
    anna: User,
    browser_of: Browser,
) -> None:
    submitted("1.1", elena, hours_ago=1), submitted("1.2", ivan, hours_ago=5)
    submitted("1.3", maria), submitted("1.4", pavel)
    submitted("1.5", boris)
    of_boris = page(browser_of(boris), "inbox").partition("<h1")[2]
    rows = of_boris.partition("<table")[2]
    assert rows.index("Мероприятие 1.2") < rows.index("Мероприятие 1.1")
    assert "Ждут решения 2\u00a0поручения" in of_boris
    for foreign in ("1.3", "1.4", "1.5"):
        assert f"Мероприятие {foreign}" not in of_boris
    assert "Мероприятие 1.3" in page(browser_of(galina), "inbox")
    of_anna = page(browser_of(anna), "inbox")
    assert "Мероприятие 1.4" in of_anna
    assert "Мероприятие 1.5" in of_anna
    assert "Мероприятие 1.1" not in of_anna


def test_the_inbox_is_narrowed_by_item_and_school(
    submitted: Submitted, elena: User, ivan: User, boris: User, browser_of: Browser
) -> None:
    submitted("1.1", elena), submitted("1.1", ivan), submitted("1.2", ivan)
    browser = browser_of(boris)
    listed = page(browser, "inbox", item="1.1")
    assert listed.count('name="chosen"') == 2
    one = page(browser, "inbox", item="1.1", organization=ivan.active_memberships[0].organization_id)
    assert one.count('name="chosen"') == 1
    assert page(browser, "inbox", item="9.9", organization="x").count('name="chosen"') == 3


def test_who_reviews_nobody_has_no_inbox(elena: User, oleg: User, zoya: User, browser_of: Browser) -> None:
    for person in (elena, oleg, zoya):
        browser = browser_of(person)
        assert browser.get(reverse("obligations:inbox")).status_code == 403
        assert browser.post(reverse("obligations:accept_many"), {"chosen": "1-1"}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_inbox_asks_the_database_the_same_however_long(
    submitted: Submitted, elena: User, boris: User, browser_of: Browser, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        submitted(f"1.{number + 1}", elena)
    browser = browser_of(boris)
    # session, user, memberships; items, organizations; how many; the rows; extensions
    with django_assert_num_queries(9):
        page(browser, "inbox")


# --- decisions --------------------------------------------------------------------------------
def test_after_a_decision_comes_the_next_under_the_same_filter(
    submitted: Submitted, elena: User, ivan: User, boris: User, browser_of: Browser
) -> None:
    oldest = submitted("1.1", elena, hours_ago=9)
    skipped_by_filter = submitted("1.2", ivan, hours_ago=8)
    middle, youngest = submitted("1.3", elena, hours_ago=7), submitted("1.4", elena, hours_ago=6)
    browser = browser_of(boris)
    school = f"?organization={elena.active_memberships[0].organization_id}"
    assert f'href="{middle.get_absolute_url()}{school}"' in page(browser, "inbox", organization=oldest.organization_id)

    after_middle = send(browser, "accept", middle.pk, school, seen=last_step_id(middle))
    assert after_middle.url == youngest.get_absolute_url() + school
    after_youngest = send(browser, "return", youngest.pk, school, reason="other", comment="Нет", seen="")
    assert after_youngest.url == oldest.get_absolute_url() + school
    after_oldest = send(browser, "accept", oldest.pk, school, seen=last_step_id(oldest))
    assert after_oldest.url == skipped_by_filter.get_absolute_url()
    assert send(browser, "accept", skipped_by_filter.pk).url == reverse("obligations:inbox")


def test_a_return_without_reason_or_remark_keeps_what_was_typed(
    submitted: Submitted, elena: User, boris: User, browser_of: Browser
) -> None:
    obligation = submitted("1.1", elena)
    browser = browser_of(boris)
    no_reason = send(browser, "return", obligation.pk, reason="", comment="Подпишите у директора")
    assert no_reason.status_code == 422
    assert "Выберите причину возврата" in no_reason.content.decode()
    assert "Подпишите у директора</textarea>" in no_reason.content.decode()
    no_remark = send(browser, "return", obligation.pk, reason="not_signed", comment=" ")
    assert "Напишите, что исправить" in no_remark.content.decode()
    assert ReviewStep.objects.count() == 1


@pytest.mark.parametrize("name", ["accept", "return", "reopen"])
def test_only_the_reviewer_decides(
    submitted: Submitted, elena: User, anna: User, oleg: User, zoya: User, browser_of: Browser, name: str
) -> None:
    obligation = submitted("1.1", elena)
    for person in (elena, anna, oleg, zoya):
        answer = send(browser_of(person), name, obligation.pk, reason="other", comment="Нет")
        assert answer.status_code == 403
    assert ReviewStep.objects.count() == 1


def test_galina_finds_nothing_of_boris_schools(
    submitted: Submitted, elena: User, galina: User, browser_of: Browser
) -> None:
    obligation = submitted("1.1", elena)
    browser = browser_of(galina)
    assert browser.get(obligation.get_absolute_url()).status_code == 404
    assert send(browser, "accept", obligation.pk).status_code == 404


def test_two_coordinators_at_once_the_second_is_told_and_keeps_the_words(
    submitted: Submitted, elena: User, boris: User, bondarsky: Organization, browser_of: Browser
) -> None:
    raisa = factories.person("raisa", "coordinator", bondarsky)
    obligation = submitted("1.1", elena)
    seen = last_step_id(obligation)
    assert send(browser_of(boris), "accept", obligation.pk, seen=seen).status_code == 302
    late = send(browser_of(raisa), "return", obligation.pk, reason="other", comment="Нет подписи", seen=seen)
    assert late.status_code == 409
    assert "Решение уже принято: «Принято» (16\u00a0октября" in late.content.decode()
    assert "Нет подписи" in late.content.decode()
    assert send(browser_of(raisa), "accept", obligation.pk, seen=seen).status_code == 409
    assert ReviewStep.objects.count() == 2


def test_a_return_with_errors_after_the_decision_is_told_of_the_decision(
    submitted: Submitted, elena: User, boris: User, browser_of: Browser
) -> None:
    obligation = submitted("1.1", elena)
    assert send(browser_of(boris), "accept", obligation.pk, seen=last_step_id(obligation)).status_code == 302
    late = send(browser_of(boris), "return", obligation.pk, reason="", comment="Нет подписи")
    assert late.status_code == 409
    shown = late.content.decode()
    assert "Решение уже принято" in shown
    assert "в форме ниже" not in shown
    assert "Нет подписи" in shown


def test_a_page_that_grew_old_decides_nothing(
    submitted: Submitted, elena: User, boris: User, browser_of: Browser, now: datetime
) -> None:
    obligation = submitted("1.1", elena, hours_ago=5)
    seen = last_step_id(obligation)
    return_once(obligation, boris, now - timedelta(hours=4))
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now - timedelta(hours=3), note="Иначе")
    browser = browser_of(boris)
    stale = send(browser, "return", obligation.pk, reason="other", comment="Старое замечание", seen=seen)
    assert stale.status_code == 409
    shown = stale.content.decode()
    assert "Пока страница была открыта, поручение изменилось" in shown
    assert "Старое замечание</textarea>" in shown
    assert f'name="seen" value="{last_step_id(obligation)}"' in shown
    obligation.refresh_from_db()
    assert obligation.state == State.SUBMITTED


def test_pavel_of_the_lyceum_is_reviewed_by_anna(
    submitted: Submitted, pavel: User, anna: User, boris: User, browser_of: Browser
) -> None:
    obligation = submitted("1.1", pavel)
    assert browser_of(boris).get(obligation.get_absolute_url()).status_code == 404
    assert send(browser_of(anna), "accept", obligation.pk, seen=last_step_id(obligation)).status_code == 302
    obligation.refresh_from_db()
    assert obligation.state == State.ACCEPTED


def test_anna_reviews_boris_and_the_ministry_itself(
    submitted: Submitted, boris: User, anna: User, browser_of: Browser
) -> None:
    of_boris, own = submitted("1.1", boris), submitted("1.2", anna)
    browser = browser_of(anna)
    for obligation in (of_boris, own):
        assert send(browser, "accept", obligation.pk, seen=last_step_id(obligation)).status_code == 302
    assert set(Obligation.objects.values_list("state", flat=True)) == {State.ACCEPTED}


def test_boris_reopens_what_he_accepted(submitted: Submitted, elena: User, boris: User, browser_of: Browser) -> None:
    obligation = submitted("1.1", elena)
    browser = browser_of(boris)
    send(browser, "accept", obligation.pk)
    assert "Открыть повторно" in page(browser, "detail", obligation.pk)
    assert "Что нужно исправить" in page(browser, "reopen", obligation.pk)
    assert send(browser, "reopen", obligation.pk, comment="").status_code == 422
    assert send(browser, "reopen", obligation.pk, comment="Приказ отменён").status_code == 302
    obligation.refresh_from_db()
    assert obligation.state == State.REOPENED
    assert "Приказ отменён" in page(browser_of(elena), "detail", obligation.pk)


def test_only_the_ministry_cancels_with_a_reason_and_restores(
    obligation: Obligation, elena: User, boris: User, oleg: User, anna: User, browser_of: Browser
) -> None:
    for person in (elena, boris, oleg):
        assert send(browser_of(person), "cancel", obligation.pk, comment="Не нужно").status_code == 403
    browser = browser_of(anna)
    assert "Снять поручение с организации?" in page(browser, "cancel", obligation.pk)
    assert send(browser, "cancel", obligation.pk, comment="  ").status_code == 422
    assert send(browser, "cancel", obligation.pk, comment="Школа на ремонте").status_code == 302
    obligation.refresh_from_db()
    assert obligation.state == State.CANCELLED
    assert "Школа на ремонте" in page(browser_of(elena), "detail", obligation.pk)
    assert send(browser, "restore", obligation.pk, comment="Ремонт окончен").status_code == 302
    obligation.refresh_from_db()
    assert obligation.state == State.OPEN


# --- many at once -----------------------------------------------------------------------------
def test_boris_accepts_many_and_is_told_of_those_that_changed(
    submitted: Submitted, elena: User, ivan: User, boris: User, browser_of: Browser, now: datetime
) -> None:
    first, second = submitted("1.1", elena), submitted("1.2", elena)
    gone, again = submitted("1.3", ivan, hours_ago=5), submitted("1.4", ivan, hours_ago=5)
    ticks = [tick(each) for each in (first, second, gone, again)]
    return_once(gone, boris, now)
    advance(obligation=again, act=Act.CANCEL, by=_ministry_of(again), at=now, comment="Снято")
    said = accept_many(browser_of(boris), *ticks)
    assert "Принято: 2\u00a0поручения." in said
    assert "Не принято — 1.3, Школа Пахотная. Решение уже принято: «Возвращено на доработку»" in said
    assert "Не принято — 1.4, Школа Пахотная. Решение уже принято: «Снято»" in said
    assert sorted(Obligation.objects.values_list("state", flat=True)) == [
        "accepted",
        "accepted",
        "cancelled",
        "returned",
    ]
    assert ReviewStep.objects.filter(act=Act.ACCEPT, by=boris).count() == 2


def _ministry_of(obligation: Obligation) -> User:
    ministry = Organization.objects.get(region=obligation.organization.region, kind="ministry")
    return factories.person("another.anna", "ministry", ministry)


def test_only_clean_ones_have_a_box_and_a_box_made_up_does_not_help(
    submitted: Submitted, elena: User, ivan: User, boris: User, browser_of: Browser, now: datetime
) -> None:
    clean, words = submitted("1.1", elena), submitted("1.2", elena, link=False)
    late = submitted("1.4", elena, hours_ago=2)
    Obligation.objects.filter(pk=late.pk).update(due_on="2023-10-10")
    again = submitted("1.3", ivan, hours_ago=5)
    return_once(again, boris, now - timedelta(hours=4))
    advance(obligation=again, act=Act.SUBMIT, by=ivan, at=now - timedelta(hours=3))
    nil = factories.ObligationFactory(organization=clean.organization)
    advance(obligation=nil, act=Act.DECLARE_NIL, by=elena, at=now, comment="Нет классов")
    browser = browser_of(boris)
    listed = page(browser, "inbox")
    assert listed.count('name="chosen"') == 2
    assert f'value="{tick(clean)}"' in listed
    assert f'value="{tick(words)}"' in listed
    for reason in ("Сдано повторно", "Нечего отчитаться", "сдано с опозданием"):
        assert reason in listed
    only = page(browser, "inbox", clean_only="on")
    assert "Ждут решения 2\u00a0поручения" in only
    assert "Мероприятие 1.4" not in only.partition("<table")[2]
    said = accept_many(browser, *[tick(each) for each in (late, again, nil)], query="?clean_only=on")
    assert said.count("Откройте и посмотрите") == 3
    assert not Obligation.objects.filter(state=State.ACCEPTED).exists()


def test_many_of_other_coordinators_are_not_even_named(
    submitted: Submitted, elena: User, maria: User, boris: User, browser_of: Browser
) -> None:
    own, foreign = submitted("1.1", elena), submitted("1.2", maria)
    said = accept_many(browser_of(boris), tick(own), tick(foreign))
    assert "Принято: 1\u00a0поручение." in said
    assert "1.2" not in said
    foreign.refresh_from_db()
    assert foreign.state == State.SUBMITTED


@pytest.mark.parametrize("ticks", [[], ["x"], ["1"], ["1-2-3"], [f"{10**30}-1"], ["-1-1"]])
def test_nothing_ticked_or_nonsense_ticked_says_so(boris: User, browser_of: Browser, ticks: list[str]) -> None:
    assert "Отметьте хотя бы одно поручение" in accept_many(browser_of(boris), *ticks)
