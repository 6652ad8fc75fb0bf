"""``manage.py import_roadmap FILE --order 2381 --dated 2023-08-25 --year 2023 [--json]``."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.academic_years import AcademicYear
from accounts.models import Organization, OrganizationKind, Region
from accounts.reference import prepare_database, region_or_default
from accounts.russian import counted
from roadmap.actions import (
    EditionPlan,
    ItemPlan,
    RoadmapRefused,
    above_for,
    derive_once,
    plan_edition,
    save_draft_once,
)
from roadmap.imports.documents import LARGEST_FILE, TOO_LARGE, NotADocument, read_document
from roadmap.imports.drafts import RoadmapDraft
from roadmap.imports.reader import read_roadmap
from roadmap.models import Roadmap

LONGEST_ORDER_NUMBER = 40
EARLIEST_YEAR, LATEST_YEAR = 2000, 2099


@dataclass(frozen=True)
class Outcome:
    """What was read, and the edition it was saved as (none in a dry run) or had been saved as before."""

    plan: EditionPlan
    owner: Organization | None
    order_number: str
    order_date: date
    roadmap: Roadmap | None
    created: bool


class Command(BaseCommand):
    """Read a roadmap from a file and save it as a draft edition."""

    help = (
        "Читает дорожную карту из документа (.docx), таблицы (.xlsx, .xls, .ods, .csv) или текста (UTF-8, Windows-1251)"
        " и сохраняет проект редакции."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path, metavar="ФАЙЛ", help="приказ целиком или одно приложение")
        parser.add_argument("--order", metavar="НОМЕР", help="номер приказа; без него — как в тексте")
        parser.add_argument("--dated", metavar="ГГГГ-ММ-ДД", help="дата приказа; без неё — как в тексте")
        parser.add_argument("--year", metavar="ГГГГ", help="год начала учебного года; без него — как в тексте")
        parser.add_argument(
            "--owner",
            metavar="ИНН|КОД",
            help="муниципалитет или школа: сделать их дорожную карту на основе действующей региональной",
        )
        parser.add_argument(
            "--above", metavar="НОМЕР", help="на основе какого приказа; нужен с --owner, если действуют несколько"
        )
        parser.add_argument("--region", metavar="КОД", help="код субъекта РФ; нужен, если их несколько")
        parser.add_argument("--json", action="store_true", help="вывести прочитанное одним объектом JSON")
        parser.add_argument("--dry-run", action="store_true", help="прочитать и показать, ничего не сохраняя")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, save, tell; when anything is wrong, say what, and leave the database as it was."""
        try:
            outcome = _import(options)
        except (RoadmapRefused, NotADocument) as refusal:
            if options["json"]:
                self.stdout.write(json.dumps({"error": str(refusal)}, ensure_ascii=False))
            raise CommandError(str(refusal)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(outcome), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_as_text(outcome))


def _import(options: dict[str, Any]) -> Outcome:
    """Do the work in one transaction, rolled back after a dry run; raises RoadmapRefused, NotADocument."""
    dated, year = _day(options["dated"]), _year(options["year"])
    text = _read_file(options["file"])
    draft = read_roadmap(text)
    if not draft.items:
        raise RoadmapRefused(" ".join(str(problem) for problem in draft.problems))
    number, dated, year = _requisites(draft, options["order"], dated, year)
    prepare_database()
    with transaction.atomic():
        region = _region(options["region"])
        owner = _owner(region, options["owner"])
        parent = _above(owner, options["above"], year) if owner else None
        plan = plan_edition(region=region, draft=draft, academic_year=year, order_date=dated, owner=owner)
        if plan.refusals:
            raise RoadmapRefused(" ".join(plan.refusals))
        if options["dry_run"]:
            transaction.set_rollback(True)
            return Outcome(plan, owner, number, dated, roadmap=None, created=False)
        order: dict[str, Any] = {
            "order_number": number,
            "order_date": dated,
            "source_text": text,
            "by": None,
            "now": timezone.now(),
        }
        if owner and parent:
            roadmap, created = derive_once(parent=parent, owner=owner, plan=draft, **order)
        else:
            roadmap, created = save_draft_once(region=region, draft=draft, academic_year=year, **order)
    return Outcome(plan, owner, number, dated, roadmap, created)


