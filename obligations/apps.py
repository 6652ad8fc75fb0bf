"""The app's configuration."""

from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    """Поручения."""

    name = "obligations"
    verbose_name = "Поручения"
