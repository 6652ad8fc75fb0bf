"""The app's configuration."""

from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    """Roadmaps of orders: editions, items, deadlines, responsible bodies."""

    name = "roadmap"
    verbose_name = "Дорожные карты"
