"""The app of people and organizations."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class AccountsConfig(AppConfig):
    """Who is who."""

    name = "accounts"
    verbose_name = "Организации и пользователи"

    def ready(self) -> None:
        """Listen to sign-ins; refuse roles that nobody can hold. Models exist only by now, hence the imports here."""
        from accounts import receivers  # noqa: F401, PLC0415
        from accounts.roles import Role  # noqa: PLC0415

        unknown = set(settings.REQUIRE_MFA_ROLES) - set(Role.values)
        if unknown:
            raise ImproperlyConfigured(f"REQUIRE_MFA_ROLES names unknown roles: {', '.join(sorted(unknown))}.")
