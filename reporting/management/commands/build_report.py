"""``manage.py build_report roadmap --format xlsx --out report.xlsx``: a report without a worker."""

import argparse
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.academic_years import AcademicYear
from accounts.models import Organization, Region, User
from accounts.reference import prepare_database
from accounts.russian import file_size
from exports import registry
from exports.building import WRITERS
from exports.documents import Document
from reporting.querysets import reportable_municipalities, reportable_roadmaps, roadmap_of_year
from roadmap.models import Roadmap


class Command(BaseCommand):
    """Build a report and write it to a file."""

    help = "Строит отчёт и пишет его в файл, без очереди и обработчика."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument(
            "report", choices=["roadmap"], help="что построить: roadmap — ход исполнения дорожной карты"
        )
        parser.add_argument(
            "--format", required=True, choices=sorted(str(name) for name in registry.TABULAR), help="вид файла"
        )
        parser.add_argument("--out", required=True, type=Path, metavar="ФАЙЛ", help="куда записать")
        parser.add_argument("--municipality", metavar="КОД", help="код, полное или краткое наименование муниципалитета")
        parser.add_argument("--year", type=_year, metavar="ГГГГ", help="год начала учебного года; без него — текущий")
        parser.add_argument("--region", metavar="КОД", help="код субъекта РФ; нужен, если их несколько")
        parser.add_argument(
            "--today", type=_day, metavar="ДАТА", help="на конец какого дня считать просрочку: ГГГГ-ММ-ДД"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Resolve what was asked for, build it, and only then write the file."""
        # The console has no person behind it; whoever may run it owns the database, and sees all of it.
        console = User(email="console", is_superuser=True)
        if not options["out"].parent.is_dir():
            raise CommandError(f"Нет папки {options['out'].parent}: создайте её или укажите другую.")
        prepare_database()
        region = _region(options["region"])
        now = _moment(region, options["today"])
        roadmap = _roadmap(console, region, options["year"], region.local(now).date())
        municipality = _municipality(console, region, options["municipality"])
        parameters = {"roadmap": roadmap.pk, "municipality": municipality.pk if municipality else None}
        try:
            document = registry.get(options["report"]).build(
                user=console, region=region, parameters=parameters, now=now, progress=lambda _percent, _stage: None
            )
        except registry.ReportUnavailable as refusal:
            raise CommandError(str(refusal)) from None
        size = _write(options["out"], WRITERS[options["format"]], document)
        facts = "; ".join(value for _, value in document.facts)
        # Words would spoil a report that goes to a pipe.
        told = self.stdout if options["out"].is_file() else self.stderr
        told.write(f"Отчёт «{document.title}» ({facts}) записан: {options['out']}, {file_size(size)}")


def _year(text: str) -> int:
    """Read the first calendar year of an academic year."""
    if not re.fullmatch(r"20[0-9]{2}", text):
        raise argparse.ArgumentTypeError(f"нет такого учебного года: {text}; нужен год его начала, например 2026")
    return int(text)


def _day(text: str) -> date:
    """Read a day of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"нет такой даты: {text}; нужна дата вида 2023-10-16") from None


def _region(code: str | None) -> Region:
    """Find the region by its code, or the only one there is."""
    regions = list(Region.objects.all())
    known = ", ".join(f"{region.code} — {region.name}" for region in regions)
    if not regions:
        raise CommandError("В базе нет ни одного субъекта РФ: сначала загрузите справочники.")
    if code is None:
        if len(regions) > 1:
            raise CommandError(f"Субъектов РФ несколько, укажите нужный: --region КОД. Есть: {known}.")
        return regions[0]
    for region in regions:
        if region.code == code.strip():
            return region
    raise CommandError(f"Нет субъекта РФ с кодом «{code}». Есть: {known}.")


def _moment(region: Region, today: date | None) -> datetime:
    """The moment of the figures: now, or the end of the day that was named, on the region's clocks."""
    now = timezone.now()
    if today is None or today == region.local(now).date():
        return now
    return datetime.combine(today, time(23, 59), tzinfo=region.local(now).tzinfo)