def _owner(region: Region, named: str | None) -> Organization | None:
    """Find the municipality or school by its INN or code; raises RoadmapRefused when there is none."""
    if not named:
        return None
    kinds = (OrganizationKind.MUNICIPALITY, OrganizationKind.SCHOOL)
    known = Organization.objects.filter(region=region).active().select_related("region", "parent")
    owner = known.filter(Q(inn=named) | Q(code=named), kind__in=kinds).first()
    if owner is None:
        raise RoadmapRefused(
            f"В реестре нет действующего муниципалитета или школы с ИНН или кодом «{named}»: своя дорожная карта бывает"
            " только у них."
        )
    return owner


def _above(owner: Organization, order: str | None, year: int) -> Roadmap:
    """Find the edition in force that the owner's roadmap derives from; RoadmapRefused when that is not clear."""
    regional = Roadmap.objects.regional().approved().filter(region=owner.region, academic_year=year)
    numbers = sorted(set(regional.values_list("order_number", flat=True)))
    if order is None and len(numbers) > 1:
        raise RoadmapRefused(f"Действует несколько приказов: укажите, на основе какого, --above: {', '.join(numbers)}.")
    chosen = order or next(iter(numbers), "")
    parent = above_for(owner, order_number=chosen, academic_year=year) if chosen in numbers else None
    if parent is None:
        named = f" по приказу № {order}" if order else ""
        raise RoadmapRefused(
            f"На {AcademicYear(year)} учебный год нет действующей региональной дорожной карты{named}: сначала её"
            " утверждает министерство."
        )
    return parent


