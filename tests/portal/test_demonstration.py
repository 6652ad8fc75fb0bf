"""What the demonstration adds to its made-up year: letters to look at from the start."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.core import mail

from accounts.models import Organization, Region, User
from obligations.models import Digest
from portal.demonstration import write_letters
from tests import factories
from tests.conftest import NOW

SUNDAY, FRIDAY = date(2023, 10, 22), date(2023, 10, 20)


@pytest.fixture
def clock() -> Callable[[], datetime]:
    return lambda: NOW


def test_letters_of_the_last_working_day_are_there_on_a_sunday(
    elena: User, bondarskaya: Organization, region: Region, clock: Callable[[], datetime]
) -> None:
    requirement = factories.RequirementFactory(region=region, due_on=date(2023, 10, 2))
    factories.ObligationFactory(requirement=requirement, organization=bondarskaya)
    assert write_letters(today=SUNDAY, clock=clock) == 0
    region.is_demonstration = True
    region.save()
    assert write_letters(today=SUNDAY, clock=clock) == 1
    assert Digest.objects.get().day == FRIDAY
    assert mail.outbox[0].to == [elena.email]
