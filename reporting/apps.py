"""The app's configuration."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Отчётность."""

    name = "reporting"
    verbose_name = "Отчётность"
