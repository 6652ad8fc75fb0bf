"""The app's configuration."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Выгрузки."""

    name = "exports"
    verbose_name = "Выгрузки"
