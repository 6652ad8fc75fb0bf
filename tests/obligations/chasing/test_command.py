"""``manage.py chase_overdue``."""

from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from accounts.models import Region
from obligations.models import Requirement
from tests.obligations.chasing.samples import backend, letters


def run_command(*arguments: str) -> str:
    out = StringIO()
    call_command("chase_overdue", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_what_it_did(four_schools: set[str]) -> None:
    assert run_command("--today", "2023-10-16", "--region", "68") == (
        "Писем отправлено: 4, уже были отправлены: 0, не удалось: 0\n"
    )
    assert run_command("--today", "16.10.2023") == "Писем отправлено: 0, уже были отправлены: 4, не удалось: 0\n"
    assert set(letters()) == four_schools


def test_the_command_fails_when_letters_do(
    four_schools: set[str], settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    backend(settings, "OneRefused")
    out = StringIO()
    with pytest.raises(CommandError, match=r"elena@example\.test: 550 нет такого ящика") as raised:
        call_command("chase_overdue", "--today", "2023-10-16", stdout=out)
    assert raised.value.returncode == 1
    assert out.getvalue() == "Писем отправлено: 3, уже были отправлены: 0, не удалось: 1\n"


@pytest.mark.parametrize("day", ["завтра", "2023-13-01", "31.09.2023", "16/10/2023"])
def test_a_date_that_is_none_is_answered_clearly(region: Region, day: str) -> None:
    with pytest.raises(CommandError, match=f"Не понимаю дату «{day}»"):
        run_command("--today", day)


def test_an_unknown_region_is_answered_with_those_there_are(region: Region, requirement: Requirement) -> None:
    with pytest.raises(CommandError, match=r"Нет субъекта РФ с кодом «99»\. Есть: 68"):
        run_command("--region", "99")
