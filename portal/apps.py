"""The portal's own configuration."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class PortalConfig(AppConfig):
    """Prepares the folders that an embedded installation works in."""

    name = "portal"
    verbose_name = "Портал"

    def ready(self) -> None:
        """Make the folders of the file-system broker: Celery expects to find them."""
        folders = [value for key, value in settings.CELERY_BROKER_TRANSPORT_OPTIONS.items() if key.endswith(("folder", "_in", "_out"))]
        for folder in folders:
            Path(folder).mkdir(parents=True, exist_ok=True)
