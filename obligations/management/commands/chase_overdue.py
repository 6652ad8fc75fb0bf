"""``manage.py chase_overdue``: send the digests of a day."""

from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Region
from accounts.reference import prepare_database
from obligations.chasing.sending import Summary, chase


class Command(BaseCommand):
    """Reminds everybody of what is overdue and due soon: one letter a person and day."""

    help = "Рассылает сводки о просроченных и подходящих по сроку поручениях: одно письмо в день каждому."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day and the region; by default today, in each region's own time, and all regions."""
        parser.add_argument("--today", metavar="ДАТА", help="день рассылки: 2023-10-16 или 16.10.2023")
        parser.add_argument("--region", metavar="КОД", help="код субъекта РФ: 68")

    def handle(self, *args: Any, **options: Any) -> None:
        """Chase each region and say what was sent; a letter that failed makes the exit code 1."""
        today = _day(options["today"]) if options["today"] else None
        prepare_database()
        summary = Summary()
        for region in _regions(options["region"]):
            summary += chase(region=region, today=today or region.today(), clock=timezone.now)
        self.stdout.write(
            f"Писем отправлено: {summary.sent}, уже были отправлены: {summary.sent_before}, "
            f"не удалось: {len(summary.failures)}"
        )
        if summary.failures:
            listed = "\n".join(f"  {failure.email}: {failure.reason}" for failure in summary.failures)
            raise CommandError(f"Не удалось отправить, следующий запуск попробует снова:\n{listed}")


def _day(text: str) -> date:
    """Read a day as people or programs write it."""
    for shape in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a calendar day has no time zone
        except ValueError:
            continue
    raise CommandError(f"Не понимаю дату «{text}». Напишите её так: 2023-10-16 или 16.10.2023.")


def _regions(code: str | None) -> list[Region]:
    """Return the region with the code, or all of them."""
    regions = list(Region.objects.order_by("code"))
    if code is None:
        return regions
    chosen = [region for region in regions if region.code == code]
    if not chosen:
        known = ", ".join(region.code for region in regions) or "нет ни одного"
        raise CommandError(f"Нет субъекта РФ с кодом «{code}». Есть: {known}.")
    return chosen
