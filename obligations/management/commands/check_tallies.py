"""``manage.py check_tallies``: prove that the tallies add up to the obligations."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from obligations import tallies


class Command(BaseCommand):
    """Counts all obligations and compares; they can differ only if a trigger of the database was lost."""

    help = "Сверяет учёт поручений с самими поручениями."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to repair what differs."""
        parser.add_argument("--repair", action="store_true", help="пересчитать учёт заново, если он разошёлся")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say whether all is well; what differs and is not repaired makes the exit code 1."""
        wrong = tallies.drift()
        if wrong and not options["repair"]:
            raise CommandError(f"Учёт разошёлся с поручениями: ячеек — {wrong}. Пересчитать: check_tallies --repair")
        if wrong:
            tallies.rebuild()
        self.stdout.write(f"Исправлено ячеек: {wrong}." if wrong else "Учёт сходится с поручениями.")
