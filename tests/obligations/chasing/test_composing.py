"""The stories of a morning: who finds what in their letter."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Organization, Region, User
from accounts.roles import Role
from obligations.chasing import wording
from obligations.chasing.composing import compose_digests
from obligations.chasing.sending import chase, send_digests
from obligations.models import Digest, Obligation
from obligations.states import State
from schools.models import SchoolProfile
from tests import factories
from tests.conftest import NOW, TODAY
from tests.obligations.chasing.samples import clock, letters
from tests.obligations.chasing.servers import Killed


def test_elena_reads_what_burns_in_her_school(
    elena: User, bondarskaya: Organization, region: Region, owe: Callable[..., Obligation]
) -> None:
    User.objects.filter(pk=elena.pk).update(first_name="Елена", patronymic="Сергеевна")
    late = owe(bondarskaya, -4, title="Разработка «приказа» & <плана>")
    tomorrow = owe(bondarskaya, 1)
    owe(bondarskaya, 2)
    owe(bondarskaya, -5, State.SUBMITTED)
    owe(bondarskaya, -5, State.ACCEPTED)
    owe(bondarskaya, -5, State.CANCELLED)

    summary = chase(region=region, today=TODAY, clock=clock)

    assert (summary.sent, summary.sent_before, summary.failures) == (1, 0, ())
    (message,) = mail.outbox
    assert message.to == ["elena@example.test"]
    text = str(message.body).replace("\u00a0", " ")
    assert text.startswith("Здравствуйте, Елена Сергеевна!\n")
    assert "Просрочено — 1 поручение\n• 3.1 Разработка «приказа» & <плана>\n" in text
    assert "  срок 12 октября 2023 г., просрочено на 4 дня\n" in text
    assert "Срок завтра, 17 октября 2023 г. — 1 поручение\n" in text
    assert text.index(f"/obligations/{late.pk}/") < text.index(f"/obligations/{tomorrow.pk}/")
    assert "3.3" not in text
    assert "емонстрац" not in text
    assert isinstance(message, EmailMultiAlternatives)
    html = str(message.alternatives[0][0])
    assert "&amp; &lt;плана&gt;" in html
    assert f'href="http://127.0.0.1:8000/obligations/{late.pk}/"' in html


def test_the_letter_says_that_a_machine_wrote_it_and_which_digest_it_is(
    elena: User, bondarskaya: Organization, region: Region, owe: Callable[..., Obligation], settings: LazySettings
) -> None:
    settings.PORTAL_URL = "https://profminimum.example.org"
    owe(bondarskaya, -1)
    chase(region=region, today=TODAY, clock=clock)
    sent = mail.outbox[0].message()
    assert sent["Message-ID"] == f"<digest-68-2023-10-16-{elena.pk}@profminimum.example.org>"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert "https://profminimum.example.org/obligations/" in str(mail.outbox[0].body)


def test_a_demonstration_says_so_in_subject_and_text(
    elena: User, bondarskaya: Organization, region: Region, owe: Callable[..., Obligation]
) -> None:
    region.is_demonstration = True
    region.save()
    owe(bondarskaya, -1)
    chase(region=region, today=TODAY, clock=clock)
    assert "(демонстрационные данные)" in mail.outbox[0].subject
    assert "Это демонстрационные данные" in str(mail.outbox[0].body)


def test_debts_climb_the_ladder_by_their_age(
    anna: User,
    boris: User,
    galina: User,
    elena: User,
    maria: User,
    bondarskaya: Organization,
    morshanskaya: Organization,
    region: Region,
    owe: Callable[..., Obligation],
) -> None:
    Organization.objects.filter(pk=morshanskaya.pk).update(phone="+7 475 000-00-00")
    owe(bondarskaya, -3)
    owe(morshanskaya, -7)
    chase(region=region, today=TODAY, clock=clock)
    assert set(letters()) == {"elena@example.test", "maria@example.test", "galina@example.test"}
    told = letters()["galina@example.test"].replace("\u00a0", " ")
    assert "• Школа Моршанская\n  1 поручение, просрочено на 7 дней; тел. +7 475 000-00-00\n" in told

    SchoolProfile.objects.create(organization=morshanskaya, contact_name="Юн Ида", contact_phone="+7 475 111-11-11")
    mail.outbox.clear()
    chase(region=region, today=TODAY + timedelta(days=1), clock=clock)
    told = letters()["galina@example.test"].replace("\u00a0", " ")
    assert "просрочено на 8 дней; Юн Ида, тел. +7 475 111-11-11\n" in told
    assert set(letters()) == {f"{name}@example.test" for name in ("elena", "maria", "boris", "galina", "anna")}
    told = letters()["anna@example.test"].replace("\u00a0", " ")
    assert "просрочено более чем на 7 дней — 1 поручение\n• Моршанский\n  1 поручение у 1 школы" in told
    assert "Школа Моршанская — 1" in told
    assert "Бондарск" not in told


def test_the_ministry_reviews_regional_schools_and_municipalities_itself(
    anna: User,
    lyceum: Organization,
    bondarsky: Organization,
    operator: Organization,
    region: Region,
    owe: Callable[..., Obligation],
) -> None:
    for organization in (lyceum, bondarsky, operator):
        owe(organization, -4)
    chase(region=region, today=TODAY, clock=clock)
    told = letters()["anna@example.test"].replace("\u00a0", " ")
    for heading, name in (
        ("Школы на региональном бюджете: просрочено более чем на 3 дня — 1 поручение", "Лицей областной"),
        ("Муниципалитеты, собственные поручения: просрочено более чем на 3 дня — 1 поручение", "Бондарский"),
        ("Учреждения и партнёры: просрочено более чем на 3 дня — 1 поручение", "ИПК работников образования"),
    ):
        assert f"{heading}\n• {name}\n" in told


def test_the_operator_hears_of_what_it_owes_itself(
    oleg: User, operator: Organization, bondarskaya: Organization, region: Region, owe: Callable[..., Obligation]
) -> None:
    owe(bondarskaya, -30)
    chase(region=region, today=TODAY, clock=clock)
    assert letters() == {}
    owe(operator, 7)
    chase(region=region, today=TODAY, clock=clock)
    assert list(letters()) == ["oleg@example.test"]


def test_who_has_left_or_has_no_duty_gets_no_letter(
    elena: User,
    zoya: User,
    viktor: User,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    ivan: User,
    lyceum: Organization,
    pavel: User,
    region: Region,
    owe: Callable[..., Obligation],
) -> None:
    for school in (bondarskaya, pakhotnaya, lyceum):
        owe(school, -9)
    elena.memberships.update(ended_on=TODAY)
    User.objects.filter(pk=ivan.pk).update(is_active=False)
    Organization.objects.filter(pk=lyceum.pk).update(is_active=False)
    assert chase(region=region, today=TODAY, clock=clock).sent == 0
    assert not Digest.objects.exists()


def test_a_person_of_two_schools_gets_one_letter_that_names_the_schools(
    elena: User, bondarskaya: Organization, pakhotnaya: Organization, region: Region, owe: Callable[..., Obligation]
) -> None:
    Membership.objects.create(user=elena, organization=pakhotnaya, role=Role.DEPUTY)
    owe(bondarskaya, -1)
    owe(pakhotnaya, -2)
    chase(region=region, today=TODAY, clock=clock)
    told = letters()["elena@example.test"]
    assert told.index("Школа Пахотная, срок") < told.index("Школа Бондарская, срок")


def test_the_archive_of_older_years_is_left_in_peace(
    elena: User, bondarskaya: Organization, region: Region, owe: Callable[..., Obligation]
) -> None:
    owe(bondarskaya, -800, academic_year=2021)
    assert chase(region=region, today=TODAY, clock=clock).sent == 0
    owe(bondarskaya, -60, academic_year=2022)
    assert chase(region=region, today=TODAY, clock=clock).sent == 1


def test_killed_while_composing_nothing_is_half_written(
    four_schools: set[str], region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    composed = count(1)

    def dies_at_the_third(**given: Any) -> wording.Letter:
        if next(composed) == 3:
            raise Killed
        return letter(**given)

    letter = wording.letter
    monkeypatch.setattr("obligations.chasing.composing.CHUNK", 1)
    monkeypatch.setattr(wording, "letter", dies_at_the_third)
    with pytest.raises(Killed):
        chase(region=region, today=TODAY, clock=clock)
    assert not Digest.objects.exists()
    chase(region=region, today=TODAY, clock=clock)
    assert set(letters()) == four_schools


def test_people_beyond_the_first_chunk_are_not_forgotten(
    four_schools: set[str], region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obligations.chasing.composing.CHUNK", 2)
    assert compose_digests(region=region, today=TODAY, at=NOW) == 4
    send_digests(region=region, today=TODAY, clock=clock)
    assert set(letters()) == four_schools


@pytest.mark.parametrize("schools", [1, 3])
def test_composing_takes_the_same_queries_for_one_and_for_three(
    schools: int,
    anna: User,
    boris: User,
    bondarsky: Organization,
    region: Region,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    requirements = factories.RequirementFactory.create_batch(schools, region=region, due_on=date(2023, 10, 1))
    for number in range(schools):
        school = factories.SchoolFactory(parent=bondarsky)
        factories.person(f"deputy{number}", "deputy", school)
        for requirement in requirements:
            factories.ObligationFactory(requirement=requirement, organization=school)
    # Savepoint; the region's lock; schedules; overdue organizations; people; their seats; their obligations;
    # rows; the notices they replace; notices; savepoint.
    with django_assert_num_queries(13):
        assert compose_digests(region=region, today=TODAY, at=NOW) == schools + 2
