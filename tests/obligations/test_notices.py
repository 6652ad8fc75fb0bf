"""The bell: who hears of what, once, and what it costs."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Membership, Organization, Region, User
from accounts.roles import Role
from exports.building import run_export
from exports.models import Export
from obligations import workflow
from obligations.chasing.sending import chase
from obligations.fan_out import fan_out, reconcile
from obligations.models import Digest, Notice, NoticeKind, Obligation, Requirement, RequirementBody
from obligations.notices import in_words, tell_region
from obligations.states import Act, ReturnReason
from obligations.tasks import reconcile_regions
from tests import factories

Browser = Callable[[User], Client]


def heard(person: User) -> list[tuple[str, str]]:
    """Headline and detail of each notice, the newest first."""
    told = [in_words(notice) for notice in Notice.objects.visible_to(person).for_list()]
    return [(one.headline.replace("\u00a0", " "), one.detail.replace("\u00a0", " ")) for one in told]


def submit(obligation: Obligation, by: User, at: datetime) -> None:
    workflow.advance(obligation=obligation, act=Act.SUBMIT, by=by, at=at, note="Сделано")


def give_back(obligation: Obligation, by: User, at: datetime) -> None:
    workflow.advance(
        obligation=obligation,
        act=Act.RETURN,
        by=by,
        at=at,
        reason=ReturnReason.NOT_SIGNED,
        comment="Нет подписи директора",
    )


def test_elena_hears_that_her_paper_came_back_and_was_accepted(
    obligation: Obligation, elena: User, boris: User, anna: User, now: datetime
) -> None:
    submit(obligation, elena, now)
    assert not Notice.objects.exists()
    give_back(obligation, boris, now + timedelta(hours=1))
    submit(obligation, elena, now + timedelta(hours=2))
    workflow.advance(obligation=obligation, act=Act.ACCEPT, by=boris, at=now + timedelta(hours=3))

    title = "3.2 Разработка и утверждение приказа о реализации профминимума"
    assert heard(elena) == [
        (f"Принято: {title}", "Школа Бондарская. "),
        (f"Возвращено на доработку: {title}", "Школа Бондарская. Документ не подписан. Нет подписи директора"),
    ]
    assert heard(boris) == heard(anna) == []


def test_what_one_does_oneself_is_no_news(ministry: Organization, requirement: Requirement, anna: User) -> None:
    own = factories.ObligationFactory(requirement=requirement, organization=ministry)
    colleague = factories.person("nina", "ministry", ministry)
    at = factories.LONG_AGO
    submit(own, anna, at)
    workflow.advance(obligation=own, act=Act.ACCEPT, by=anna, at=at)
    assert heard(anna) == []
    assert len(heard(colleague)) == 1


def test_of_thirty_new_obligations_each_person_hears_once(
    region: Region,
    anna: User,
    elena: User,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    Membership.objects.create(user=elena, organization=pakhotnaya, role=Role.DEPUTY)
    gone = factories.person("gone", "deputy", bondarskaya)
    gone.memberships.update(ended_on=date(2023, 9, 1))
    asked = factories.RequirementFactory.create_batch(30, region=region)
    for one in asked:
        RequirementBody.objects.create(requirement=one, group="schools")
    assert fan_out(requirements=asked, by=anna, at=now) == 60

    assert heard(elena) == [("60 новых поручений", "Основание: приказ № 2381 от 25.08.2023")]
    assert heard(gone) == heard(anna) == []
    fan_out(requirements=asked, by=anna, at=now + timedelta(hours=1))
    assert len(heard(elena)) == 1


def test_of_a_mass_move_each_person_hears_once(
    region: Region, anna: User, elena: User, ivan: User, bondarskaya: Organization, now: datetime
) -> None:
    asked = factories.RequirementFactory.create_batch(3, region=region)
    for one in asked:
        RequirementBody.objects.create(requirement=one, group="schools")
    fan_out(requirements=asked, by=anna, at=now)
    Notice.objects.all().delete()
    RequirementBody.objects.filter(requirement=asked[0]).delete()
    Organization.objects.filter(pk=bondarskaya.pk).update(is_active=False)
    reconcile(requirements=asked, by=anna, at=now + timedelta(days=1))

    assert heard(elena) == [("Снято: 3 поручения", "Организация закрыта.")]
    said = "Школа Пахотная. Организация больше не входит в число исполнителей мероприятия."
    assert heard(ivan) == [(f"Снято: {asked[0]}", said)]
    [told] = Notice.objects.visible_to(ivan)
    owed = Obligation.objects.get(requirement=asked[0], organization__memberships__user=ivan)
    assert told.target == reverse("obligations:detail", args=[owed.pk])


def test_a_single_new_obligation_is_named_and_led_to(
    requirement: Requirement,
    anna: User,
    elena: User,
    boris: User,
    now: datetime,
    browser_of: Browser,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    RequirementBody.objects.create(requirement=requirement, group="schools")
    fan_out(requirements=[requirement], by=anna, at=now)
    owed = Obligation.objects.get()
    with django_assert_num_queries(1):
        assert heard(elena) == [
            (
                "Новое поручение: 3.2 Разработка и утверждение приказа о реализации профминимума",
                "Школа Бондарская. Основание: приказ № 2381 от 25.08.2023",
            )
        ]
    assert heard(boris) == []
    [told] = Notice.objects.visible_to(elena)
    answer = browser_of(elena).get(reverse("obligations:notice", args=[told.pk]))
    assert answer.headers["Location"] == reverse("obligations:detail", args=[owed.pk])


def test_what_was_read_long_ago_is_forgotten_and_nothing_else(elena: User) -> None:
    night = datetime(2024, 1, 20, 3, 15, tzinfo=UTC)
    reads = {"давно": night - timedelta(days=91), "недавно": night - timedelta(days=89), "не прочитано": None}
    for text, read in reads.items():
        Notice.objects.create(
            user=elena, kind=NoticeKind.ROADMAP, text=text, url="/", at=factories.LONG_AGO, read_at=read
        )
    with time_machine.travel(night, tick=False):
        reconcile_regions()
    assert set(Notice.objects.values_list("text", flat=True)) == {"недавно", "не прочитано"}


def test_the_region_hears_of_a_roadmap_but_nobody_twice(
    region: Region, anna: User, oleg: User, zoya: User, viktor: User, elena: User, now: datetime
) -> None:
    Notice.objects.create(user=elena, kind=NoticeKind.ASSIGNED, url="/obligations/", at=now)
    for person in (anna, oleg, zoya, viktor):
        Membership.objects.filter(user=person).update(post="—")
    tell_region(region=region, kind=NoticeKind.ROADMAP, text="на 2023/2024", url="/roadmaps/1/", by=anna, at=now)
    assert heard(oleg) == heard(zoya) == [("Утверждена дорожная карта: на 2023/2024", "")]
    assert heard(anna) == heard(viktor) == []
    assert [headline for headline, _ in heard(elena)] == ["1 новое поручение"]


def test_a_new_digest_takes_the_place_of_the_one_before(
    obligation: Obligation, elena: User, region: Region, browser_of: Browser
) -> None:
    def clock() -> datetime:
        return factories.LONG_AGO

    chase(region=region, today=date(2023, 10, 24), clock=clock)
    chase(region=region, today=date(2023, 10, 25), clock=lambda: factories.LONG_AGO + timedelta(days=1))
    [notice] = Notice.objects.visible_to(elena)
    assert in_words(notice).headline.startswith("Сводка: Профминимум: просрочено")
    page = browser_of(elena).get(notice.target).content.decode()
    assert "Сводка на 25\u00a0октября 2023".replace(" ", "\u00a0") in page.replace(" ", "\u00a0")
    assert "Отправлено письмом" in page
    assert browser_of(elena).get(reverse("obligations:digest", args=[date(2023, 10, 26)])).status_code == 404
    assert browser_of(elena).get("/obligations/digests/2023-02-31/").status_code == 404


def test_who_ordered_a_file_hears_how_it_went(anna: User, region: Region, now: datetime) -> None:
    export = Export.objects.create(
        region=region,
        report="no such report",
        title="О ходе исполнения",
        format="xlsx",
        created_by=anna,
        created_at=now,
        queued_at=now,
    )
    run_export(export_id=export.pk, clock=lambda: now)
    assert heard(anna) == [("Выгрузка: «О ходе исполнения» (Excel) не удалась", "")]
    assert Notice.objects.get().target == export.get_absolute_url()
    assert run_export(export_id=export.pk, clock=lambda: now) is None
    assert len(heard(anna)) == 1


class TestTheBellItself:
    @pytest.fixture
    def news(self, elena: User, obligation: Obligation, boris: User, now: datetime) -> list[Notice]:
        """A returned paper and two older notices."""
        for days in (2, 3):
            Notice.objects.create(
                user=elena, kind=NoticeKind.EXPORT, text=f"№{days}", url="/exports/", at=now - timedelta(days=days)
            )
        submit(obligation, elena, now)
        give_back(obligation, boris, now)
        return list(Notice.objects.order_by("pk"))

    def test_every_page_counts_what_was_not_read(self, news: list[Notice], elena: User, browser_of: Browser) -> None:
        page = browser_of(elena).get(reverse("home")).content.decode()
        assert 'непрочитанных: </span><span class="bell-count">3</span>' in page
        Notice.objects.bulk_create(Notice(user=elena, kind="export", url="/exports/", at=one.at) for one in news * 40)
        assert '<span class="bell-count">99+</span>' in browser_of(elena).get(reverse("home")).content.decode()

    def test_looking_at_it_is_reading_it(self, news: list[Notice], elena: User, browser_of: Browser) -> None:
        answer = browser_of(elena).get(reverse("obligations:notice", args=[news[2].pk]))
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/obligations/{news[2].step.obligation_id}/"  # type: ignore[union-attr]
        assert [one.pk for one in Notice.objects.unread().order_by("pk")] == [news[0].pk, news[1].pk]

    def test_one_is_marked_then_all_that_were_seen(
        self, news: list[Notice], elena: User, browser_of: Browser, now: datetime
    ) -> None:
        client = browser_of(elena)
        client.post(reverse("obligations:notices_read"), {"notice": news[0].pk})
        assert Notice.objects.unread().count() == 2
        page = client.get(reverse("obligations:notices"))
        Notice.objects.create(user=elena, kind=NoticeKind.EXPORT, text="позже", url="/exports/", at=now)
        client.post(reverse("obligations:notices_read"), {"latest": page.context["latest"]})
        assert [one.text for one in Notice.objects.unread()] == ["позже"]
        unread = client.get(reverse("obligations:notices"), {"unread": "1"}).content.decode()
        assert "позже" in unread
        assert "№2" not in unread
        client.post(reverse("obligations:notices_read"), {"latest": "много"})
        assert Notice.objects.unread().count() == 1

    def test_a_stranger_marks_and_opens_nothing(
        self, news: list[Notice], boris: User, viktor: User, browser_of: Browser
    ) -> None:
        for person in (boris, viktor):
            client = browser_of(person)
            assert client.get(reverse("obligations:notice", args=[news[0].pk])).status_code == 404
            client.post(reverse("obligations:notices_read"), {"notice": news[0].pk})
            client.post(reverse("obligations:notices_read"), {"latest": news[2].pk})
        assert Notice.objects.unread().count() == 3

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_list_takes_the_same_queries(
        self,
        rows: int,
        obligation: Obligation,
        elena: User,
        boris: User,
        now: datetime,
        browser_of: Browser,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for hours in range(rows):
            submit(obligation, elena, now + timedelta(hours=hours))
            give_back(obligation, boris, now + timedelta(hours=hours, minutes=1))
        client = browser_of(elena)
        # Session, person, memberships; count, notices; the bell.
        with django_assert_num_queries(6):
            assert len(client.get(reverse("obligations:notices")).context["rows"]) == rows

    def test_nothing_yet_is_said_so(self, elena: User, browser_of: Browser) -> None:
        assert "Уведомлений пока нет" in browser_of(elena).get(reverse("obligations:notices")).content.decode()


@pytest.mark.parametrize("days", [0, -1])
def test_a_duty_goes_by_mail_whatever_one_prefers(
    days: int, elena: User, requirement: Requirement, bondarskaya: Organization, region: Region, mailoutbox: list[Any]
) -> None:
    today = requirement.due_on - timedelta(days=days)
    factories.ObligationFactory(requirement=requirement, organization=bondarskaya)
    from_portal(elena, by_mail=False, frequency="weekly")
    chase(region=region, today=today, clock=lambda: factories.LONG_AGO)
    assert [letter.to for letter in mailoutbox] == [["elena@example.test"]]


def test_who_reads_in_the_portal_only_gets_no_letter_of_what_burns_not_yet(
    elena: User, obligation: Obligation, region: Region, mailoutbox: list[Any], browser_of: Browser
) -> None:
    from_portal(elena, by_mail=False, frequency="daily")
    summary = chase(region=region, today=date(2023, 10, 17), clock=lambda: factories.LONG_AGO)
    assert (summary.sent, summary.sent_before, mailoutbox) == (0, 0, [])
    [digest] = Digest.objects.all()
    page = browser_of(elena).get(reverse("obligations:digest", args=[digest.day])).content.decode()
    assert "Письмом не отправлялось" in page
    assert "Разработка и утверждение приказа" in page


def test_who_wants_one_letter_a_week_hears_on_monday_of_the_whole_week(
    elena: User, obligation: Obligation, region: Region, mailoutbox: list[Any]
) -> None:
    from_portal(elena, by_mail=True, frequency="weekly")
    for day in (17, 18, 19):
        chase(region=region, today=date(2023, 10, day), clock=lambda: factories.LONG_AGO)
    assert mailoutbox == []
    # Due on Friday the 20th; on Monday the 16th no reminder of its own would fall.
    chase(region=region, today=date(2023, 10, 16), clock=lambda: factories.LONG_AGO)
    assert "Срок через 4 дня" in mailoutbox[0].body.replace("\u00a0", " ")


def test_preferences_are_kept_and_shown_again(elena: User, browser_of: Browser) -> None:
    client, address = browser_of(elena), reverse("obligations:preferences")
    assert "отключить её нельзя" in client.get(address).content.decode()
    assert client.post(address, {"channel": "portal", "frequency": "weekly"}).status_code == 302
    assert (elena.mail_preference.by_mail, elena.mail_preference.frequency) == (False, "weekly")
    form = client.get(address).context["form"]
    assert (form["channel"].value(), form["frequency"].value()) == ("portal", "weekly")
    answer = client.post(address, {"channel": "голубем", "frequency": ""})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"channel", "frequency"}


def from_portal(person: User, *, by_mail: bool, frequency: str) -> None:
    """Let a person choose."""
    browser = Client()
    browser.force_login(person)
    channel = "mail" if by_mail else "portal"
    browser.post(reverse("obligations:preferences"), {"channel": channel, "frequency": frequency})
