"""``manage.py explain_deadline --year 2023 [--json] (- | ФАЙЛ | ФРАЗА …)``: how the portal reads deadlines."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.academic_years import AcademicYear
from roadmap.deadlines import Schedule, explain, parse

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100
_STANDARD_INPUT = "-"
_BOM = b"\xef\xbb\xbf"


class Command(BaseCommand):
    """Read phrases, one a line, and tell what each means. Needs no database."""

    help = "Читает сроки исполнения построчно и показывает, какие даты за ними стоят."
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument(
            "phrases",
            nargs="+",
            metavar="ФРАЗА",
            help="слова срока; имя файла с фразами, по одной в строке; «-» — читать строки со стандартного ввода",
        )
        parser.add_argument("--year", metavar="ГГГГ", help="год начала учебного года; без него — текущий")
        parser.add_argument("--json", action="store_true", help="по одному объекту JSON в строке на каждую фразу")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer each line as it comes; nothing a line may hold stops the command."""
        year = _year(options["year"])
        try:
            self._answer(year, options)
        except BrokenPipeError:
            # Who reads the answers (``head``) has had enough; nothing more may be written at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def _answer(self, year: int, options: dict[str, Any]) -> None:
        for text in _texts(options["phrases"]):
            schedule = parse(text, year)
            line = json.dumps(_as_json(schedule), ensure_ascii=False) if options["json"] else _as_text(schedule)
            self.stdout.write(line)
            self.stdout.flush()


def _year(text: str | None) -> int:
    """Read the academic year, given by its first calendar year; the current one when left out."""
    if text is None:
        return AcademicYear.of(timezone.localdate()).start_year
    if not text.isascii() or not text.isdigit() or not EARLIEST_YEAR <= int(text[:9]) <= LATEST_YEAR:
        raise CommandError(f"Учебный год «{text}» не читается: нужен год его начала, например 2023.")
    return int(text)


def _texts(arguments: list[str]) -> Iterator[str]:
    """The phrases that the arguments give or lead to."""
    for argument in arguments:
        if argument == _STANDARD_INPUT:
            yield from _lines(sys.stdin.buffer)
        elif (path := _file(argument)) is not None:
            with _opened(path) as file:
                yield from _lines(file)
        else:
            # Bytes of the command line that are no text come as lone surrogates, which nothing can print.
            yield argument.encode("utf-8", "replace").decode("utf-8")


def _file(argument: str) -> Path | None:
    """The file of this name, if there is one."""
    try:
        path = Path(argument)
        return path if path.is_file() else None
    except (OSError, ValueError):
        return None


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise CommandError(f"Файл {path} не читается: {error.strerror}.") from error


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Lines as they are between line feeds; what is no UTF-8 is replaced, never refused."""
    for number, line in enumerate(stream):
        raw = line.removeprefix(_BOM) if number == 0 else line
        yield raw.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")


def _as_json(schedule: Schedule) -> dict[str, Any]:
    """Lay out a schedule for programs."""
    return {
        "text": schedule.text,
        "kind": schedule.kind.value,
        "occurrences": [
            {"start": one.start.isoformat() if one.start else None, "due": one.due.isoformat()}
            for one in schedule.occurrences
        ],
        "note": schedule.note,
    }


def _as_text(schedule: Schedule) -> str:
    """Tell people how a phrase was read, on one line."""
    return f"{' '.join(schedule.text.split()) or '(пусто)'} → {explain(schedule)}"
