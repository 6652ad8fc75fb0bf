"""Fixtures of the stories of chasing."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.models import Organization, Region, User
from obligations.models import Obligation
from obligations.states import State
from tests import factories
from tests.conftest import NOW, TODAY
from tests.obligations.chasing.servers import FreePortController, Inbox


@pytest.fixture
def owe(region: Region) -> Callable[..., Obligation]:
    """Let an organization owe something due so many days from today (negative: overdue)."""
    numbers = count(1)

    def _owe(organization: Organization, days: int, state: str = State.OPEN, **fields: Any) -> Obligation:
        requirement = factories.RequirementFactory(
            region=organization.region, number=f"3.{next(numbers)}", due_on=TODAY + timedelta(days=days), **fields
        )
        moments = {"submitted_at": NOW, "decided_at": NOW} if state != State.OPEN else {}
        return factories.ObligationFactory(requirement=requirement, organization=organization, state=state, **moments)

    return _owe


@pytest.fixture
def four_schools(
    elena: User,
    ivan: User,
    maria: User,
    pavel: User,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    lyceum: Organization,
    owe: Callable[..., Obligation],
) -> set[str]:
    """Four schools are a day late; returns the addresses of their deputies."""
    for school in (bondarskaya, pakhotnaya, morshanskaya, lyceum):
        owe(school, -1)
    return {f"{name}@example.test" for name in ("elena", "ivan", "maria", "pavel")}


@pytest.fixture
def smtp(settings: LazySettings) -> Iterator[Inbox]:
    """A real SMTP server on a port of its own, and Django's own SMTP backend talking to it."""
    inbox = Inbox()
    controller = FreePortController(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield inbox
    controller.stop()
