"""What the stories of roadmaps share: everybody at a browser of their own, at noon on 16 October 2023."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from tests.conftest import NOW


@pytest.fixture
def browser_of() -> Iterator[Callable[[User], Client]]:
    """Each person sits at a browser of their own; the clock stands still."""

    def _browser_of(person: User) -> Client:
        client = Client()
        client.force_login(person)
        return client

    with time_machine.travel(NOW, tick=False):
        yield _browser_of
