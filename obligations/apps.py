"""The app's configuration."""

from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    """Duties of organizations, their evidence, review and chasing."""

    name = "obligations"
    verbose_name = "Поручения"
