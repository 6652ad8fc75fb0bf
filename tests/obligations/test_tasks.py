"""The hourly job: eight in the morning of each region's own clock, and made good later in the day."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from celery import current_app
from django.conf import LazySettings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend as LocmemBackend

from accounts.models import Organization, Region, User
from obligations.models import Digest, Obligation
from obligations.tasks import chase_region, chase_regions, regions_to_chase
from portal.celery import app
from tests import factories
from tests.conftest import MOSCOW

DUE = date(2023, 10, 20)


@pytest.fixture(autouse=True)
def _worker_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run what is sent to the worker at once, with errors as they are."""
    monkeypatch.setitem(app.conf, "task_always_eager", True)
    monkeypatch.setitem(app.conf, "task_eager_propagates", True)


def moscow(hour: int, minute: int = 0) -> datetime:
    """The day on which item 3.2 is due, at an hour in Moscow."""
    return datetime(2023, 10, 20, hour, minute, tzinfo=MOSCOW)


def at(moment: datetime) -> int:
    """Let beat strike at the moment; return how many letters there are."""
    with time_machine.travel(moment, tick=False):
        chase_regions()
    return len(mail.outbox)


def test_beat_knows_the_job_by_its_name(settings: LazySettings) -> None:
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert chase_regions.name in names
    assert chase_regions.name in current_app.tasks


def test_letters_come_at_eight_and_not_before(elena: User, obligation: Obligation) -> None:
    assert at(moscow(7)) == 0
    assert at(moscow(8)) == 1
    assert at(moscow(9)) == 1
    assert Digest.objects.get().sent_at == moscow(8)


def test_each_region_has_its_own_morning(region: Region) -> None:
    kamchatka = factories.RegionFactory(code="41", time_zone="Asia/Kamchatka")
    kaliningrad = factories.RegionFactory(code="39", time_zone="Europe/Kaliningrad")
    # 20:00 UTC of the 19th is eight o'clock of the 20th on Kamchatka, and late evening elsewhere.
    evening = datetime(2023, 10, 19, 20, 0, tzinfo=UTC)
    assert regions_to_chase(evening) == [
        (region.pk, date(2023, 10, 19)),
        (kamchatka.pk, date(2023, 10, 20)),
        (kaliningrad.pk, date(2023, 10, 19)),
    ]
    morning = datetime(2023, 10, 20, 5, 0, tzinfo=UTC)
    assert regions_to_chase(morning) == [(region.pk, DUE), (kamchatka.pk, DUE)]


def test_a_beat_that_was_down_at_eight_makes_it_good_once(elena: User, obligation: Obligation) -> None:
    assert at(moscow(11)) == 1
    assert at(moscow(12)) == 1


def test_what_comes_up_during_the_day_waits_for_the_next_morning(
    elena: User, ivan: User, pakhotnaya: Organization, obligation: Obligation
) -> None:
    assert at(moscow(8)) == 1
    factories.ObligationFactory(requirement=obligation.requirement, organization=pakhotnaya)
    assert at(moscow(9)) == 1


class Deaf(LocmemBackend):
    """A mail server that refuses everything."""

    def send_messages(self, messages: object) -> int:
        raise OSError("нет связи")


def test_what_failed_in_the_morning_goes_out_with_the_next_hour(
    elena: User, obligation: Obligation, settings: LazySettings
) -> None:
    locmem = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Deaf"
    assert at(moscow(8)) == 0
    assert Digest.objects.get().failure == "нет связи"
    settings.EMAIL_BACKEND = locmem
    assert at(moscow(9)) == 1


def test_a_message_that_comes_twice_does_no_harm(elena: User, obligation: Obligation, region: Region) -> None:
    for _ in range(2):
        chase_region(region.pk, DUE.isoformat())
    assert len(mail.outbox) == 1


def test_on_a_day_off_the_job_writes_nothing_and_friday_has_told_it(
    obligation: Obligation, elena: User, region: Region, mailoutbox: list[mail.EmailMessage]
) -> None:
    Obligation.objects.update(due_on=date(2023, 10, 22))
    for day in (20, 21, 22):
        chase_region(region.pk, f"2023-10-{day}")
    [letter] = mailoutbox
    assert "Срок через 2 дня, 22 октября 2023 г." in str(letter.body).replace("\u00a0", " ")
