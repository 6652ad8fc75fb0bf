"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SchoolsConfig(AppConfig):
    """Schools: their profile, level by year and the import of their lists."""

    name = "schools"
    verbose_name = "Школы"

    def ready(self) -> None:
        """Keep the levels present. Models cannot be imported before the apps are ready."""
        reference = import_module("schools.reference")
        post_migrate.connect(reference.ensure_levels, sender=self, dispatch_uid="schools.ensure_levels")
