"""The app's configuration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ObligationsConfig(AppConfig):
    """Duties of organizations, their evidence, review and chasing."""

    name = "obligations"
    verbose_name = "Поручения"

    def ready(self) -> None:
        """Have this app's report known, finished exports told, and the tallies' triggers put back in time.

        Tables may have been altered by a migration; altered, they lose the triggers.

        Models exist only by now, hence the imports here.
        """
        from exports import registry  # noqa: PLC0415
        from obligations.exports.returns import RETURNS  # noqa: PLC0415
        from obligations.notices import tell_export  # noqa: PLC0415

        registry.when_finished(tell_export)
        registry.register(RETURNS)
        pre_migrate.connect(_before_tables_change, sender=self)
        post_migrate.connect(_after_tables_changed, sender=self)


def _before_tables_change(*, using: str, **_: Any) -> None:
    """Models exist only by now, hence the import here."""
    from obligations import tallies  # noqa: PLC0415

    tallies.remove(using)


def _after_tables_changed(*, using: str, **_: Any) -> None:
    """Models exist only by now, hence the import here."""
    from obligations import tallies  # noqa: PLC0415

    tallies.install(using)
