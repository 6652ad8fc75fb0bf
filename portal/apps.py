"""The portal's own configuration."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin_apps


class PortalConfig(AppConfig):
    """Prepares the folders that an embedded installation works in."""

    default = True
    name = "portal"
    verbose_name = "Портал"

    def ready(self) -> None:
        """Make the folders of the file-system broker: Celery expects to find them."""
        options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
        folders = [value for key, value in options.items() if key.endswith(("folder", "_in", "_out"))]
        if not settings.PRODUCTION:
            # Empty here, the files are served from where they lie; WhiteNoise complains if it is missing.
            folders.append(settings.STATIC_ROOT)
        for folder in folders:
            Path(folder).mkdir(parents=True, exist_ok=True)


class PortalAdminConfig(admin_apps.AdminConfig):
    """Puts the portal's own site in the place of Django's."""

    default = False
    default_site = "portal.admin_site.PortalAdminSite"
