"""The app's configuration."""

from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    """Дорожные карты."""

    name = "roadmap"
    verbose_name = "Дорожные карты"