def _read_file(path: Path) -> str:
    """Return the text of the file; raises RoadmapRefused or NotADocument."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise NotADocument(TOO_LARGE)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise RoadmapRefused(f"Нет файла {path}.") from error
    except OSError as error:
        raise RoadmapRefused(f"Файл {path} не читается: {error.strerror}.") from error
    return read_document(data, path.name)


def _day(text: str | None) -> date | None:
    """Read a date of the command line."""
    if text is None:
        return None
    try:
        dated = date.fromisoformat(text)
    except ValueError as error:
        raise RoadmapRefused(f"Дата приказа «{text}» не читается: нужна дата вида 2023-08-25.") from error
    if not EARLIEST_YEAR <= dated.year <= LATEST_YEAR:
        raise RoadmapRefused(f"Дата приказа «{text}»: проверьте год.")
    return dated


def _year(text: str | None) -> int | None:
    """Read an academic year of the command line, given by its first calendar year."""
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not EARLIEST_YEAR <= int(text) < LATEST_YEAR:
        raise RoadmapRefused(f"Учебный год «{text}» не читается: нужен год его начала, например 2023.")
    return int(text)


def _requisites(draft: RoadmapDraft, number: str | None, dated: date | None, year: int | None) -> tuple[str, date, int]:
    """Take from the text what the command line leaves out; raises RoadmapRefused for what neither says."""
    number = (number or draft.order_number).strip()
    dated = dated or draft.order_date
    year = year or draft.academic_year
    missing = [name for name, value in (("--order", number), ("--dated", dated), ("--year", year)) if not value]
    if missing or dated is None or year is None:
        raise RoadmapRefused(f"В тексте этого нет, укажите в командной строке: {', '.join(missing)}.")
    if len(number) > LONGEST_ORDER_NUMBER:
        raise RoadmapRefused(f"Номер приказа длиннее {LONGEST_ORDER_NUMBER} знаков.")
    return number, dated, year


def _region(code: str | None) -> Region:
    """Find the region to work on; raises RoadmapRefused when that is not clear."""
    region = region_or_default(code)
    if region is not None:
        return region
    known = ", ".join(f"{region.code} — {region.name}" for region in Region.objects.all())
    if code:
        raise RoadmapRefused(f"Субъекта РФ с кодом «{code}» нет. Есть: {known or 'ни одного'}.")
    raise RoadmapRefused(f"Укажите субъект РФ: --region КОД. Есть: {known}.")


def _as_json(outcome: Outcome) -> dict[str, Any]:
    """Lay out what was read for programs."""
    plan, roadmap = outcome.plan, outcome.roadmap
    return {
        "roadmap": roadmap.pk if roadmap else None,
        "edition": roadmap.edition if roadmap else None,
        "state": roadmap.state if roadmap else None,
        "owner": outcome.owner.name if outcome.owner else None,
        "created": outcome.created,
        "order": {"number": outcome.order_number, "date": outcome.order_date.isoformat()},
        "academic_year": plan.academic_year,
        "title": plan.title,
        "problems": list(plan.problems),
        "sections": [{"number": section.number, "title": section.title} for section in plan.sections],
        "items": [_item_as_json(item, section.number) for section in plan.sections for item in section.items],
    }


def _item_as_json(item: ItemPlan, section: str) -> dict[str, Any]:
    """Lay out one item for programs."""
    return {
        "section": section,
        "number": item.number,
        "title": item.title,
        "deadline": item.deadline_text,
        "kind": item.schedule.kind.value,
        "occurrences": [
            {
                "start": occurrence.start.isoformat() if occurrence.start else None,
                "due": occurrence.due.isoformat(),
            }
            for occurrence in item.schedule.occurrences
        ],
        "note": item.schedule.note,
        "bodies": [
            {
                "text": body.text,
                "organization": body.organization.name if body.organization else None,
                "group": body.group or None,
            }
            for body in item.bodies
            if body.is_resolved
        ],
        "unresolved": [body.text for body in item.bodies if not body.is_resolved],
        "expected_result": item.expected_result,
        "doubts": list(item.doubts),
    }


def _as_text(outcome: Outcome) -> str:
    """Tell people what was read and saved."""
    plan, roadmap = outcome.plan, outcome.roadmap
    sections = counted(len(plan.sections), "раздел", "раздела", "разделов")
    items = counted(len(plan.items), "мероприятие", "мероприятия", "мероприятий")
    order = f"Приказ № {outcome.order_number} от {outcome.order_date:%d.%m.%Y}"
    lines = [
        f"{order}, {AcademicYear(plan.academic_year)} учебный год",
        *([f"Своя дорожная карта: {outcome.owner.name}"] if outcome.owner else []),
        f"Прочитано: {sections}, {items}; без дат — {plan.undated}, требуют внимания — {plan.doubtful}.",
        *(f"  {problem}" for problem in plan.problems),
        *(line for item in plan.items for line in _doubts_of(item)),
    ]
    if roadmap is None:
        lines.append("Пробное чтение: ничего не сохранено.")
    elif outcome.created:
        lines.append(f"Сохранён проект: редакция {roadmap.edition}, запись {roadmap.pk}.")
    else:
        state = roadmap.get_state_display().lower()
        lines.append(
            f"Этот текст уже сохранён: редакция {roadmap.edition} ({state}), запись {roadmap.pk}. Новая не создана."
        )
    return "\n".join(lines)


def _doubts_of(item: ItemPlan) -> Sequence[str]:
    """Name what a person should look at in one item."""
    doubts = [f"  {item.number}: {doubt['message']}" for doubt in item.doubts]
    if not item.is_dated:
        doubts.append(f"  {item.number}: {item.reading}")
    return doubts + [
        f"  {item.number}: не распознан ответственный «{b.text}»" for b in item.bodies if not b.is_resolved
    ]
