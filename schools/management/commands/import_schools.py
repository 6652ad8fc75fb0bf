"""``manage.py import_schools FILE``: take over a list of schools."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.academic_years import AcademicYear
from accounts.models import Region, User
from accounts.reference import prepare_database, region_or_default
from accounts.russian import counted, plural
from schools.imports.habits import Habits
from schools.imports.importing import checksum_of, import_rows
from schools.imports.listings import RESOURCES
from schools.imports.plan import ImportOutcome
from schools.imports.problems import ImportProblem
from schools.imports.reading import read_list_file
from schools.models import ListKind

FIRST_YEAR, LAST_YEAR = 2022, 2099


class Command(BaseCommand):
    """Reads a spreadsheet and creates or changes the schools it names; with one error, none of them."""

    help = "Загружает список школ из таблицы (.xlsx, .xls, .ods, .csv). С ошибками не загружает ничего."

    listing: str = ListKind.SCHOOLS
    by: User | None = None

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path, metavar="FILE", help="файл со списком")
        parser.add_argument("--dry-run", action="store_true", help="только проверить, ничего не записывая")
        parser.add_argument(
            "--repair", action="store_true", help="исправлять то, в чём нет сомнений: ноль в начале ИНН, чужие буквы"
        )
        parser.add_argument("--json", action="store_true", help="вывести один объект JSON")
        parser.add_argument("--region", metavar="КОД", help="код субъекта РФ: 68; нужен, если их несколько")
        parser.add_argument("--year", type=_year, metavar="ГГГГ", help="год начала учебного года; без него — текущий")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import; the exit code is 1 where there are errors, and then nothing is written."""
        prepare_database()
        with transaction.atomic():
            outcome = self._import(**options)
            # A database that was empty has got its region by now: that goes back as well.
            transaction.set_rollback(options["dry_run"] or outcome.is_refused)
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
        elif not outcome.is_refused:
            self._tell(outcome, dry_run=options["dry_run"])
        if outcome.is_refused:
            count = counted(len(outcome.problems), "ошибка", "ошибки", "ошибок")
            lines = [] if options["json"] else [f"  {problem}" for problem in outcome.problems]
            raise CommandError("\n".join([f"Ничего не загружено: {count}.", *lines]))

    def _import(
        self, *, file: Path, region: str | None, year: int | None, dry_run: bool, repair: bool, **_: Any
    ) -> ImportOutcome:
        found = _region(region)
        habits = Habits.of(found, self.listing) if found else None
        listed = read_list_file(file, layout=RESOURCES[self.listing].layout, habits=habits)
        if not listed.rows:
            return ImportOutcome(problems=listed.problems, remarks=listed.remarks)
        if found is None:
            return ImportOutcome(problems=(ImportProblem(_no_region(region)),))
        return import_rows(
            region=found,
            listed=listed,
            filename=file.name,
            checksum=checksum_of(file.read_bytes()),
            academic_year=AcademicYear.of(found.today()).start_year if year is None else year,
            by=self.by,
            now=timezone.now(),
            dry_run=dry_run,
            repair=repair,
            listing=self.listing,
        )

    def _tell(self, outcome: ImportOutcome, *, dry_run: bool) -> None:
        """Say in words what was done."""
        for remark in outcome.remarks:
            self.stdout.write(remark)
        for one in outcome.repairs:
            self.stdout.write(f"{one.place}: «{one.was}» исправлено на «{one.becomes}».")
        if dry_run:
            self.stdout.write("Проверка: ничего не записано. Получилось бы так:")
        self.stdout.write(
            f"{self._created(outcome.created)}, изменено {outcome.changed}, без изменений {outcome.unchanged}."
        )
        if outcome.record and outcome.record.obligations_added:
            self.stdout.write(f"Добавлено поручений: {outcome.record.obligations_added}.")
        if outcome.record and outcome.record.obligations_cancelled:
            self.stdout.write(f"Снято поручений: {outcome.record.obligations_cancelled}.")

    def _created(self, count: int) -> str:
        """How many are new, in words."""
        return f"{plural(count, 'Создана', 'Созданы', 'Создано')} {counted(count, 'школа', 'школы', 'школ')}"


def _year(text: str) -> int:
    """Read the first calendar year of an academic year."""
    if not text.isdecimal() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise ArgumentTypeError(f"нет такого учебного года: {text}; нужен год его начала, например 2026")
    return int(text)


def _region(code: str | None) -> Region | None:
    """Find the region; an empty database gets the reference one, if that is the one meant."""
    found = region_or_default(code if Region.objects.exists() else None)
    return found if found and code in (None, found.code) else None


def _no_region(code: str | None) -> str:
    """Why no region was found."""
    known = ", ".join(f"{region.code} — {region.name}" for region in Region.objects.order_by("code")) or "нет ни одного"
    if code is None:
        return f"Субъектов РФ несколько, укажите нужный: --region КОД. Есть: {known}."
    return f"Нет субъекта РФ с кодом «{code}». Есть: {known}."
