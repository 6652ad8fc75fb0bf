"""What pages of obligations tell is true, and leads on to what comes next."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, Region, User
from obligations.actions import ask_extension
from obligations.chasing.sending import chase
from obligations.models import Notice, Obligation, Requirement
from obligations.states import Act, ReturnReason, State
from obligations.workflow import advance
from schools.models import SchoolProfile
from tests import factories
from tests.obligations import samples

Browser = Callable[[User], Client]
pytestmark = pytest.mark.usefixtures("october")


def read(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


@pytest.fixture
def burnt(bondarskaya: Organization, today: date) -> Obligation:
    """Sent back, and overdue since."""
    requirement = factories.RequirementFactory(region=bondarskaya.region, number="1.9", due_on=today - timedelta(2))
    then = factories.LONG_AGO
    return factories.ObligationFactory(
        requirement=requirement,
        organization=bondarskaya,
        state=State.RETURNED,
        first_submitted_at=then,
        submitted_at=then,
        decided_at=then,
    )


def test_what_is_overdue_and_returned_is_found_under_both(burnt: Obligation, elena: User, browser_of: Browser) -> None:
    browser, title = browser_of(elena), f"1.9 {burnt.requirement.title}"
    every = read(browser, reverse("obligations:todo"))
    assert "На доработке <strong>1</strong>" in every
    assert "Просрочено <strong>1</strong>" in every
    for group in ("overdue", "returned"):
        assert title in read(browser, f"{reverse('obligations:todo')}?group={group}")
    home = read(browser, reverse("home"))
    assert f"{reverse('obligations:todo')}?group=returned" in home
    assert "из них просрочено\u00a01" in home
    assert "к исполнению 1, принято 0" in home


def test_after_handing_in_elena_is_led_to_what_burns_next(
    obligation: Obligation, burnt: Obligation, elena: User, boris: User, browser_of: Browser
) -> None:
    browser = browser_of(elena)
    for done, following in ((obligation, burnt), (burnt, None)):
        answer = browser.post(reverse("obligations:submit", args=[done.pk]), {"note": "Проведено"}, follow=True)
        page = answer.content.decode()
        assert "Поручение сдано на проверку." in page
        if following:
            assert f'<a class="btn btn-primary" href="{following.get_absolute_url()}">К следующему' in page
        else:
            assert "Больше поручений на этот учебный год не осталось." in page
    assert "К следующему<" not in read(browser_of(boris), obligation.get_absolute_url())


def test_what_was_handed_in_and_returned_is_called_so(
    obligation: Obligation, elena: User, boris: User, browser_of: Browser, october: Callable[[], None]
) -> None:
    at_elena, at_boris = browser_of(elena), browser_of(boris)
    send = {"attachments": [samples.upload("Приказ.pdf")]}
    assert "Подготовлено, но ещё не сдано" in read(at_boris, obligation.get_absolute_url())
    at_elena.post(reverse("obligations:submit", args=[obligation.pk]), send)
    october()
    at_boris.post(
        reverse("obligations:return", args=[obligation.pk]), {"reason": ReturnReason.OTHER, "comment": "Дополните"}
    )
    october()
    later = {"attachments": [samples.upload("План.pdf", samples.pdf("plan"))]}
    at_elena.post(reverse("obligations:save", args=[obligation.pk]), later)
    page = read(at_boris, obligation.get_absolute_url())
    assert "Сдано и возвращено на доработку</h2>" in page
    assert "Подготовлено, но ещё не сдано" not in page
    assert page.count("; ещё не сдавалось") == 1
    assert page.index("План.pdf</a>") < page.index("; ещё не сдавалось")


def test_errors_are_named_at_the_head_with_links_to_their_fields(
    obligation: Obligation, elena: User, browser_of: Browser
) -> None:
    fields = {"attachments": [samples.upload("virus.exe", samples.EXE)], "links": "javascript:alert(1)"}
    answer = browser_of(elena).post(reverse("obligations:submit", args=[obligation.pk]), fields)
    page = answer.content.decode()
    assert page.count('class="error-summary"') == 1
    head = page[page.index('class="error-summary"') : page.index("Что требуется")]
    assert '<a href="#id_attachments">Файлы: «virus.exe»: файлы .exe не принимаются' in head
    assert '<a href="#id_links">Ссылки: Строка 1' in head
    for anchor in re.findall(r'href="#([^"]+)"', head):
        assert f'id="{anchor}"' in page


def test_one_of_the_three_fields_is_enough_and_none_is_called_optional(
    obligation: Obligation, elena: User, browser_of: Browser
) -> None:
    page = read(browser_of(elena), obligation.get_absolute_url())
    form = page[page.index('id="answer"') : page.index("Сдать на проверку</button>")]
    assert "Заполните хотя бы одно: файлы, ссылки или пояснение." in form
    assert "необязательно" not in form


def test_the_same_file_under_the_same_name_is_not_told_its_own_name(
    obligation: Obligation, elena: User, browser_of: Browser
) -> None:
    browser, address = browser_of(elena), reverse("obligations:save", args=[obligation.pk])
    browser.post(address, {"attachments": [samples.upload("Приказ.pdf")]})
    page = browser.post(address, {"attachments": [samples.upload("Приказ.pdf")]}).content.decode()
    assert "«Приказ.pdf»: этот файл уже приложен: замените его или уберите." in page


def test_a_reviewer_hears_of_a_request_for_more_time_behind_the_bell(
    obligation: Obligation, elena: User, boris: User, browser_of: Browser, now: datetime
) -> None:
    ask_extension(obligation=obligation, wanted_on=date(2023, 10, 30), grounds="Приказ на подписи", by=elena, at=now)
    assert Notice.objects.get(user=boris).kind == "asked"
    assert "Запрошено продление срока" in read(browser_of(boris), reverse("obligations:notices"))


def test_what_only_a_script_can_do_is_hidden_without_one(
    obligation: Obligation, elena: User, boris: User, browser_of: Browser, now: datetime
) -> None:
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now, note="Проведено")
    page = read(browser_of(boris), reverse("obligations:inbox"))
    assert re.search(r"data-needs-script hidden>\s*<input[^>]+data-check-all", page)


def test_the_coordinators_letter_names_contacts_of_the_registry_and_leads_to_the_calls(
    region: Region, requirement: Requirement, bondarskaya: Organization, boris: User, elena: User
) -> None:
    factories.ObligationFactory(requirement=requirement, organization=bondarskaya, due_on=date(2023, 10, 10))
    SchoolProfile.objects.update_or_create(
        organization=bondarskaya,
        defaults={
            "contact_name": "Волкова Елена Петровна",
            "contact_email": "volkova@school.example",
            "contact_phone": "+7 475 342-11-22",
        },
    )
    chase(region=region, today=date(2023, 10, 16), clock=lambda: datetime.fromisoformat("2023-10-16T12:00+03:00"))
    told = {message.to[0]: str(message.body).replace("\u00a0", " ") for message in mail.outbox}
    letter = told["boris@example.test"]
    assert "1 поручение, просрочено на 6 дней; Волкова Елена Петровна, тел. +7 475 342-11-22, volkova@" in letter
    assert f"Кому позвонить, со всеми контактами: http://127.0.0.1:8000{reverse('schools:calls')}" in letter
    assert "Поручения вашей организации" not in letter
    assert "Кому позвонить" not in told["elena@example.test"]
    assert "Поручения вашей организации" in told["elena@example.test"]
