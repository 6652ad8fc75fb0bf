"""The app's configuration."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """Школы."""

    name = "schools"
    verbose_name = "Школы"