def _roadmap(console: User, region: Region, year: int | None, today: date) -> Roadmap:
    """Find the roadmap in force of the year, or of the current one."""
    roadmaps = list(reportable_roadmaps(console).filter(region=region))
    if not roadmaps:
        raise CommandError(f"{region.name}: нет ни одной утверждённой дорожной карты.")
    if year is None:
        found = roadmap_of_year(roadmaps, AcademicYear.of(today).start_year)
    else:
        found = next((roadmap for roadmap in roadmaps if roadmap.academic_year == year), None)
    if found is None:
        years = ", ".join(sorted({str(roadmap.year) for roadmap in roadmaps}))
        raise CommandError(f"Нет утверждённой дорожной карты на {year}/{(year or 0) + 1} учебный год. Есть: {years}.")
    return found


def _municipality(console: User, region: Region, wanted: str | None) -> Organization | None:
    """Find the municipality by its code or name; names are compared in Python, for SQLite knows no Cyrillic case."""
    if wanted is None:
        return None
    municipalities = list(reportable_municipalities(console, region.pk))
    for same in (_is_same, _begins):
        found = [municipality for municipality in municipalities if same(wanted, municipality)]
        if len(found) == 1:
            return found[0]
        if found:
            raise CommandError(f"Под «{wanted}» подходят несколько муниципалитетов: {_list(found)}. Уточните.")
    near = _near(wanted, municipalities)
    hint = f"Похожие: {_list(near)}." if near else f"Есть: {_list(municipalities) or 'ни одного'}."
    raise CommandError(f"Нет муниципалитета «{wanted}». {hint}")


def _near(wanted: str, municipalities: Sequence[Organization]) -> list[Organization]:
    """Return those whose code, name or a word of it looks like what was typed, the likest first."""
    spelled: dict[str, list[Organization]] = {}
    for municipality in municipalities:
        for name in _names(municipality):
            for spelling in {_plain(name), *(word for word in _plain(name).split() if len(word) > 3)}:
                spelled.setdefault(spelling, []).append(municipality)
    likest = get_close_matches(_plain(wanted), spelled, n=5, cutoff=0.7)
    return list({found.pk: found for spelling in likest for found in spelled[spelling]}.values())[:5]


def _names(municipality: Organization) -> Sequence[str]:
    """What a municipality may be called by."""
    return [name for name in (municipality.code, municipality.short_name, municipality.name) if name]


def _is_same(wanted: str, municipality: Organization) -> bool:
    """Tell whether that is its code or name, in any case."""
    return _plain(wanted) in {_plain(name) for name in _names(municipality)}


def _begins(wanted: str, municipality: Organization) -> bool:
    """Tell whether its code or name begins so."""
    return bool(_plain(wanted)) and any(_plain(name).startswith(_plain(wanted)) for name in _names(municipality))


def _plain(name: str) -> str:
    """Bring a name to the form in which names are compared."""
    return " ".join(name.casefold().replace("ё", "е").split())


def _list(municipalities: Sequence[Organization]) -> str:
    """Name the municipalities with their codes."""
    return ", ".join(
        f"{municipality.short_name} ({municipality.code})" if municipality.code else municipality.short_name
        for municipality in municipalities
    )


def _write(path: Path, writer: Callable[[Document], bytes], document: Document) -> int:
    """Write the file whole or not at all; return its size in bytes.

    A pipe or a device is written into, never replaced.
    """
    content = writer(document)
    if path.exists() and not path.is_file() and not path.is_dir():
        try:
            path.write_bytes(content)
        except OSError as error:
            raise CommandError(f"В {path} нельзя записать ({error.strerror}).") from None
        return len(content)
    # A link stays a link: what it leads to is the file.
    path = path.resolve()
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise CommandError(f"В папку {path.parent} нельзя записать ({error.strerror}).") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise CommandError(f"Файл {path} нельзя записать ({error.strerror}).") from None
    return len(content)
