"""The app's configuration."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Files built in the background and kept for their owners."""

    name = "exports"
    verbose_name = "Выгрузки"
