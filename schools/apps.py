"""The app's configuration."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.db import router
from django.db.models.signals import post_migrate
from django.utils import timezone

from schools.reference import default_questions, federal_norms

# Order 2381: so many hours a year.
LEVELS = (("basic", "Базовый", 40), ("main", "Основной", 60), ("advanced", "Продвинутый", 80))


class SchoolsConfig(AppConfig):
    """Schools: profile, level by year, import of lists."""

    name = "schools"
    verbose_name = "Школы"

    def ready(self) -> None:
        """Keep levels there after every migration and flush, and make contacts and reports of this app known.

        Models exist only by now, hence the imports here.
        """
        from accounts import contacts  # noqa: PLC0415
        from exports import registry  # noqa: PLC0415
        from obligations import closing  # noqa: PLC0415
        from schools.calls.documents import CALL_LIST, OVERDUE_LETTERS  # noqa: PLC0415
        from schools.closing.plans import PLAN  # noqa: PLC0415
        from schools.closing.self_check import SELF_CHECK  # noqa: PLC0415
        from schools.contacts import contacts_of_schools  # noqa: PLC0415
        from schools.exports.plan_progress import PLANS_REPORT  # noqa: PLC0415
        from schools.exports.plans import PLAN_REPORT  # noqa: PLC0415
        from schools.exports.registry import SCHOOL_REGISTRY  # noqa: PLC0415

        contacts.register(contacts_of_schools)
        closing.register(PLAN)
        registry.register(PLAN_REPORT)
        closing.register(SELF_CHECK)
        registry.register(PLANS_REPORT)
        registry.register(CALL_LIST)
        registry.register(OVERDUE_LETTERS)
        registry.register(SCHOOL_REGISTRY)
        post_migrate.connect(add_missing_levels, sender=self)
        post_migrate.connect(add_missing_norms, sender=self)
        post_migrate.connect(add_missing_questions, sender=self)


def add_missing_levels(using: str, apps: Any = installed_apps, **_kwargs: Any) -> None:
    """Add the levels of the order where there are none at all; what people have made of them stays."""
    try:
        level = apps.get_model("schools", "Level")
    except LookupError:
        return
    if router.allow_migrate_model(using, level) and not level.objects.using(using).exists():
        level.objects.using(using).bulk_create(
            level(code=code, title=title, hours=hours) for code, title, hours in LEVELS
        )


def add_missing_norms(using: str, apps: Any = installed_apps, **_kwargs: Any) -> None:
    """Add the directions and the federal norms as published where there are none at all."""
    try:
        level, direction, norm_set, norm = (
            apps.get_model("schools", name) for name in ("Level", "Direction", "NormSet", "Norm")
        )
    except LookupError:
        return
    if not router.allow_migrate_model(using, norm_set) or norm_set.objects.using(using).exists():
        return
    content = federal_norms()
    directions = {
        row["code"]: direction.objects.using(using).get_or_create(
            code=row["code"], defaults={**row, "position": place}
        )[0]
        for place, row in enumerate(content["directions"], start=1)
    }
    norms = norm_set.objects.using(using).create(
        academic_year=content["academic_year"], basis=content["basis"], at=timezone.now()
    )
    rows = []
    for found in level.objects.using(using).filter(code__in=content["levels"]):
        asked = content["levels"][found.code]
        rows.append(norm(norms=norms, level=found, hours=asked["total"]))
        rows += [
            norm(norms=norms, level=found, direction=directions[code], hours=hours)
            for code, hours in asked["hours"].items()
        ]
        rows += [
            norm(norms=norms, level=found, direction=directions[code], is_required=True) for code in asked["required"]
        ]
    norm.objects.using(using).bulk_create(rows)


def add_missing_questions(using: str, apps: Any = installed_apps, **_kwargs: Any) -> None:
    """Add the default questions of the self-check where there are none at all."""
    try:
        edition, question = (apps.get_model("schools", name) for name in ("SelfCheckForm", "SelfCheckQuestion"))
    except LookupError:
        return
    if not router.allow_migrate_model(using, edition) or edition.objects.using(using).exists():
        return
    content, now = default_questions(), timezone.now()
    form = edition.objects.using(using).create(
        academic_year=content["academic_year"], edition=1, basis=content["basis"], created_at=now, published_at=now
    )
    question.objects.using(using).bulk_create(
        question(
            form=form,
            key=row["key"],
            position=place,
            section=row["section"],
            text=row["text"],
            hint=row.get("hint", ""),
            kind=row["kind"],
            is_required=row.get("required", True),
            weight=row.get("weight", 0),
            wants_why=bool(row.get("weight")),
        )
        for place, row in enumerate(content["questions"], start=1)
    )
