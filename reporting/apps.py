"""The app's configuration."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Reports over the whole region."""

    name = "reporting"
    verbose_name = "Отчётность"

    def ready(self) -> None:
        """Make this app's reports known; models exist only by now, hence the imports here."""
        from exports import registry  # noqa: PLC0415
        from reporting.exports.people import PEOPLE  # noqa: PLC0415
        from reporting.exports.readiness import READINESS  # noqa: PLC0415
        from reporting.exports.roadmap_progress import ROADMAP_PROGRESS  # noqa: PLC0415
        from reporting.exports.school_levels import SCHOOL_LEVELS  # noqa: PLC0415

        registry.register(PEOPLE)
        registry.register(READINESS)
        registry.register(ROADMAP_PROGRESS)
        registry.register(SCHOOL_LEVELS)
