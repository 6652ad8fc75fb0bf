"""Two people, or a person and the morning's chase, at one edition in one moment: one wins, the other is told.

On PostgreSQL the acts really meet, in threads with connections of their own; SQLite writes one after the other.
"""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from obligations.chasing.composing import compose_digests
from obligations.models import Digest, Obligation
from roadmap.actions import RoadmapRefused, approve, preview_approval
from roadmap.models import Roadmap, RoadmapState
from tests import factories
from tests.conftest import NOW
from tests.roadmap.stories import SCHOOLS, draft_of, order_of

FIRST = (
    ("3.1", "Диагностика готовности школы", "До 10.10.2023 г.", SCHOOLS),
    ("3.2", "Приказ о реализации профминимума", "До 20.10.2023 г.", SCHOOLS),
)
TODAY = date(2023, 10, 17)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Let acts begin in one moment and return what was said to those that were refused."""
    refusals: list[str] = []
    barrier = Barrier(len(acts))

    def attempt(act: Callable[[], object]) -> None:
        try:
            act()
        except RoadmapRefused as refusal:
            refusals.append(str(refusal))

    def together(act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=20)
            attempt(act)
        finally:
            connection.close()

    if connection.vendor != "postgresql":
        for act in acts:
            attempt(act)
        return refusals
    threads = [Thread(target=together, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return refusals


def owed_twice() -> list[tuple[Any, ...]]:
    """Pairs of an item and an organization that are in force more than once."""
    rows = list(Obligation.objects.in_force().values_list("requirement__number", "organization"))
    return [row for row in set(rows) if rows.count(row) > 1]


def test_of_two_editions_approved_at_once_one_is_in_force_and_the_other_waits_for_a_look(
    ministry: Organization, bondarskaya: Organization, pakhotnaya: Organization, anna: User
) -> None:
    nina = factories.person("nina", "ministry", ministry)
    one, two = draft_of(ministry.region, order_of(*FIRST)), draft_of(ministry.region, order_of(*FIRST))
    seen = {draft.pk: preview_approval(roadmap=draft).fingerprint for draft in (one, two)}

    refusals = at_once(
        lambda: approve(roadmap=one, by=anna, now=NOW, seen=seen[one.pk]),
        lambda: approve(roadmap=two, by=nina, now=NOW, seen=seen[two.pk]),
    )

    assert len(refusals) == 1
    assert "проект изменился" in refusals[0]
    assert sorted(Roadmap.objects.values_list("state", flat=True)) == [RoadmapState.APPROVED, RoadmapState.DRAFT]
    assert Obligation.objects.count() == 4
    assert owed_twice() == []
    # Having looked again, the other goes on from the first: nothing is owed twice, nothing is lost.
    waiting = Roadmap.objects.get(state=RoadmapState.DRAFT)
    done = approve(roadmap=waiting, by=nina, now=NOW, seen=preview_approval(roadmap=waiting).fingerprint)
    assert (done.created, done.kept, done.cancelled) == (0, 4, 0)
    assert Roadmap.objects.approved().get() == waiting
    assert owed_twice() == []


def test_one_edition_approved_twice_at_once_is_approved_once(
    ministry: Organization, bondarskaya: Organization, anna: User
) -> None:
    draft = draft_of(ministry.region, order_of(*FIRST))
    same = Roadmap.objects.get(pk=draft.pk)

    refusals = at_once(
        lambda: approve(roadmap=draft, by=anna, now=NOW), lambda: approve(roadmap=same, by=anna, now=NOW)
    )

    assert len(refusals) == 1
    assert "уже утверждена" in refusals[0]
    assert Obligation.objects.count() == 2


def test_the_second_of_two_browsers_is_told_and_shown_what_became_of_the_draft(
    ministry: Organization, bondarskaya: Organization, anna: User
) -> None:
    draft = draft_of(ministry.region, order_of(*FIRST))
    url = reverse("roadmap:approve", args=[draft.pk])
    seen = {"seen": preview_approval(roadmap=draft).fingerprint}
    answers: list[tuple[int, str]] = []

    def press() -> None:
        browser = Client()
        browser.force_login(anna)
        response = browser.post(url, seen, follow=True)
        answers.append((response.status_code, response.content.decode()))

    at_once(press, press)

    assert [status for status, _ in answers] == [200, 200]
    assert sum("Дорожная карта утверждена." in page for _, page in answers) == 1
    assert sum("уже утверждена" in page for _, page in answers) == 1
    assert Obligation.objects.count() == 2


def test_a_chase_during_an_approval_tells_of_all_of_it(
    ministry: Organization, bondarskaya: Organization, elena: User, anna: User
) -> None:
    """The chase begins while the approval is under way: it waits, and then sees every obligation."""
    draft = draft_of(ministry.region, order_of(*FIRST))
    under_way, go_on = Event(), Event()

    def approve_slowly() -> None:
        try:
            with transaction.atomic():
                approve(roadmap=draft, by=anna, now=NOW)
                under_way.set()
                go_on.wait(timeout=30)
        finally:
            connection.close()

    def chase() -> None:
        try:
            compose_digests(region=ministry.region, today=TODAY, at=NOW + timedelta(days=1))
        finally:
            connection.close()

    if connection.vendor != "postgresql":
        approve(roadmap=draft, by=anna, now=NOW)
        compose_digests(region=ministry.region, today=TODAY, at=NOW + timedelta(days=1))
    else:
        approval, chasing = Thread(target=approve_slowly), Thread(target=chase)
        approval.start()
        assert under_way.wait(timeout=30)
        chasing.start()
        chasing.join(timeout=1)
        assert chasing.is_alive(), "the chase must wait for the approval"
        assert not Digest.objects.exists()
        go_on.set()
        approval.join(timeout=30)
        chasing.join(timeout=30)

    letter = Digest.objects.get(user=elena).body
    assert "Диагностика готовности школы" in letter
    assert "Приказ о реализации профминимума" in letter


def test_an_approval_that_fails_in_the_end_leaves_nothing_to_chase(
    ministry: Organization, bondarskaya: Organization, elena: User, anna: User
) -> None:
    draft = draft_of(ministry.region, order_of(*FIRST))

    def fail_in_the_end() -> None:
        with transaction.atomic():
            approve(roadmap=draft, by=anna, now=NOW)
            raise RuntimeError("the server is switched off")

    with pytest.raises(RuntimeError):
        fail_in_the_end()
    compose_digests(region=ministry.region, today=TODAY, at=NOW + timedelta(days=1))
    assert not Digest.objects.filter(user=elena).exclude(body="").exists()
    assert Roadmap.objects.get().is_draft
    assert not Obligation.objects.exists()


def test_a_database_that_is_busy_asks_to_come_again(
    ministry: Organization, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = draft_of(ministry.region, order_of(*FIRST))

    def locked(**_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("roadmap.views.approval.approve", locked)
    browser = Client()
    browser.force_login(anna)
    response = browser.post(reverse("roadmap:approve", args=[draft.pk]), {"seen": ""})
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "повторите через минуту" in response.content.decode()


def test_a_broken_database_is_not_called_busy(
    ministry: Organization, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = draft_of(ministry.region, order_of(*FIRST))

    def gone(**_: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr("roadmap.views.approval.approve", gone)
    browser = Client(raise_request_exception=False)
    browser.force_login(anna)
    assert browser.post(reverse("roadmap:approve", args=[draft.pk]), {"seen": ""}).status_code == 500
