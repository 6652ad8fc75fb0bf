"""The app's configuration."""

from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    """Roadmaps of orders: editions, items, deadlines, responsible bodies."""

    name = "roadmap"
    verbose_name = "Дорожные карты"

    def ready(self) -> None:
        """Make this app's reports known; models exist only by now, hence the imports here."""
        from exports import registry  # noqa: PLC0415
        from roadmap.exports import REPORTS  # noqa: PLC0415

        for report in REPORTS:
            registry.register(report)
