"""``manage.py import_list LIST FILE``: take over a list of any kind."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from accounts.models import User
from schools.management.commands.import_schools import Command as ImportSchools
from schools.models import ListKind


class Command(ImportSchools):
    """Reads a spreadsheet of municipalities, institutions, coordinators, pupils or schools; with one error, nothing."""

    help = "Загружает список из таблицы (.xlsx, .xls, .ods, .csv). С ошибками не загружает ничего."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line: that of schools, and which list it is."""
        kinds = ", ".join(f"{kind} — {kind.label.lower()}" for kind in ListKind)
        parser.add_argument("list", choices=ListKind.values, metavar="LIST", help=f"что загружаем: {kinds}")
        super().add_arguments(parser)
        parser.add_argument("--by", metavar="ПОЧТА", help="кто приглашает координаторов: почта администратора")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import; coordinators are invited by somebody."""
        self.listing = options["list"]
        if options["by"]:
            self.by = User.objects.filter(email=options["by"].strip().lower(), is_active=True).first()
            if self.by is None:
                raise CommandError(f"Нет пользователя с почтой {options['by']}.")
        elif self.listing == ListKind.COORDINATORS and not options["dry_run"]:
            raise CommandError("Укажите, от чьего имени приглашать координаторов: --by ПОЧТА.")
        super().handle(*args, **options)

    def _created(self, count: int) -> str:
        return f"Создано: {count}"
