"""Each digest goes out once, and none is missed, whatever happens."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection, connections

from accounts.models import Organization, Region, User
from obligations.chasing.composing import compose_digests
from obligations.chasing.sending import chase, send_digests
from obligations.models import Digest, Obligation
from tests.conftest import NOW, TODAY
from tests.obligations.chasing.samples import backend, clock, letters
from tests.obligations.chasing.servers import Killed, Rendezvous, Unreachable


def test_twice_on_a_day_sends_once_and_a_new_day_sends_again(
    elena: User, bondarskaya: Organization, region: Region, owe: Callable[..., Obligation]
) -> None:
    owe(bondarskaya, -1)
    chase(region=region, today=TODAY, clock=clock)
    again = chase(region=region, today=TODAY, clock=clock)
    assert (again.sent, again.sent_before) == (0, 1)
    assert len(mail.outbox) == 1
    assert Digest.objects.get().sent_at == NOW
    assert chase(region=region, today=TODAY + timedelta(days=1), clock=clock).sent == 1


def test_killed_half_way_the_next_run_sends_the_rest(
    four_schools: set[str], region: Region, settings: LazySettings
) -> None:
    locmem = settings.EMAIL_BACKEND
    backend(settings, "KilledAfterTwo")
    with pytest.raises(Killed):
        chase(region=region, today=TODAY, clock=clock)
    assert Digest.objects.filter(sent_at=None).count() == 2

    settings.EMAIL_BACKEND = locmem
    summary = chase(region=region, today=TODAY, clock=clock)
    assert (summary.sent, summary.sent_before) == (2, 2)
    assert set(letters()) == four_schools


def test_killed_between_server_and_commit_the_letter_comes_again_as_the_same_letter(
    four_schools: set[str], region: Region, settings: LazySettings
) -> None:
    locmem = settings.EMAIL_BACKEND
    backend(settings, "KilledBeforeCommit")
    with pytest.raises(Killed):
        chase(region=region, today=TODAY, clock=clock)
    settings.EMAIL_BACKEND = locmem
    chase(region=region, today=TODAY, clock=clock)
    ids = [message.message()["Message-ID"] for message in mail.outbox]
    assert len(ids) == 5
    assert len(set(ids)) == 4
    assert {message.to[0] for message in mail.outbox} == four_schools


def test_one_refused_address_stops_nobody_and_is_tried_again(
    four_schools: set[str], region: Region, settings: LazySettings
) -> None:
    locmem = settings.EMAIL_BACKEND
    backend(settings, "OneRefused")
    summary = chase(region=region, today=TODAY, clock=clock)
    assert summary.sent == 3
    assert [(failure.email, failure.reason) for failure in summary.failures] == [
        ("elena@example.test", "550 нет такого ящика")
    ]
    assert Digest.objects.get(user__email="elena@example.test").failure == "550 нет такого ящика"

    settings.EMAIL_BACKEND = locmem
    assert chase(region=region, today=TODAY, clock=clock).sent == 1
    assert set(letters()) == four_schools
    assert not Digest.objects.exclude(failure="").exists()


def test_a_server_that_does_not_answer_is_tried_once_a_run(
    four_schools: set[str], region: Region, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Unreachable, "tries", 0)
    backend(settings, "Unreachable")
    summary = chase(region=region, today=TODAY, clock=clock)
    assert (summary.sent, len(summary.failures), Unreachable.tries) == (0, 4, 1)
    assert Digest.objects.filter(sent_at=None, failure="Connection refused").count() == 4


def test_who_leaves_between_composing_and_sending_gets_no_letter(
    four_schools: set[str], elena: User, region: Region
) -> None:
    compose_digests(region=region, today=TODAY, at=NOW)
    elena.memberships.update(ended_on=TODAY)
    assert send_digests(region=region, today=TODAY, clock=clock).sent == 3
    assert set(letters()) == four_schools - {"elena@example.test"}


def test_other_regions_and_other_days_are_left_alone(four_schools: set[str], region: Region, viktor: User) -> None:
    elsewhere = viktor.active_memberships[0].organization.region
    compose_digests(region=region, today=TODAY, at=NOW)
    assert send_digests(region=elsewhere, today=TODAY, clock=clock).sent == 0
    assert send_digests(region=region, today=TODAY + timedelta(days=1), clock=clock).sent == 0


@pytest.fixture
def shared_database(
    transactional_db: None, four_schools: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Let threads work on the story's data as processes do: SQLite's needs a file for that, not memory."""
    if connection.vendor != "sqlite":
        yield
        return
    file = tmp_path / "shared.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    with monkeypatch.context() as patched:
        # What new threads connect to; the connection of this thread stays where it is.
        patched.setitem(connection.settings_dict, "NAME", str(file))
        yield


def test_two_runs_at_the_same_moment_send_each_letter_once(
    shared_database: None,
    four_schools: set[str],
    region: Region,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On PostgreSQL rows are locked, on SQLite the whole database: either way nobody gets two letters."""
    monkeypatch.setattr(Rendezvous, "in_hand", threading.Event(), raising=False)
    monkeypatch.setattr(Rendezvous, "go_on", threading.Event(), raising=False)
    backend(settings, "Rendezvous")
    sent: list[int] = []

    def run() -> None:
        try:
            sent.append(chase(region=region, today=TODAY, clock=clock).sent)
        finally:
            connections.close_all()

    first, second = threading.Thread(target=run), threading.Thread(target=run)
    first.start()
    assert Rendezvous.in_hand.wait(timeout=60)
    second.start()
    if connection.vendor == "postgresql":
        second.join(timeout=60)  # it passes the locked row by, sends the others and is done
        assert sent == [3]
    Rendezvous.go_on.set()
    first.join(timeout=60)
    second.join(timeout=60)
    assert sum(sent) == 4
    assert len(sent) == 2
    assert set(letters()) == four_schools
