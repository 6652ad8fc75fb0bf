"""The app's configuration."""

from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed_apps
from django.db import router
from django.db.models.signals import post_migrate

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
        from schools.calls.documents import CALL_LIST, OVERDUE_LETTERS  # noqa: PLC0415
        from schools.contacts import contacts_of_schools  # noqa: PLC0415

        contacts.register(contacts_of_schools)
        registry.register(CALL_LIST)
        registry.register(OVERDUE_LETTERS)
        post_migrate.connect(add_missing_levels, sender=self)


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
