"""What the stories of the work on obligations share: an October that moves on, and its browsers."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.conftest import NOW


@pytest.fixture
def october() -> Iterator[Callable[[], None]]:
    """It is noon on 16 October 2023; calling the fixture lets an hour go by."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield lambda: clock.shift(timedelta(hours=1))


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    """Each person sits at a browser of their own."""

    def _browser_of(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return _browser_of
